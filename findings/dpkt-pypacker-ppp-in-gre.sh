#!/usr/bin/env bash
# dpkt 1.9.8 and pypacker 5.4 (PyPI): each reads one half of a PPTP session's PPP frames, and not the same half.
#
# Expected: either takes PPP out of GRE. RFC 1661 has the protocol first, and RFC 2637, 4 puts a PPP packet into GRE.
#   Address and Control (ff 03) come first where the peers have not agreed to leave them out (RFC 1661, 6.6), and
#   always before LCP, so one capture has both forms.
# Seen: dpkt's PPP takes the first two bytes for Address and Control whatever they are: in a frame without them the
#   protocol IP (0021) is "addr 0x00, cntrl 0x21", and the protocol becomes the byte after it, here 69, which is
#   IP's 0x45. pypacker takes the first byte for the protocol: the frame with them has the protocol ff.
#   Neither raises.
# Output seen:
#   with ff 03: dpkt IP, pypacker protocol ff and nothing in it
#   without:    dpkt addr 0x00 cntrl 0x21 protocol 69, pypacker IP
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir"
"$dir/bin/pip" --quiet --disable-pip-version-check install dpkt==1.9.8 pypacker==5.4

saw=$("$dir/bin/python" - <<'PYTHON'
import struct

import dpkt
from pypacker.layer3.ip import IP
from pypacker.layer12.ppp import PPP

inner = bytes(dpkt.ip.IP(src=bytes([10, 64, 0, 1]), dst=bytes([10, 64, 0, 2]), p=17, data=dpkt.udp.UDP(dport=53)))


def by_dpkt(frame):
    gre = struct.pack('!HHHHI', 0x3001, 0x880B, len(frame), 7, 1) + frame  # key and sequence number, version 1
    ppp = dpkt.gre.GRE(gre).data
    if isinstance(ppp.data, dpkt.ip.IP):
        return 'IP'
    return f'addr {ppp.addr:#04x} cntrl {ppp.cntrl:#04x} protocol {ppp.p}'


def by_pypacker(frame):
    ppp = PPP(frame)
    return 'IP' if ppp[IP] else f'protocol {ppp.header_bytes.hex()} and nothing in it'


for name, start in ('with ff 03:', b'\xff\x03\x00\x21'), ('without:   ', b'\x00\x21'):
    print(f'{name} dpkt {by_dpkt(start + inner)}, pypacker {by_pypacker(start + inner)}')
PYTHON
)
printf '%s\n' "$saw"

[ "$saw" = 'with ff 03: dpkt IP, pypacker protocol ff and nothing in it
without:    dpkt addr 0x00 cntrl 0x21 protocol 69, pypacker IP' ] || { echo 'This has changed.' >&2; exit 1; }
