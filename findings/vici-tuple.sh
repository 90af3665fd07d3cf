#!/usr/bin/env bash
# vici 6.0.3, strongSwan's own (PyPI): a tuple is not sent as a list, but as the text that Python prints of it.
#
# Expected: charon's addresses, subnets and proposals are lists of VICI, and any sequence of Python becomes one, or
#   raises.
# Seen: list becomes a list, dict a section, and str() makes a value of all else. A tuple arrives as one address with
#   brackets, quotes and a comma in it, and None as the word None. Nothing raises on this side.
# Output seen, as charon reads it:
#   list      [b'192.0.2.1', b'192.0.2.2']
#   tuple     b"('192.0.2.1', '192.0.2.2')"
#   dict_keys b"dict_keys(['192.0.2.1', '192.0.2.2'])"
#   NoneType  b'None'
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir"
"$dir/bin/pip" --quiet --disable-pip-version-check install vici==6.0.3

saw=$("$dir/bin/python" - <<'PYTHON'
import socket
import threading

import vici
from vici.protocol import FiniteStream, Message, Packet, Transport

ours, charons = socket.socketpair()
transport = Transport(charons)


def charon():
    """Prints what one load-conn asks for, and says yes."""
    asked = transport.receive()[2 + len('load-conn'):]
    given[0] = Message.deserialize(FiniteStream(asked))['gateway']['remote_addrs']
    transport.send(bytes([Packet.CMD_RESPONSE]) + Message.serialize({'success': 'yes'}))


given = [None]
session = vici.Session(ours)
addresses = ['192.0.2.1', '192.0.2.2']
for value in addresses, tuple(addresses), dict.fromkeys(addresses).keys(), None:
    thread = threading.Thread(target=charon)
    thread.start()
    session.load_conn({'gateway': {'remote_addrs': value}})
    thread.join()
    print(f'{type(value).__name__:9}', given[0])
PYTHON
)
printf '%s\n' "$saw"

[ "$saw" = "list      [b'192.0.2.1', b'192.0.2.2']
tuple     b\"('192.0.2.1', '192.0.2.2')\"
dict_keys b\"dict_keys(['192.0.2.1', '192.0.2.2'])\"
NoneType  b'None'" ] || { echo 'This has changed.' >&2; exit 1; }
