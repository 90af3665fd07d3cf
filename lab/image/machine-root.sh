#!/bin/bash
# Makes a root with every package, such as the tools image's, a machine's that has not booted yet: what the AMI has and
# the image does not, and what the lab trims of a boot. No file that the program renders.
#
#   machine-root.sh container|guest ROOT CA_CERTIFICATE PACKAGES_URL
#
# A container's network is the lab's to set up; a guest of its own asks DHCP as on EC2.
set -eu
kind=$1 root=${2%/} ca=$3 packages=$4
units=$root/etc/systemd/system

# What the image masks because it is a client's.
for unit in pptpd nftables irqbalance cloud-init-main cloud-init-local cloud-init-network cloud-config cloud-final; do
  rm -f "$units/$unit.service"
done
rm -f "$root/etc/cloud/cloud-init.disabled"
: >"$root/etc/machine-id"
: >"$root/etc/fstab"
rm -f "$root/etc/hostname" "$root/etc/resolv.conf"
echo nameserver 169.254.169.253 >"$root/etc/resolv.conf"
echo 127.0.0.1 localhost >"$root/etc/hosts"
cat "$ca" >>"$root/etc/ssl/certs/ca-certificates.crt"
rm -rf "$root/etc/apt/sources.list" "$root/etc/apt/sources.list.d" "$root/var/lib/apt/lists"
mkdir -p "$root/etc/apt/sources.list.d" "$root/var/lib/apt/lists/partial"
echo "deb [trusted=yes] $packages ./" >"$root/etc/apt/sources.list"

cat >"$root/etc/cloud/cloud.cfg.d/99-lab.cfg" <<'END'
datasource_list: [Ec2]
# Without what a machine of the lab has no use for and each costs seconds under emulation: growpart, resizefs, disk_setup,
# mounts, users and their SSH keys, host name, locale, keyboard, time zone, ntp, puppet, chef and their like.
cloud_init_modules: [bootcmd, write-files]
cloud_config_modules: []
cloud_final_modules: [scripts-per-boot, final-message]
END
# Generators look for what is known here: whether this is a cloud, among others. cloud-init starts as they would have it.
mkdir -p "$root/etc/systemd/system-generators" "$units/multi-user.target.wants"
null() { perl -e 'for (@ARGV) { unlink; symlink "/dev/null", $_ or die "$_: $!" }' "$@"; } # in one process
generators=("$root"/usr/lib/systemd/system-generators/*)
null "${generators[@]/#*\//$root/etc/systemd/system-generators/}"
ln -sf /usr/lib/systemd/system/cloud-init.target "$units/multi-user.target.wants/"
mask() { null "${@/#/$units/}"; }
# Of no use in the lab, or nobody's to talk to.
mask systemd-timesyncd.service systemd-pcrphase.service systemd-pcrphase-sysinit.service getty-static.service \
  getty.target systemd-importd.socket systemd-sysext.socket systemd-creds.socket sshd-unix-export.socket \
  systemd-initctl.socket systemd-journal-catalog-update.service systemd-update-done.service \
  systemd-boot-random-seed.service getty@.service console-getty.service container-getty@.service \
  systemd-logind.service systemd-random-seed.service cloud-init-hotplugd.socket cloud-init-hotplugd.service \
  apt-daily.timer apt-daily-upgrade.timer man-db.timer dpkg-db-backup.timer fstrim.timer e2scrub_reap.service \
  systemd-binfmt.service systemd-firstboot.service systemd-update-utmp.service systemd-user-sessions.service \
  systemd-machine-id-commit.service

# Their scripts of SysV, which `systemctl enable` has Perl ask for, are those of units.
rm -f "$root"/etc/init.d/{pptpd,irqbalance}

case $kind in
container)
  # The SMBIOS data by which cloud-init knows EC2 is the guest's, and can be read in a container: it only has to look.
  sed -i 's/^    if is_container():$/    if False:/' "$root/usr/lib/python3/dist-packages/cloudinit/dmi.py"
  # Addresses are there, and the card comes up before EC2's machines ask for DHCP on each boot, at cloud-init's local
  # stage, which takes a minute to get there under emulation. What has to stand before the network is waited for by name.
  # Nobody answers DHCP.
  echo 'network: {config: disabled}' >>"$root/etc/cloud/cloud.cfg.d/99-lab.cfg"
  cat >"$units/lab-network.service" <<'END'
[Unit]
DefaultDependencies=no
After=pptp-fleet-shut.service
Before=cloud-init-local.service network-pre.target shutdown.target
Conflicts=shutdown.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -ec 'ip link set eth0 up; net=$(ip -4 route show dev eth0 proto kernel | cut -d/ -f1); \
  ip route add default via "$${net%%.*}.$$(($${net##*.} + 1))"'
END
  mkdir -p "$units/sysinit.target.wants"
  ln -s ../lab-network.service "$units/sysinit.target.wants/"
  rm -f "$root/usr/sbin/dhcpcd" "$root/usr/sbin/dhclient"
  mask systemd-udev-load-credentials.service systemd-tmpfiles-setup-dev-early.service systemd-networkd.service \
    systemd-networkd-wait-online.service qemu-guest-agent.service
  ;;
guest)
  systemctl --root="${root:-/}" -q enable systemd-networkd.service
  ;;
*) echo "no kind of machine: $kind" >&2; exit 64 ;;
esac
