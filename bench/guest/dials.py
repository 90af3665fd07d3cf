"""dials.py COUNT: dials COUNT times, one after the other, by pppd's options on stdin. Prints a JSON array: the seconds
of each from pppd's start until IPCP is up, null where it never was."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

# updetach: pppd's first process ends when the tunnel is up, and leaves the tunnel's own behind. LCP is tried for longer
# than pppd's 30 s, so that a slow answer is measured and not given up on.
LINK = "bench"
MORE = f"updetach\nlinkname {LINK}\nip-up-script /bin/true\nlcp-max-configure 1000\n"
# Where the options say that pppd's log lies too.
FOLDER = "/run/bench-dial"
OPTIONS = f"{FOLDER}/options"

# Seconds. Without a tunnel by then, it is one of those that stock pptpd drops now and then (a client dials again).
CAP = 60


def pptp_runs() -> bool:
    return subprocess.run(["pgrep", "-x", "pptp"], stdout=subprocess.DEVNULL, check=False).returncode == 0


def hang_up() -> None:
    """In PPTP's own way, and until nothing of the call is left."""
    with open(f"/run/ppp-{LINK}.pid") as file:
        pid = int(file.readline())
    os.kill(pid, signal.SIGTERM)
    while os.path.exists(f"/proc/{pid}") or pptp_runs():
        time.sleep(0.1)
    # The server's end too.
    time.sleep(1)


def dial() -> float | None:
    started = time.monotonic()
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    ended = subprocess.run(["timeout", f"{CAP}", "pppd", "file", OPTIONS], check=False, **quiet)
    seconds = time.monotonic() - started
    if ended.returncode != 0:
        return None
    hang_up()
    return seconds


os.umask(0o077)
os.makedirs(FOLDER, exist_ok=True)
with open(OPTIONS, "w") as options:
    options.write(sys.stdin.read() + MORE)
print(json.dumps([dial() for _ in range(int(sys.argv[1]))]))
shutil.rmtree(FOLDER)
