"""Traffic through a tunnel, both ways, until a file appears: traffic.py PINGED HOST PORT STOP

- two pings a second to PINGED, each counted; the answers of those under way at the end are waited for
- one TCP connection to HOST:PORT, which sends back what it gets: random bytes, 8 KiB a second

More than that takes an emulated fleet's time from what is done to it. STOP.begun appears once both have come back; STOP.came
says how many bytes have; STOP.now ends it without waiting for anything. Prints JSON: pings `sent` and `received`, `bytes`
that came back, whether they are `whole` (all that were sent, unharmed), and `silence`: the longest time, in seconds, in
which none came.
"""

import hashlib
import json
import os
import socket
import struct
import sys
import threading
import time

PINGED, HOST, PORT, STOP = sys.argv[1:5]
IDENT = os.getpid() & 0xFFFF
LAST_ANSWERS = 5  # seconds


def stopped():
    return os.path.exists(STOP)


def ended():
    while not os.path.exists(STOP + ".now"):
        time.sleep(0.5)
    os._exit(1)


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF


def echo_request(number):
    body = struct.pack("!HH", IDENT, number) + bytes(56)
    return struct.pack("!BBH", 8, 0, checksum(b"\x08\x00\x00\x00" + body)) + body


sent, received = 0, set()
icmp = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)


def answers():
    while True:
        packet = icmp.recv(2048)
        header = (packet[0] & 0x0F) * 4
        kind, _, _, ident, number = struct.unpack_from("!BBHHH", packet, header)
        if kind == 0 and ident == IDENT:
            received.add(number)


def pings():
    global sent
    while not stopped():
        icmp.sendto(echo_request(sent), (PINGED, 0))
        sent += 1
        time.sleep(0.5)
    end = time.monotonic() + LAST_ANSWERS
    while len(received) < sent and time.monotonic() < end:
        time.sleep(0.1)


connection = socket.create_connection((HOST, int(PORT)), 30)
connection.settimeout(None)
ours, theirs = hashlib.sha256(), hashlib.sha256()
came, silence = 0, 0.0


def comes():
    global came, silence
    last = time.monotonic()
    while data := connection.recv(65536):
        theirs.update(data)
        came += len(data)
        now = time.monotonic()
        silence, last = max(silence, now - last), now
        with open(STOP + ".new", "w") as file:
            file.write(str(came))
        os.replace(STOP + ".new", STOP + ".came")


threading.Thread(target=ended, daemon=True).start()
threading.Thread(target=answers, daemon=True).start()
pinging, receiving = threading.Thread(target=pings), threading.Thread(target=comes)
pinging.start()
receiving.start()
begun = False
while not stopped():
    block = os.urandom(4096)
    connection.sendall(block)
    ours.update(block)
    time.sleep(0.5)
    if not begun and came > 0 and received:
        begun = True
        open(STOP + ".begun", "w").close()
connection.shutdown(socket.SHUT_WR)
receiving.join()
pinging.join()
whole = ours.digest() == theirs.digest()
print(json.dumps({"sent": sent, "received": len(received), "bytes": came, "whole": whole, "silence": round(silence, 1)}))
