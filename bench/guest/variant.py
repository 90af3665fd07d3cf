"""Makes the server one of the variants: variant.py NAME, whose files are in /opt/bench/NAME.json.

What the variant before has changed is taken back first: its files, its sysctls, its rules, its interface. Both
variants are put in place by the same steps, which are a boot's: modules, sysctls, interface, firewall, daemon.
"""

import glob
import json
import os
import re
import subprocess
import sys

UNDO = "/run/bench-undo.json"


def run(*command: str) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def read(path: str) -> str:
    with open(path) as file:
        return file.read()


def write(path: str, content: str, mode: int = 0o644) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(content)
    os.chmod(path, mode)


def sysctl_keys(text: str) -> list[str]:
    """The files in /proc/sys that a sysctl.d(5) file names."""
    keys = re.findall(r"^-?([^#;=\s]+)\s*=", text, re.MULTILINE)
    # A slash as the first separator makes dots literal (sysctl.d(5)).
    paths = [key if re.search(r"[./]", key).group() == "/" else key.replace(".", "/") for key in keys]
    return [found for path in paths for found in sorted(glob.glob(f"/proc/sys/{path}"))]


def take_back(undo: dict) -> None:
    for path, value in undo["sysctls"]:
        write_sysctl(path, value)
    for path, content in undo["files"].items():
        if content is None:
            os.remove(path)
        else:
            write(path, content["text"], content["mode"])


def write_sysctl(path: str, value: str) -> None:
    with open(path, "w") as file:
        file.write(value)
    if read(path).split() != value.split():
        raise SystemExit(f"{path} cannot be taken back to {value!r}")


def put(files: list[dict], undo: dict) -> None:
    for file in files:
        path = file["path"]
        before = {"text": read(path), "mode": os.stat(path).st_mode & 0o777} if os.path.exists(path) else None
        undo["files"][path] = before
        write(path, file["content"], int(file["permissions"], 8))


def modules(files: list[dict]) -> None:
    # What the other variant has loaded goes, where nothing uses it.
    for module in ["nf_nat_pptp", "nf_conntrack_pptp"]:
        subprocess.run(["modprobe", "-rq", module])
    for file in files:
        if file["path"].startswith("/etc/modules-load.d/"):
            for module in re.findall(r"^\w+", file["content"], re.MULTILINE):
                run("modprobe", module)


def sysctls(files: list[dict], undo: dict) -> None:
    paths = [file["path"] for file in files if file["path"].startswith("/etc/sysctl.d/")]
    for path in paths:
        for key in sysctl_keys(read(path)):
            undo["sysctls"].insert(0, [key, read(key).strip()])
    run("/usr/lib/systemd/systemd-sysctl", *paths)


def interface() -> None:
    """A new one, so that it gets the defaults of this variant's sysctls and nothing of the other's settings."""
    subprocess.run(["ip", "link", "delete", "eth0"], stderr=subprocess.DEVNULL)
    run("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "to-server", "netns", "wire")
    run("ip", "-n", "wire", "link", "set", "to-server", "master", "sw", "up")
    run("ip", "address", "add", "198.18.0.1/16", "dev", "eth0")
    run("ip", "link", "set", "eth0", "up")


def main(name: str) -> None:
    run("systemctl", "-q", "stop", "pptpd", "nftables")
    if os.path.exists(UNDO):
        take_back(json.loads(read(UNDO)))
    files = json.loads(read(f"/opt/bench/{name}.json"))
    undo: dict = {"files": {}, "sysctls": []}
    put(files, undo)
    modules(files)
    sysctls(files, undo)
    write(UNDO, json.dumps(undo))
    interface()
    run("systemctl", "daemon-reload")
    run("systemctl", "start", "nftables", "pptpd")


main(sys.argv[1])
