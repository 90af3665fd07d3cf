#!/usr/bin/python3
"""
In systemctl's place where no systemd runs: notes what it is asked, and keeps which units are on and which run. The
firewall's unit is real: it loads its file by nft. Leaves out: all else that units do, dependencies, jobs but for those that
a test has put into JOBS.
"""

import fnmatch
import glob
import os
import shutil
import subprocess
import sys

# In the root's own folder, so that it goes with it; what runs ends with a boot.
ON, RUNS, FAILED, JOBS = (f"/var/lib/systemctl/{name}" for name in ("on", "runs", "failed", "jobs"))
UNITS = "/etc/systemd/system"
for folder in (ON, RUNS, FAILED, JOBS):
    os.makedirs(folder, exist_ok=True)

words = [word for word in sys.argv[1:] if not word.startswith("-") or word == "--failed"]
with open("/var/lib/systemctl/log", "a") as log:
    log.write(" ".join(sys.argv[1:]) + "\n")


def is_there(folder, unit):
    return os.path.exists(f"{folder}/{unit}")


def read(path):
    if not os.path.exists(path):
        return ""
    with open(path) as file:
        return file.read()


def mark(folder, unit, there=True):
    path = f"{folder}/{unit}"
    if there:
        open(path, "w").close()
    elif os.path.exists(path):
        os.remove(path)


def known(unit):
    return any(glob.glob(f"{place}/{unit}") for place in (UNITS, "/usr/lib/systemd/system"))


def properties(unit):
    masked = os.path.islink(f"{UNITS}/{unit}") and os.readlink(f"{UNITS}/{unit}") == "/dev/null"
    active = "failed" if is_there(FAILED, unit) else "active" if is_there(RUNS, unit) else "inactive"
    state = "masked" if masked else "enabled" if is_there(ON, unit) else "disabled" if known(unit) else ""
    kind = "" if unit.endswith(".timer") else "\nType=simple\nRemainAfterExit=no"
    load = "loaded" if known(unit) else "not-found"
    job = "\nJob=7" if is_there(JOBS, unit) else ""
    return f"Id={unit}\nLoadState={load}\nActiveState={active}\nUnitFileState={state}{kind}{job}"


def start(unit):
    if unit == "nftables.service" and subprocess.run(["nft", "-f", "/etc/nftables.conf"], check=False).returncode:
        sys.exit(1)
    # A test's own word for a program that does not start.
    if "does-not-start" in read(f"/usr/local/sbin/{unit.removesuffix('.service')}"):
        mark(FAILED, unit)
        sys.exit(f"Job for {unit} failed.")
    mark(FAILED, unit, False)
    mark(RUNS, unit)
    # What it has read of its own.
    program = f"/usr/local/sbin/{unit.removesuffix('.service')}"
    if os.path.exists(program):
        shutil.copy(program, f"/var/lib/systemctl/read-{unit}")


verb, *units = words
for unit in units:
    if verb in ("start", "restart", "reload-or-restart") and "*" not in unit:
        start(unit)
    elif verb == "stop":
        mark(RUNS, unit, False)
    elif verb in ("enable", "disable"):
        if not known(unit):
            sys.exit(f"Unit {unit} does not exist")
        mark(ON, unit, verb == "enable")
        if "--now" in sys.argv:
            mark(RUNS, unit, False)
    elif verb == "mask":
        if not os.path.islink(f"{UNITS}/{unit}"):
            os.symlink("/dev/null", f"{UNITS}/{unit}")
    elif verb == "unmask" and os.path.islink(f"{UNITS}/{unit}"):
        os.remove(f"{UNITS}/{unit}")
if verb == "show":
    # The first word is of -p.
    print("\n\n".join(properties(unit) for unit in units[1:]))
elif verb == "is-active":
    sys.exit(0 if is_there(RUNS, units[0]) else 3)
elif verb == "list-units":
    if "--failed" in words:
        print("\n".join(f"{unit} loaded failed failed" for unit in os.listdir(FAILED)))
    else:
        print("\n".join(f"{unit} loaded active" for unit in os.listdir(RUNS) if fnmatch.fnmatch(unit, units[0])))
