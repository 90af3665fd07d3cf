#!/bin/bash
# Once, in the guest: the layer that every machine's root begins with.
#
#   layer.sh CA_CERTIFICATE PACKAGES_URL
#
#     guest's own root (packages) ◀─ this layer (machine-root.sh) ◀─ a layer for each machine
set -eu
ca=$1 packages=$2
machines=/srv/machines

mkdir -p /mnt/lower $machines
mount --bind / /mnt/lower # nspawn refuses / itself; below it nothing else is mounted
mount -t tmpfs -o mode=755,size=75% machines $machines
mkdir -p $machines/layer/upper $machines/layer/work $machines/layer/root
root=$machines/layer/root
mount -t overlay -o lowerdir=/mnt/lower,upperdir=$machines/layer/upper,workdir=$machines/layer/work overlay $root
bash "$(dirname "$0")/machine-root.sh" container $root "$ca" "$packages"
umount $root
