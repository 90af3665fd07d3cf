#!/bin/sh
# The guest's first process: gives it a root of its own and goes on as systemd.
#
#   the host's folder (hostfs, read only) ◀─ the guest's own (tmpfs)
#
# hostfs has no extended attributes and makes no device files: what the guest writes stays in its own memory.
set -eu
export PATH=/usr/sbin:/usr/bin
mount -t tmpfs -o mode=755,size=80% own /lab/own
mkdir /lab/own/upper /lab/own/work /lab/own/root
mount -t overlay -o lowerdir=/,upperdir=/lab/own/upper,workdir=/lab/own/work root /lab/own/root
cd /lab/own/root
mount -t devtmpfs dev dev
[ -c dev/ppp ] || mknod -m 600 dev/ppp c 108 0
i=0
while ip link set "vec$i" name "eth$i" 2>/dev/null; do i=$((i + 1)); done
[ ! -x lab/prepare ] || chroot . /lab/prepare
pivot_root . mnt
exec chroot . /bin/sh -c 'umount -l /mnt; exec /usr/lib/systemd/systemd' 0<>dev/console 1>&0 2>&1
