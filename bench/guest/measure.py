"""One measurement of the server as it is: measure.py NAME [ARGUMENT …]. Prints a JSON object, name to number."""

import json
import random
import subprocess
import sys
import time

from clients import FAR, dial, end_all, fresh, in_namespace, until

# Seconds, for a dial of a server that has nothing else to do; and tries, as stock pptpd drops one in fifty to a
# hundred back-to-back dials as a "slow initial connection".
DIAL_CAP = 20
DIAL_TRIES = 3
CGROUP = "/sys/fs/cgroup/system.slice/pptpd.service"


def dialled(number: int) -> None:
    for _ in range(DIAL_TRIES):
        if dial(number, DIAL_CAP) is not None:
            return
        end_all(f"c{number}")
    raise SystemExit(f"client {number} has no tunnel after {DIAL_TRIES} dials of {DIAL_CAP} s")


def daemon_cpu() -> float:
    """CPU seconds of pptpd.service so far: pptpd, pptpctrl and pppd."""
    with open(f"{CGROUP}/cpu.stat") as file:
        return int(dict(line.split() for line in file)["usage_usec"]) / 1e6


def alone() -> bool:
    """Whether pptpd has no session: none of its processes but itself."""
    with open(f"{CGROUP}/cgroup.procs") as file:
        return len(file.read().split()) == 1


def iperf(number: int, seconds: int, *options: str) -> subprocess.Popen:
    """A client's iperf3 through its tunnel; `timeout` for a tunnel that ends under it."""
    command = ["timeout", f"{seconds + 30}", "iperf3", "-J", "-c", FAR, "-p", f"{5200 + number}"]
    return subprocess.Popen(
        in_namespace(f"c{number}", *command, "-t", f"{seconds}", *options), stdout=subprocess.PIPE, text=True
    )


def received(process: subprocess.Popen) -> dict | None:
    """iperf3's sum at the receiving end; None where the transfer did not come to its end."""
    said, _ = process.communicate()
    try:
        return json.loads(said)["end"]["sum_received"]
    except (ValueError, KeyError):
        return None


def tcp(tunnels: int, seconds: int) -> dict:
    """Each way: Mbit/s in all tunnels together, the daemon's CPU milliseconds for a megabyte, tunnels that broke."""
    result = {}
    fresh()
    for number in range(1, tunnels + 1):
        dialled(number)
    for way, options in {"up": [], "down": ["-R"]}.items():
        cpu = daemon_cpu()
        running = [iperf(number, seconds, *options) for number in range(1, tunnels + 1)]
        sums = [received(each) for each in running]
        cpu = daemon_cpu() - cpu
        moved = sum(each["bytes"] for each in sums if each)
        result[way] = sum(each["bits_per_second"] for each in sums if each) / 1e6 if moved else None
        result[f"{way}-lost"] = sums.count(None)
        result[f"{way}-cpu"] = cpu * 1000 / (moved / 1e6) if moved else None
    return result


def small(seconds: int) -> dict:
    """UDP with 64 bytes of data: packets a second that arrive, each way, from a sender that the path alone holds back."""
    result = {}
    fresh()
    dialled(1)
    for way, options in {"up": [], "down": ["-R"]}.items():
        arrived = received(iperf(1, seconds, "-u", "-b", "0", "-l", "64", *options))
        result[way] = (arrived["packets"] - arrived["lost_packets"]) / arrived["seconds"] if arrived else None
    return result


def busy_dial(silent: int, sources: str, cap: int) -> dict:
    """Seconds that a dial takes while `silent` connections to TCP 1723 say nothing, from `one` address or `many`."""
    fresh()
    crowd = None
    if silent > 0:
        command = ["python3", "/opt/bench/silent.py", f"{silent}", sources]
        crowd = subprocess.Popen(in_namespace("crowd", *command), stdout=subprocess.PIPE, text=True)
        crowd.stdout.readline()
        # At no fixed place among the crowd's own retries.
        time.sleep(random.uniform(1, 3))
    seconds = dial(1, cap)
    if crowd:
        crowd.kill()
    return {"seconds": seconds}


def vanished(cap: int) -> dict:
    """Seconds until the server has given up a client of which nothing is heard any more."""
    fresh()
    dialled(1)
    time.sleep(5)
    # Dropped behind ARP, which still answers: beside an EC2 server is always the VPC's router.
    silence = "table ip gone { chain o { type filter hook output priority raw; policy drop; }; \
        chain i { type filter hook prerouting priority raw; policy drop; }; }"
    subprocess.run(in_namespace("c1", "nft", silence), check=True)
    return {"seconds": until(alone, cap)}


MEASUREMENTS = {
    "tcp": lambda tunnels, seconds: tcp(int(tunnels), int(seconds)),
    "small": lambda seconds: small(int(seconds)),
    "dial": lambda silent, sources, cap: busy_dial(int(silent), sources, int(cap)),
    "vanished": lambda cap: vanished(int(cap)),
}

name, *arguments = sys.argv[1:]
print(json.dumps(MEASUREMENTS[name](*arguments)))
