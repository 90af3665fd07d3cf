#!/bin/bash
# The client's machine: Debian 13 with its own kernel (which has PPP), a stock PPTP client, and the tools to measure
# with. It carries the machines' packages too: each rendered file can be read by its real reader, and a whole fleet run
# in containers over this root (lab/vpc).
#
#   tools.sh DIR   ->   DIR/disk.raw, DIR/vmlinuz, DIR/initrd (booted directly, without a loader), DIR/rootfs (for chroot)
set -euo pipefail
here=$(dirname "$(realpath "$0")")
. "$here/common.sh"
cd "$1"

packages=systemd-sysv,dbus,udev,kmod,initramfs-tools,linux-image-amd64,qemu-guest-agent,iproute2,procps,netbase
packages+=,ppp,pptp-linux,iputils-ping,iperf3,tcpdump,curl,ca-certificates,e2fsprogs
packages+=,pptpd,nftables,conntrack,cloud-init,jq,openssh-server,ethtool,sudo,systemd-container,irqbalance
debootstrap_root rootfs "$packages"

forget_identity rootfs
echo client >rootfs/etc/hostname
echo '127.0.0.1 localhost client' >rootfs/etc/hosts
echo 'LABEL=root / ext4 rw,errors=remount-ro 0 1' >rootfs/etc/fstab
# What the server's packages would start: this is a client, and its network is the lab's to set up.
chroot rootfs systemctl -q mask pptpd.service nftables.service irqbalance.service ssh.service ssh.socket cloud-init-main.service \
  cloud-init-local.service cloud-init-network.service cloud-config.service cloud-final.service \
  apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer
touch rootfs/etc/cloud/cloud-init.disabled
rm -f rootfs/etc/modules-load.d/pptpd.conf
# A small initramfs unpacks fast under emulation: the modules that reach the root, and no others.
echo MODULES=list >rootfs/etc/initramfs-tools/conf.d/lab
printf 'virtio_pci\nvirtio_blk\next4\n' >rootfs/etc/initramfs-tools/modules
chroot rootfs update-initramfs -u -k all
cp rootfs/boot/vmlinuz-* vmlinuz
cp rootfs/boot/initrd.img-* initrd

echo "disk"
mke2fs -q -F -t ext4 -L root -m 0 -d rootfs disk.raw "$(($(du -sm rootfs | cut -f1) + 512))M"
