"""A balancer node's health checks and choice of targets: health.py CONFIG STATE, in the node's namespace.

CONFIG is a JSON list of listeners (network/balancer.ts, healthConfig), read again whenever it changes. A target is checked from
the node's own address every `interval` seconds; a new target is healthy after its first good check, and an unhealthy one
after `healthyThreshold` of them in a row (AWS: Health checks for Network Load Balancer target groups). STATE tells
what was seen: a JSON object "address:port" -> "initial" | "healthy" | "unhealthy".

A target's number in the rules is the last 16 bits of its address: it stays the same when others come and go.
"""

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time

CONFIG, STATE = sys.argv[1:3]
changed = threading.Condition()
health = {}  # "address:port" -> "initial" | "healthy" | "unhealthy"


def key(target):
    return f"{target['address']}:{target['port']}"


def number(target):
    return int.from_bytes(socket.inet_aton(target["address"])[2:], "big")


def matches(status, matcher):
    for part in matcher.split(","):
        first, _, last = part.partition("-")
        if int(first) <= status <= int(last or first):
            return True
    return False


def passes(target, check):
    port = check["port"] or target["port"]
    try:
        if check["protocol"] == "TCP":
            socket.create_connection((target["address"], port), check["timeout"]).close()
            return True
        connection = http.client.HTTPConnection(target["address"], port, timeout=check["timeout"])
        try:
            connection.request("GET", check["path"], headers={"User-Agent": "ELB-HealthChecker/2.0"})
            return matches(connection.getresponse().status, check["matcher"])
        finally:
            connection.close()
    except (OSError, http.client.HTTPException):
        return False


def watch(target, check, current):
    """Checks one target until its settings change."""
    good = bad = 0
    while current():
        started = time.monotonic()
        ok = passes(target, check)
        good, bad = (good + 1, 0) if ok else (0, bad + 1)
        with changed:
            if not current():
                return
            before = health[key(target)]
            needed = 1 if before == "initial" else check["healthyThreshold"]
            after = before
            if ok and before != "healthy" and good >= needed:
                after = "healthy"
            elif not ok and before != "unhealthy" and bad >= check["unhealthyThreshold"]:
                after = "unhealthy"
            if after != before:
                health[key(target)] = after
                changed.notify()
        time.sleep(max(0.1, check["interval"] - (time.monotonic() - started)))


def choice(listener):
    """The lines of the chain `choose` for one listener."""
    targets = listener["targets"]
    healthy = [each for each in targets if health[key(each)] == "healthy"]
    eligible = healthy or targets  # fail open
    if not eligible:
        return []
    port = f"tcp dport {listener['port']}"
    numbers = ", ".join(str(number(each)) for each in eligible)
    spread = ", ".join(f"{i} : {number(each)}" for i, each in enumerate(eligible))
    table = ", ".join(f"{number(each)} : {each['address']} . {each['port']}" for each in eligible)
    random = f"meta mark set numgen random mod {len(eligible)} map {{ {spread} }}"
    lines = [f"{port} meta mark set 0"]
    if listener["sticky"]:
        lines.append(f"{port} meta mark set ip saddr map @sticky")
        # What is there already, `update` leaves as it is.
        lines.append(f"{port} meta mark != {{ {numbers} }} delete @sticky {{ ip saddr : meta mark }}")
        lines.append(f"{port} meta mark != {{ {numbers} }} {random}")
        lines.append(f"{port} update @sticky {{ ip saddr : meta mark }}")
    else:
        lines.append(f"{port} {random}")
    lines.append(f"{port} dnat ip to meta mark map {{ {table} }}")
    return lines


def end_connections(target):
    subprocess.run(
        ["conntrack", "-D", "-p", "tcp", "--reply-src", target["address"], "--reply-port-src", str(target["port"])],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def publish(rules, listeners, ended):
    subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True)
    for listener in listeners:
        for target in listener["targets"]:
            unhealthy = health[key(target)] == "unhealthy"
            if unhealthy and listener["terminateUnhealthy"] and key(target) not in ended:
                end_connections(target)
            ended.add(key(target)) if unhealthy else ended.discard(key(target))


def tell(seen):
    with open(STATE + ".new", "w") as out:
        out.write(seen)
    os.replace(STATE + ".new", STATE)


def follow(listeners, running):
    """Starts and ends watchers, one for each target and the way in which it is checked."""
    wanted = {
        (json.dumps(target), json.dumps(each["healthCheck"])): (target, each["healthCheck"])
        for each in listeners
        for target in each["targets"]
    }
    for gone in set(running) - set(wanted):
        del running[gone]
    # A target that comes back is a new one.
    for gone in set(health) - {key(target) for target, _ in wanted.values()}:
        del health[gone]
    for new in set(wanted) - set(running):
        target, check = wanted[new]
        # A check that differs begins with what the one before it knew.
        health.setdefault(key(target), "initial")
        token = running[new] = object()
        current = lambda new=new, token=token: running.get(new) is token
        threading.Thread(target=watch, args=(target, check, current), daemon=True).start()


def main():
    running = {}  # (target, check) -> the token that lets its watcher go on
    ended = set()
    text, listeners, last = None, [], None
    while True:
        with open(CONFIG) as file:
            now = file.read()
        with changed:
            if now != text:
                text, listeners = now, json.loads(now)
                follow(listeners, running)
            rules = "flush chain ip balancer choose\n" + "".join(
                f"add rule ip balancer choose {line}\n" for each in listeners for line in choice(each)
            )
            seen = json.dumps({key(each): health[key(each)] for listener in listeners for each in listener["targets"]})
            if (rules, seen) != last:
                publish(rules, listeners, ended)
                tell(seen)
                last = (rules, seen)
            changed.wait(0.5)


main()
