"""gre-calls.py DESTINATION FIRST CALLS PACKETS: from one address, PACKETS of each of CALLS PPTP calls, in turns.

What is in them is no PPP frame that a kernel looks into: compressed (0x00fd), as MPPE's are.
"""
import socket, struct, sys, time

destination = sys.argv[1]
first, calls, packets = map(int, sys.argv[2:])
sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_GRE)
payload = struct.pack(">HH", 0xFF03, 0x00FD) + bytes(96)
for sequence in range(packets):
    for call in range(first, first + calls):
        # K and S, version 1; PPP; the payload's length and the call ID are the key (RFC 2637, 4.1).
        sock.sendto(struct.pack(">HHHHI", 0x3001, 0x880B, len(payload), call, sequence) + payload, (destination, 0))
        time.sleep(0.002)  # an emulated card takes few at once
