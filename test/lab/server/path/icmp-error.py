"""icmp-error.py TYPE CODE SERVER CLIENT: an ICMP error to SERVER about a GRE packet that it sent to CLIENT."""
import socket, struct, sys

kind, code, server, client = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
outer = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 60, 0, 0, 64, 47, 0, socket.inet_aton(server), socket.inet_aton(client))
gre = struct.pack(">HHHH", 0x3001, 0x880B, 12, 0)
mtu = 1300 if (kind, code) == (3, 4) else 0


def checksum(data: bytes) -> int:
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def error(check: int) -> bytes:
    return struct.pack(">BBHHH", kind, code, check, 0, mtu) + outer + gre


sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
sock.sendto(error(checksum(error(0))), (server, 0))
