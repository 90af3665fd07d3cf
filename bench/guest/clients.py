"""The bench's clients: stock pptp-linux under pppd, one to a namespace c1 … c8 (wire.sh)."""

import os
import signal
import subprocess
import time

SERVER = "198.18.0.1"
FAR = "198.18.0.2"
FOLDER = "/opt/bench"

# What a client's guide says. `ifname`: a known name; `ip-up-script`: nothing of this machine's own hooks runs for a
# client; LCP is tried for longer than pppd's 30 s, so that a slow answer is measured and not given up on.
OPTIONS = f"""pty "pptp {SERVER} --nolaunchpppd"
file /etc/ppp/options.pptp
user bench
password bench-secret
require-mppe-128
noipdefault
nodefaultroute
noipv6
novj
ifname tunnel
ip-up-script /bin/true
lcp-max-configure 1000
"""

# Each client has its own /run/pptp, where pptp would find another client's connection to the same address, and
# Debian's own /etc/ppp, not the server's.
ENTER = f"mount --bind {FOLDER}/client-ppp /etc/ppp && mount -t tmpfs tmpfs /run/pptp && exec"


def in_namespace(name: str, *command: str) -> list[str]:
    return ["ip", "netns", "exec", name, *command]


def dial(number: int, cap: float) -> float | None:
    """Seconds from pppd's start until IPCP is up; None where it is not within `cap` seconds."""
    options = "/run/bench-client-options"
    with open(options, "w") as file:
        file.write(OPTIONS)
    command = f"{ENTER} timeout {cap} pppd file {options} updetach"
    started = time.monotonic()
    # updetach: this process ends when the tunnel is up, and leaves the tunnel's own behind.
    ended = subprocess.run(in_namespace(f"c{number}", "sh", "-c", command), **QUIET)
    seconds = time.monotonic() - started
    if ended.returncode != 0:
        return None
    subprocess.run(["ip", "-n", f"c{number}", "route", "replace", FAR, "dev", "tunnel"], check=True)
    return seconds


QUIET = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def end_all(namespace: str) -> None:
    """Ends whatever runs in a namespace, without a goodbye."""
    found = subprocess.run(["ip", "netns", "pids", namespace], capture_output=True, text=True, check=True)
    for pid in found.stdout.split():
        try:
            os.kill(int(pid), signal.SIGKILL)
        except ProcessLookupError:
            pass


def fresh() -> None:
    """No client, and a server that has none and remembers none: its daemon and its firewall start again."""
    for name in [*(f"c{i}" for i in range(1, 9)), "crowd"]:
        end_all(name)
        subprocess.run(["ip", "-n", name, "tcp_metrics", "flush"], **QUIET)
        subprocess.run(in_namespace(name, "nft", "flush", "ruleset"), **QUIET)
    end_all("far")
    subprocess.run(["ip", "-n", "far", "tcp_metrics", "flush"], **QUIET)
    for number in range(1, 9):
        subprocess.run(in_namespace("far", "iperf3", "-s", "-D", "-p", f"{5200 + number}"), check=True, **QUIET)
    subprocess.run(["systemctl", "stop", "pptpd"], check=True)
    subprocess.run(["systemctl", "restart", "nftables"], check=True)
    subprocess.run(["conntrack", "-F"], **QUIET)
    subprocess.run(["systemctl", "start", "pptpd"], check=True)
    until(listening, 30)


def listening() -> bool:
    found = subprocess.run(["ss", "-Hltn", "sport = :1723"], capture_output=True, text=True, check=True)
    return found.stdout != ""


def until(probe, cap: float) -> float | None:
    """Seconds until `probe` says yes; None where it does not within `cap` seconds."""
    started = time.monotonic()
    while not probe():
        if time.monotonic() - started > cap:
            return None
        time.sleep(0.1)
    return time.monotonic() - started
