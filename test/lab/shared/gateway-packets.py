"""Packets made by hand. Reads an order, and prints what arrived, as JSON:

{"from": NAMESPACE, "packets": [{"source", "destination", "protocol", "payload": hex, "df", "pieces"}],
 "watch": [[NAMESPACE, PROTOCOL], ...]}

Each packet is sent in `pieces` fragments. A watcher sees whole packets, as a daemon with a raw socket does, until
half a second passes without one. With PROTOCOL 0 it sees what comes in by any of the namespace's cards, fragments by
themselves, whether they are for it or are passed on, with their protocol and TTL; as there may always be some, it ends
after half a second.
"""
import ctypes, json, os, select, socket, struct, sys, time

libc = ctypes.CDLL(None, use_errno=True)
EVERY, ETH_P_IP, PACKET_OUTGOING = 0, 0x0800, 4


def socket_in(namespace, protocol):
    """A socket stays in the namespace that it was made in."""
    with open(f"/run/netns/{namespace}") as file:
        if libc.setns(file.fileno(), 0x40000000):
            raise OSError(ctypes.get_errno(), namespace)
    if protocol == EVERY:
        return socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_IP))
    return socket.socket(socket.AF_INET, socket.SOCK_RAW, protocol)


def checksummed(segment, source, destination):
    """A TCP segment with its checksum (RFC 9293, 3.1): without one a kernel neither answers nor tracks it."""
    words = socket.inet_aton(source) + socket.inet_aton(destination) + struct.pack(">HH", 6, len(segment)) + segment
    total = sum(struct.unpack(f">{len(words) // 2}H", words))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return segment[:16] + struct.pack(">H", ~total & 0xFFFF) + segment[18:]


def pieces(packet, number):
    payload = bytes.fromhex(packet["payload"])
    if packet["protocol"] == socket.IPPROTO_TCP:
        payload = checksummed(payload, packet["source"], packet["destination"])
    count = packet.get("pieces", 1)
    size = -(-len(payload) // count // 8) * 8 if count > 1 else len(payload)
    for at in range(0, max(len(payload), 1), max(size, 1)):
        part = payload[at : at + size]
        flags = (0x4000 if packet.get("df") else 0) | (0x2000 if at + size < len(payload) else 0) | at // 8
        yield struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(part), number, flags, 64, packet["protocol"], 0,
                          socket.inet_aton(packet["source"]), socket.inet_aton(packet["destination"])) + part


order = json.load(sys.stdin)
watchers = [socket_in(*each) for each in order["watch"]]
sender = socket_in(order["from"], socket.IPPROTO_RAW)
seen = [[] for _ in watchers]


def receive(quiet):
    end = time.monotonic() + quiet
    while ready := select.select(watchers, [], [], max(0, end - time.monotonic()))[0]:
        for watcher in ready:
            packet, address = watcher.recvfrom(65535)
            every = watcher.family == socket.AF_PACKET
            if not every:
                end = time.monotonic() + quiet
            elif address[2] == PACKET_OUTGOING:
                continue
            seen[watchers.index(watcher)].append({
                "source": socket.inet_ntoa(packet[12:16]),
                "destination": socket.inet_ntoa(packet[16:20]),
                "df": bool(packet[6] & 0x40),
                "payload": packet[20:].hex(),
                **({"protocol": packet[9], "ttl": packet[8]} if every else {}),
            })


for number, packet in enumerate(order["packets"], 1):
    for piece in pieces(packet, number):
        sender.sendto(piece, (packet["destination"], 0))
    receive(0)
receive(0.5)
print(json.dumps(seen))
