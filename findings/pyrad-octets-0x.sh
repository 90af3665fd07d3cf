#!/usr/bin/env bash
# pyrad 2.6.0 (PyPI): a Class of bytes that begin with "0x" does not go back to the server as it came.
#
# Expected: octets are octets: bytes that were read from a reply and are put into a request go out unchanged. RFC 2865
#   wants it: a client sends Class on to accounting unmodified (5.25), and State back unmodified (5.24).
# Seen: pyrad decodes bytes, not only text, that are "0x" and an even number of hex digits. A server whose Class is
#   the text 0x6d31 gets m1 in accounting. Where the digits are odd in number the bytes stay, and under the
#   attribute's number, packet[25], nothing is changed.
# Output seen:
#   Accept has Class 0x6d31: Accounting-Request by name has m1, by number 0x6d31
#   Accept has Class 0x6d3: Accounting-Request by name has 0x6d3, by number 0x6d3
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir"
"$dir/bin/pip" --quiet --disable-pip-version-check install pyrad==2.6.0

saw=$("$dir/bin/python" - <<'PYTHON'
import io
import struct

from pyrad.dictionary import Dictionary
from pyrad.packet import AcctPacket, Packet

CLASS = 25
dictionary = Dictionary(io.StringIO('ATTRIBUTE Class 25 octets'))


def on_the_wire(request):
    """The value of the only attribute of a request as it is sent."""
    return request.RequestPacket()[22:].decode()


for text in b'0x6d31', b'0x6d3':
    attribute = struct.pack('!BB', CLASS, 2 + len(text)) + text
    accept = Packet(dict=dictionary, packet=struct.pack('!BBH16s', 2, 1, 20 + len(attribute), bytes(16)) + attribute)
    by_name = AcctPacket(secret=b's', dict=dictionary)
    by_name['Class'] = accept['Class']
    by_number = AcctPacket(secret=b's', dict=dictionary)
    by_number[CLASS] = accept[CLASS]
    print(f'Accept has Class {accept["Class"][0].decode()}: Accounting-Request by name has {on_the_wire(by_name)},',
          f'by number {on_the_wire(by_number)}')
PYTHON
)
printf '%s\n' "$saw"

[ "$saw" = 'Accept has Class 0x6d31: Accounting-Request by name has m1, by number 0x6d31
Accept has Class 0x6d3: Accounting-Request by name has 0x6d3, by number 0x6d3' ] ||
  { echo 'This has changed.' >&2; exit 1; }
