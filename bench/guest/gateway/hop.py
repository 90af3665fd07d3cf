"""hop.py VARIANT: makes the gateway, sees that each packet arrives as it should, then measures. Prints a JSON object:
row to nanoseconds for a packet, the medians of many short bursts."""

import ctypes
import json
import os
import socket
import statistics
import subprocess
import sys
import time

FOLDER = "/opt/bench"
OWN, ROUTER = "10.42.16.20", "10.42.16.17"
# The gateway's own; the router's, which is nobody's here, so that what comes back is dropped at once; and another
# nobody's, so that the gateway drops at once.
GATEWAY_MAC, ROUTER_MAC, NOBODY_MAC = ("0242c0000001", "0242c00000fe", "0242c00000ff")
LINK_MAC = "0242c0000002"

# Packets to a system call, its most; and system calls to a reading.
BURST, BURSTS = 1000, 21


def run(*command: str) -> str:
    done = subprocess.run(command, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed: {done.stderr or done.stdout}")
    return done.stdout


def inside(*command: str) -> str:
    return run("ip", "netns", "exec", "gateway", *command)


def enter(namespace: str) -> None:
    """From here on this process sends and receives there."""
    with open(f"/run/netns/{namespace}") as file:
        os.setns(file.fileno(), os.CLONE_NEWNET)


def colons(mac: str) -> str:
    return ":".join(mac[i : i + 2] for i in range(0, 12, 2))


def make_gateway(variant: str) -> None:
    """A new namespace: nothing of the variant before is left, neither hooks nor entries."""
    subprocess.run(["ip", "netns", "delete", "gateway"], stderr=subprocess.DEVNULL)
    run("ip", "netns", "add", "gateway")
    link = ["vpc", "mtu", "9001", "address", colons(LINK_MAC)]
    peer = ["eth0", "mtu", "9001", "address", colons(GATEWAY_MAC), "netns", "gateway"]
    run("ip", "link", "add", *link, "type", "veth", "peer", "name", *peer)
    with open("/proc/sys/net/ipv6/conf/vpc/disable_ipv6", "w") as file:
        file.write("1")
    run("ip", "link", "set", "vpc", "up")
    inside("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1")
    inside("/usr/lib/systemd/systemd-sysctl", "/etc/sysctl.d/90-pptp-fleet.conf")
    inside("ip", "link", "set", "lo", "up")
    inside("ip", "link", "set", "eth0", "up")
    inside("ip", "address", "add", f"{OWN}/28", "dev", "eth0")
    inside("ip", "neighbour", "add", ROUTER, "lladdr", colons(ROUTER_MAC), "dev", "eth0", "nud", "permanent")
    inside("ip", "route", "add", "default", "via", ROUTER)
    inside("bash", f"{FOLDER}/{variant}.sh")


class Burst:
    """Frames that one system call sends: sendmmsg(2) over a packet socket."""

    class Iovec(ctypes.Structure):
        _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]

    class Header(ctypes.Structure):
        _fields_ = [
            *[("name", ctypes.c_void_p), ("namelen", ctypes.c_uint32), ("iov", ctypes.c_void_p)],
            *[("iovlen", ctypes.c_size_t), ("control", ctypes.c_void_p), ("controllen", ctypes.c_size_t)],
            *[("flags", ctypes.c_int), ("sent", ctypes.c_uint32), ("padding", ctypes.c_uint32)],
        ]

    libc = ctypes.CDLL(None, use_errno=True)

    def __init__(self, mac: str, packets: list[bytes], count: int) -> None:
        frames = [bytes.fromhex(mac + LINK_MAC + "0800") + packet for packet in packets]
        self.kept = [ctypes.create_string_buffer(frame, len(frame)) for frame in frames]
        vectors = [self.Iovec(ctypes.addressof(each), len(each)) for each in self.kept]
        self.iovecs = (self.Iovec * count)(*[vectors[i % len(vectors)] for i in range(count)])
        self.headers = (self.Header * count)()
        for i, header in enumerate(self.headers):
            header.iov = ctypes.addressof(self.iovecs) + i * ctypes.sizeof(self.Iovec)
            header.iovlen = 1
        self.count = count

    def send(self, sock: socket.socket) -> None:
        sent = self.libc.sendmmsg(sock.fileno(), self.headers, self.count, 0)
        if sent != self.count:
            raise SystemExit(f"sent {sent} of {self.count}: {os.strerror(ctypes.get_errno())}")


