#!/bin/bash
# A Debian 13 disk as near to the official AMI as Debian's own packages allow: the cloud kernel only (which has no
# PPP), cloud-init, netplan, resolved, the real GRUB, so that the kernel after the reboot is the machine's own choice.
#
#   ami.sh DIR CA_CERTIFICATE   ->   DIR/disk.raw (8 GiB, sparse), DIR/rootfs   (root; about 60 s)
#
# It stands in for the AMI. What is not the AMI's:
#   - qemu-guest-agent: the lab's console, so that user data is free of the lab
#   - GRUB waits 1 s and speaks on the serial line; the kernel skips CPU mitigations
#   - the lab's CA is trusted: the Secrets Manager stand-in speaks TLS under AWS's own name
#   - an MBR disk with one partition; the AMI has a GPT, an EFI partition and both loaders
set -euo pipefail
here=$(dirname "$(realpath "$0")")
. "$here/common.sh"
ca=$(realpath "$2")
cd "$1"

packages=systemd-sysv,dbus,udev,kmod,initramfs-tools,linux-image-cloud-amd64,grub-cloud-amd64,cloud-init
packages+=,cloud-guest-utils,netplan.io,systemd-resolved,openssh-server,iproute2,netbase,procps,less,sudo
packages+=,ca-certificates,locales,systemd-timesyncd,python3,apt-utils,debconf,debconf-utils,gpgv,curl,xz-utils
packages+=,unattended-upgrades,apparmor,e2fsprogs,fdisk,polkitd,qemu-guest-agent,zstd
debootstrap_root rootfs "$packages"

forget_identity rootfs
echo 'LABEL=root / ext4 rw,discard,errors=remount-ro 0 1' >rootfs/etc/fstab
echo '127.0.0.1 localhost' >rootfs/etc/hosts
ln -sf /run/systemd/resolve/stub-resolv.conf rootfs/etc/resolv.conf
install -D -m 644 "$ca" rootfs/usr/local/share/ca-certificates/pptp-fleet-lab.crt
chroot rootfs update-ca-certificates >/dev/null
mkdir -p rootfs/etc/default/grub.d
cat >rootfs/etc/default/grub.d/99-lab.cfg <<'EOF'
GRUB_TIMEOUT=1
GRUB_CMDLINE_LINUX="console=ttyS0 net.ifnames=0 mitigations=off nokaslr random.trust_cpu=on audit=0"
GRUB_CMDLINE_LINUX_DEFAULT="quiet"
GRUB_TERMINAL="serial console"
EOF

# A filesystem made from the directory needs no loop partitions; 1 GiB is left for what first boot installs
# before cloud-init has grown the partition to the disk.
echo "disk"
size=$(($(du -sm rootfs | cut -f1) + 1024))
mke2fs -q -F -t ext4 -L root -m 0 -d rootfs part.ext4 "${size}M"
mkdir mnt
mount -o loop part.ext4 mnt
for dir in dev proc sys; do
  mount --rbind "/$dir" "mnt/$dir"
  mount --make-rslave "mnt/$dir"
done
mkdir -p mnt/boot/grub
cp -r mnt/usr/lib/grub/i386-pc mnt/boot/grub/
chroot mnt grub-editenv /boot/grub/grubenv create
# shellcheck disable=SC2016 # $root is GRUB's to expand
printf 'search.fs_label root root\nset prefix=($root)/boot/grub\n' >mnt/tmp/early.cfg
chroot mnt grub-mkimage -O i386-pc -o /tmp/core.img -c /tmp/early.cfg -p /boot/grub \
  biosdisk part_msdos ext2 search search_label search_fs_uuid normal configfile echo test linux serial terminal
cp mnt/tmp/core.img mnt/usr/lib/grub/i386-pc/boot.img .
rm mnt/tmp/*
# 10_linux gives a root on a loop device no menu entry: let it, this once.
sed -i.sav 's,/dev/loop/\*|/dev/loop\[0-9\],/dev/noloop,' mnt/etc/grub.d/10_linux
chroot mnt update-grub 2>&1
mv mnt/etc/grub.d/10_linux.sav mnt/etc/grub.d/10_linux
sed -i 's,root=/dev/loop[0-9]*,root=LABEL=root,g' mnt/boot/grub/grub.cfg
grep -q 'root=LABEL=root' mnt/boot/grub/grub.cfg || { echo "GRUB's menu has no entry for the root" >&2; exit 1; }
umount -R mnt
rmdir mnt

# The boot loader by hand: MBR, then core.img in the gap before the partition at 1 MiB.
[ "$(stat -c %s core.img)" -lt $((2047 * 512)) ] || { echo "core.img does not fit before the partition" >&2; exit 1; }
truncate -s 8G disk.raw
sectors=$(($(stat -c %s part.ext4) / 512))
le32() { printf '\\x%02x\\x%02x\\x%02x\\x%02x' $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24 & 255)); }
write() { dd of=disk.raw conv=notrunc,sparse status=none "$@"; }
write if=boot.img bs=446 count=1
printf %b "\\x80\\xfe\\xff\\xff\\x83\\xfe\\xff\\xff$(le32 2048)$(le32 "$sectors")" | write bs=1 seek=446
printf '\x55\xaa' | write bs=1 seek=510
write if=core.img bs=512 seek=1
write if=part.ext4 bs=1M seek=1
rm part.ext4 boot.img core.img
