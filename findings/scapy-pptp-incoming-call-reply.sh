#!/usr/bin/env bash
# scapy 2.8.0 (PyPI): its Incoming-Call-Reply of PPTP says 148 in Length, and has 24 bytes.
#
# Expected: a message built from its defaults is a valid one. RFC 2637, 2.10: Length is the total length of the
#   message in octets, and the message ends with Reserved1, after 24.
# Seen: Length is a constant of the class, and this one's is that of Call-Disconnect-Notify. A peer that reads by
#   Length waits for 124 bytes more, and takes the messages that follow for them. The other fourteen are right.
# Output seen:
#   15 messages of RFC 2637, 1 with a wrong Length
#   Incoming-Call-Reply: 148 in Length, 24 bytes
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir"
"$dir/bin/pip" --quiet --disable-pip-version-check install scapy==2.8.0

saw=$("$dir/bin/python" - <<'PYTHON'
from scapy.layers.pptp import PPTP

messages = [PPTP.registered_options[number]() for number in range(1, 16)]
wrong = [message for message in messages if message.len != len(bytes(message))]
print(f'{len(messages)} messages of RFC 2637, {len(wrong)} with a wrong Length')
for message in wrong:
    print(message.sprintf('%ctrl_msg_type%: %len% in Length, ') + f'{len(bytes(message))} bytes')
PYTHON
)
printf '%s\n' "$saw"

[ "$saw" = '15 messages of RFC 2637, 1 with a wrong Length
Incoming-Call-Reply: 148 in Length, 24 bytes' ] || { echo 'This has changed.' >&2; exit 1; }
