"""TCP in the VPC's guest: the machines' side, and the callers'.

serve FOLDER NAME …        on 1723 of each namespace: says "NAME ADDRESS" (whom it sees) and sends back each line; after
                           the line "speak FILE" it speaks by itself once FILE is there, and writes to FILE.end how that
                           ended. On 8723: HTTP with the statuses of FOLDER/NAME.statuses ("503,200"), one after the other
                           and from the beginning again, on the path "/"; a line in FOLDER/health.log each.
dial HOST PORT SECONDS TIMES [SOURCE …]   as many calls from each source, one after the other; prints what each was told,
                           or how it failed ("refused", "nothing": the last), as JSON
hold HOST PORT FILE [FIRST LINE]   one call, kept: FILE.up has what it was told. Once FILE is there it sends a line, and
                           prints how that ended: "alive", "reset", "nothing"
"""

import ctypes
import json
import os
import socket
import sys
import threading
import time

libc = ctypes.CDLL(None, use_errno=True)


def enter(namespace):
    with open(f"/run/netns/{namespace}") as file:
        if libc.setns(file.fileno(), 0x40000000):
            raise OSError(ctypes.get_errno(), namespace)


def wait_for(path):
    while not os.path.exists(path):
        time.sleep(0.05)


def write(path, text):
    with open(path + ".new", "w") as file:
        file.write(text)
    os.replace(path + ".new", path)


def listen(name, port, serve_one):
    server = socket.create_server(("0.0.0.0", port), backlog=128)

    def accept():
        while True:
            connection, peer = server.accept()
            threading.Thread(target=serve_one, args=(name, connection, peer[0]), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()


def greet(name, connection, peer):
    try:
        connection.sendall(f"{name} {peer}\n".encode())
        for line in connection.makefile():
            if line.startswith("speak "):
                file = line.split()[1]
                wait_for(file)
                write(file + ".end", exchange(connection, b"spoken\n"))
            else:
                connection.sendall(line.encode())
        connection.close()
    except OSError:
        pass


def exchange(connection, line):
    """How it ends to say a line to somebody who sends lines back."""
    connection.settimeout(20)
    try:
        connection.sendall(line)
        return "alive" if connection.recv(100) else "closed"
    except ConnectionResetError:
        return "reset"
    except OSError:
        return "nothing"


asked = {}
lock = threading.Lock()


def health(name, connection, peer):
    try:
        request = connection.makefile().readline().split()
        # Who only connects asks for no page.
        path = request[1] if request else "-"
        with lock:
            with open(f"{FOLDER}/{name}.statuses") as file:
                statuses = file.read().strip()
            before, count = asked.get(name, (None, 0))
            count = count if statuses == before else 0
            asked[name] = (statuses, count + 1)
            status = statuses.split(",")[count % len(statuses.split(","))] if path in "/-" else "404"
            with open(f"{FOLDER}/health.log", "a") as log:
                log.write(f"{name} {peer} {path} {status}\n")
        if status == "slow":
            time.sleep(3)
            status = "200"
        connection.sendall(f"HTTP/1.1 {status} -\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
    except OSError:
        pass
    connection.close()


def call(host, port, seconds, source):
    try:
        with socket.create_connection((host, port), seconds, (source, 0) if source else None) as connection:
            return connection.makefile().readline().strip() or "nothing"
    except ConnectionRefusedError:
        return "refused"
    except OSError:
        return "nothing"


def keep(host, port, file, first):
    connection = socket.create_connection((host, port), 20)
    told = connection.recv(100).decode().strip()
    if first:
        connection.sendall(first.encode() + b"\n")
    write(file + ".up", told)
    if not first:
        wait_for(file)
        return exchange(connection, b"asked\n")
    connection.settimeout(None)
    threading.Thread(target=send_back, args=(connection,), daemon=True).start()
    wait_for(file + ".end")
    return "ended"


def send_back(connection):
    try:
        for line in connection.makefile():
            connection.sendall(line.encode())
    except OSError:
        pass


verb, *rest = sys.argv[1:]
if verb == "serve":
    FOLDER, *names = rest
    for each in names:
        enter(each)
        write(f"{FOLDER}/{each}.statuses", "200")
        listen(each, 1723, greet)
        listen(each, 8723, health)
    write(f"{FOLDER}/serves", "")
    threading.Event().wait()
elif verb == "dial":
    host, port, seconds, times, *sources = rest
    told = []
    for source in [each for each in sources or [""] for _ in range(int(times))]:
        told.append(call(host, int(port), float(seconds), source))
        if told[-1] == "nothing":  # those that follow would each take as long
            break
    print(json.dumps(told))
elif verb == "hold":
    print(keep(rest[0], int(rest[1]), rest[2], " ".join(rest[3:])))
