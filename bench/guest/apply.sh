#!/bin/bash
# Machines of the bench of apply, in the guest of the lab's VPC: each has a root over one layer, a /run and a network of its
# own, and the programs that a machine of the fleet has. No systemd: systemctl.py notes what it is asked.
#
#   apply.sh base NAME        what all have in common: the first bundle of NAME, applied in its network; `files` lies beside this
#   apply.sh machines NAME …  brings them up, as after a reboot; NAME.json lies beside this
#   apply.sh look NAME …      each fetches and applies, all at once; prints a line for each, its name and exit code
#   apply.sh due NAME …       their reports are five minutes old
#   apply.sh said NAME …      what their last look printed
set -eu
here=$(dirname "$0")
machines=/srv/machines
verb=$1
shift

mount_root() { # NAME LOWER-LAYERS
  local own=$machines/$1
  mkdir -p "$own/upper" "$own/work" "$own/root"
  mount -t overlay -o "lowerdir=$2,upperdir=$own/upper,workdir=$own/work" overlay "$own/root"
  mount -t proc proc "$own/root/proc"
  mount --bind /dev "$own/root/dev"
  mount -t tmpfs tmpfs "$own/root/run"
}

inside() { # NETWORK ROOT COMMAND …
  local network=$1 root=$machines/$2/root
  shift 2
  # shellcheck disable=SC2016 # expanded in there
  ip netns exec "$network" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    sh -c 'mount -t sysfs sysfs "$0/sys" && exec chroot "$0" "$@"' "$root" "$@"
}

look() { # NETWORK ROOT
  local code=0
  inside "$1" "$2" timeout 1500 /usr/local/sbin/pptp-fleet-fetch >"$machines/$2/said" 2>&1 </dev/null || code=$?
  echo "$1 $code"
}

case $verb in
base)
  mount_root base "$machines/layer/upper:/mnt/lower"
  cp -a "$here/files/." "$machines/base/root/"
  install -m 755 /usr/local/lib/lab/systemctl.py "$machines/base/root/usr/local/bin/systemctl"
  look "$1" base
  tail -n 20 "$machines/base/said" >&2
  umount -R "$machines/base/root"
  ;;
machines)
  for name; do
    mount_root "$name" "$machines/base/upper:$machines/layer/upper:/mnt/lower"
    cp "$here/$name.json" "$machines/$name/root/etc/pptp-fleet/machine.json"
    # What a boot does of all that the layer's first apply did in another network.
    inside "$name" "$name" sh -c 'nft -f /etc/nftables.conf && { sysctl -q --system || true; }' >/dev/null 2>&1
  done
  ;;
look)
  for name; do look "$name" "$name" & done
  wait
  ;;
due)
  for name; do
    inside "$name" "$name" python3 -I -c '
import json
path = "/run/pptp-fleet-apply/told"
with open(path) as file: told = json.load(file)
told["at"] -= 301
with open(path, "w") as file: json.dump(told, file)'
  done
  ;;
said)
  for name; do
    echo "== $name"
    tail -n 5 "$machines/$name/said"
  done
  ;;
*)
  echo "no verb: $verb" >&2
  exit 64
  ;;
esac
