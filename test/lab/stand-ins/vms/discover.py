"""discover.py MAC: a DHCPDISCOVER on eth0; prints the offer as "address router dns mtu name", nothing without one."""
import os, select, socket, struct, sys

mac = bytes.fromhex(sys.argv[1].replace(":", ""))
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0")
sock.bind(("0.0.0.0", 68))
head = struct.pack(">BBBB4sHH16x16s", 1, 1, 6, 0, os.urandom(4), 0, 0x8000, mac)
options = bytes([53, 1, 1, 55, 4, 3, 6, 12, 26, 255])  # discover; asks for router, DNS, name, MTU
sock.sendto(head + bytes(192) + b"\x63\x82\x53\x63" + options, ("255.255.255.255", 67))
if select.select([sock], [], [], 5)[0]:
    offer = sock.recv(2048)
    found, rest = {}, offer[240:]
    while rest and rest[0] != 255:
        found[rest[0]], rest = rest[2 : 2 + rest[1]], rest[2 + rest[1] :]
    print(*[socket.inet_ntoa(each) for each in (offer[16:20], found[3], found[6])],
          int.from_bytes(found[26], "big"), found[12].decode())