def sender() -> socket.socket:
    # Protocol 0: it receives nothing, so nothing is copied to it.
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    sock.bind(("vpc", 0))
    return sock


def datagram(trimmed: str) -> bytes:
    start = bytes.fromhex(trimmed)
    return start.ljust(int.from_bytes(start[2:4], "big"), b"\0")


def folded(data: bytes) -> int:
    """The internet's checksum over data that has one: 0xffff where it holds."""
    total = sum(int.from_bytes(data[i : i + 2], "big") for i in range(0, len(data) & ~1, 2))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def holds(packet: bytes) -> bool:
    """Whether the checksums of a packet do, which the gateway had to mend."""
    if folded(packet[:20]) != 0xFFFF:
        return False
    if packet[9] != socket.IPPROTO_TCP:
        return True
    return folded(packet[12:20] + bytes([0, 6]) + (len(packet) - 20).to_bytes(2, "big") + packet[20:]) == 0xFFFF


def see_arrivals(name: str, packets: list[bytes], arrives: list[str]) -> None:
    """Sends each packet once. Nothing is measured of a gateway that does not do its work."""
    ear = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
    ear.bind(("vpc", 0x0800))
    ear.settimeout(1)
    sock = sender()
    for packet, ends in zip(packets, arrives, strict=True):
        Burst(GATEWAY_MAC, [packet], 1).send(sock)
        try:
            frame, (_, _, kind, *_) = ear.recvfrom(2000)
            while kind == socket.PACKET_OUTGOING:
                frame, (_, _, kind, *_) = ear.recvfrom(2000)
        except TimeoutError:
            raise SystemExit(f"{name}: {packet[:40].hex()} did not arrive") from None
        got = frame[14:]
        same = got[12:20].hex() == ends and got[8] == packet[8] - 1 and got[20:36] == packet[20:36]
        if frame[:6].hex() != ROUTER_MAC or not same or len(got) != len(packet) or not holds(got):
            raise SystemExit(f"{name}: {packet[:40].hex()} arrived as {frame[:54].hex()}, not at {ends}")
    ear.close()
    sock.close()


def nanoseconds(mac: str, packets: list[bytes]) -> float:
    """For a packet, of all that it sets off: a system call returns when its last packet has been dropped."""
    burst, sock = Burst(mac, packets, BURST), sender()
    taken = []
    for _ in range(BURSTS):
        started = time.monotonic_ns()
        burst.send(sock)
        taken.append(time.monotonic_ns() - started)
    sock.close()
    # The median: some bursts are interrupted.
    return statistics.median(taken) / BURST


def main(variant: str) -> None:
    with open(f"{FOLDER}/rows.json") as file:
        rows = json.load(file)
    enter("wire")
    make_gateway(variant)
    sent, arrives = ("plain", "plainArrives") if variant == "plain" else ("sent", "arrives")
    for row in rows:
        row["packets"] = [datagram(each) for each in row[sent]]
        see_arrivals(row["name"], row["packets"], row[arrives])
    result = {}
    for row in rows:
        before = received()
        result[row["name"]] = nanoseconds(GATEWAY_MAC, row["packets"])
        if received() - before != BURST * BURSTS:
            raise SystemExit(f"{row['name']}: {received() - before} of {BURST * BURSTS} packets came back")
        if variant == "plain":
            result[f"{row['name']}-door"] = nanoseconds(NOBODY_MAC, row["packets"])
    print(json.dumps(result))


def received() -> int:
    (link,) = json.loads(run("ip", "-j", "-s", "link", "show", "vpc"))
    return link["stats64"]["rx"]["packets"]


if __name__ == "__main__":
    main(sys.argv[1])
