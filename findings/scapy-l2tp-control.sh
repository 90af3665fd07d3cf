#!/usr/bin/env bash
# scapy 2.8.0 (PyPI): the attributes of an L2TP control message are read as a PPP frame.
#
# Expected: where the T bit says control message (RFC 2661, 3.1), what follows the header are AVPs (4.1), and scapy
#   shows them as such or as bytes: PPP is in data messages only.
# Seen: L2TP is bound to PPP without a condition. The first AVP's flags and length, 0x8008 (mandatory, 8 bytes), become
#   a PPP protocol, so each start of a tunnel is listed as PPP traffic, and `PPP in packet` is true of it.
# Output seen, for a Start-Control-Connection-Request:
#   control: UDP / L2TP / PPP / Raw, PPP protocol 0x8008
#   data:    UDP / L2TP / PPP / PPP_LCP_Configure, PPP protocol 0xc021
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir"
"$dir/bin/pip" --quiet --disable-pip-version-check install scapy==2.8.0

saw=$("$dir/bin/python" - <<'PYTHON'
import struct

from scapy.layers.inet import UDP
from scapy.layers.l2tp import L2TP
from scapy.layers.ppp import PPP, PPP_LCP_Configure


def avp(number, value):
    return struct.pack('!HHH', 0x8000 | 6 + len(value), 0, number) + value  # M bit, IETF's


request = b''.join([
    avp(0, b'\x00\x01'),  # message type: SCCRQ
    avp(2, b'\x01\x00'),  # protocol version
    avp(7, b'meter-17'),  # host name
    avp(3, b'\x00\x00\x00\x03'),  # framing capabilities
    avp(9, b'\x00\x01'),  # assigned tunnel ID
])
messages = {
    'control:': L2TP(hdr='control+length+sequence') / request,
    'data:   ': L2TP(tunnel_id=1, session_id=1) / PPP() / PPP_LCP_Configure(),
}
for name, message in messages.items():
    read = UDP(bytes(UDP(sport=1701, dport=1701) / message))
    layers = ' / '.join(layer.__name__ for layer in read.layers())
    print(f'{name} {layers}, PPP protocol {read[PPP].proto:#06x}')
PYTHON
)
printf '%s\n' "$saw"

[ "$saw" = 'control: UDP / L2TP / PPP / Raw, PPP protocol 0x8008
data:    UDP / L2TP / PPP / PPP_LCP_Configure, PPP protocol 0xc021' ] || { echo 'This has changed.' >&2; exit 1; }
