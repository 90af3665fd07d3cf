#!/bin/bash
# Starts a machine as a container on its interface, where it does not run: boot.sh NAME
# Its network namespace NAME is there, with address and default route. A machine that ran before has its disk still.
set -eu
name=$1
root=/srv/machines/$name
if systemctl is-active -q "machine-$name"; then exit 0; fi
if [ ! -d "$root" ]; then
  mkdir -p "$root/upper" "$root/work" "$root/root"
  mount -t overlay -o "lowerdir=/srv/machines/layer/upper:/mnt/lower,upperdir=$root/upper,workdir=$root/work" \
    overlay "$root/root"
fi
systemctl reset-failed "machine-$name" 2>/dev/null || true
# Modules are the guest's to load. The machine sets its own sysctls of the network, and none of the guest's.
systemd-run -q --unit="machine-$name" --setenv=SYSTEMD_NSPAWN_API_VFS_WRITABLE=network --property=KillMode=mixed \
  --property=StandardOutput=null \
  systemd-nspawn -q --directory="$root/root" --boot --machine="$name" --network-namespace-path="/run/netns/$name" \
  --console=read-only --link-journal=no --resolv-conf=off --timezone=off --bind=/dev/ppp --property='DeviceAllow=/dev/ppp rwm' \
  --capability=CAP_NET_ADMIN,CAP_NET_RAW
