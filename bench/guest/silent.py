"""silent.py COUNT one|many: opens connections to TCP 1723, says nothing on them and holds them until it is ended."""

import resource
import signal
import socket
import sys

count, sources = int(sys.argv[1]), sys.argv[2]
resource.setrlimit(resource.RLIMIT_NOFILE, (count + 100, count + 100))
held = []
for i in range(count):
    # 198.18.128.0/17 is local in this namespace (wire.sh).
    last = i if sources == "many" else 0
    client = socket.socket()
    client.setblocking(False)
    client.bind((f"198.18.{128 + last // 250}.{2 + last % 250}", 0))
    client.connect_ex(("198.18.0.1", 1723))
    held.append(client)
print("asked", flush=True)
signal.pause()
