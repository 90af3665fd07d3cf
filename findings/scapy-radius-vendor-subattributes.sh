#!/usr/bin/env bash
# scapy 2.8.0 (PyPI): of several sub-attributes in one Vendor-Specific, all but the first become attributes of RADIUS.
#
# Expected: RFC 2865, 5.26 lets one Vendor-Specific carry several sub-attributes, and a server that uses npm's radius
#   1.1.4 sends Microsoft's (RFC 2548) so. scapy, which knows their names, shows them as Microsoft's, or as bytes.
# Seen: it reads one, takes what is left of the value for the next attribute of the packet, and gives it the standard
#   meaning of that number: MS-MPPE-Encryption-Types (8 of vendor 311, here 4: 128-bit keys) is shown as
#   Framed-IP-Address (8) 0.0.0.4, an address that nobody assigned. No error, and no byte left over. pyrad 2.6.0
#   reads both from the same packet.
# Output seen:
#   pyrad: MS-MPPE-Encryption-Policy [2], MS-MPPE-Encryption-Types [4]
#   scapy: Vendor-Specific MS-MPPE-Encryption-Policy 00000002, Framed-IP-Address 0.0.0.4
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir"
"$dir/bin/pip" --quiet --disable-pip-version-check install scapy==2.8.0 pyrad==2.6.0

saw=$("$dir/bin/python" - <<'PYTHON'
import io
import struct

from pyrad.dictionary import Dictionary
from pyrad.packet import Packet
from scapy.layers.radius import Radius, RadiusAttr_Vendor_Specific

POLICY = struct.pack('!BBI', 7, 6, 2)  # encryption required
TYPES = struct.pack('!BBI', 8, 6, 4)  # 128-bit keys
vendor_specific = struct.pack('!BBI', 26, 6 + len(POLICY + TYPES), 311) + POLICY + TYPES
accept = struct.pack('!BBH16s', 2, 1, 20 + len(vendor_specific), bytes(16)) + vendor_specific

dictionary = Dictionary(io.StringIO('''
VENDOR Microsoft 311
BEGIN-VENDOR Microsoft
ATTRIBUTE MS-MPPE-Encryption-Policy 7 integer
ATTRIBUTE MS-MPPE-Encryption-Types 8 integer
END-VENDOR Microsoft
'''))
packet = Packet(dict=dictionary, packet=accept)
print('pyrad:', ', '.join(f'{name} {packet[name]}' for name in packet.keys()))


def shown(attribute):
    if isinstance(attribute, RadiusAttr_Vendor_Specific):
        return attribute.sprintf('%type% %vendor_type% ') + attribute.value.hex()
    return attribute.sprintf('%type% %value%')


print('scapy:', ', '.join(shown(attribute) for attribute in Radius(accept).attributes))
PYTHON
)
printf '%s\n' "$saw"

[ "$saw" = 'pyrad: MS-MPPE-Encryption-Policy [2], MS-MPPE-Encryption-Types [4]
scapy: Vendor-Specific MS-MPPE-Encryption-Policy 00000002, Framed-IP-Address 0.0.0.4' ] ||
  { echo 'This has changed.' >&2; exit 1; }
