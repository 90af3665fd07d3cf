"""Packets for cloud.test.ts, on raw sockets.

send PROTOCOL DESTINATION BYTES [SOURCE]   one IP packet with that much payload; send-whole: one that may not be cut
receive PROTOCOL SECONDS [BYTES]           prints "source destination ttl length" of the first one that is at least
                                           BYTES long, nothing where none comes; "ready" before it listens
"""
import select, socket, struct, sys, time

verb, protocol = sys.argv[1], int(sys.argv[2])
sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, protocol)
if verb.startswith("send"):
    destination, size = sys.argv[3], int(sys.argv[4])
    if len(sys.argv) > 5:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_HDRINCL, 1)
        header = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + size, 0, 0, 64, protocol, 0,
                             socket.inet_aton(sys.argv[5]), socket.inet_aton(destination))
        sock.sendto(header + bytes(size), (destination, 0))
    else:
        # IP_MTU_DISCOVER: fragment, or DF whatever the path is known to carry (IP_PMTUDISC_PROBE).
        sock.setsockopt(socket.IPPROTO_IP, 10, 3 if verb == "send-whole" else 0)
        sock.sendto(bytes(size), (destination, 0))
else:
    end = time.monotonic() + float(sys.argv[3])
    smallest = int(sys.argv[4]) if len(sys.argv) > 4 else 0
    print("ready", flush=True)
    while (left := end - time.monotonic()) > 0 and select.select([sock], [], [], left)[0]:
        packet = sock.recv(65535)
        if len(packet) >= smallest:
            print(socket.inet_ntoa(packet[12:16]), socket.inet_ntoa(packet[16:20]), packet[8], len(packet))
            break
