#!/bin/bash
# A newer QEMU than the host's: Debian's own, from the backports of the host's release.
#
#   emulator.sh DIR SUITE   ->   DIR/bin/qemu-system-x86_64, DIR/share/{qemu,seabios}   (some 13 MB of packages)
#
# Libraries and the network card's ROM are those that the host's own qemu-system-x86 has brought; QEMU's modules
# (qemu-system-common) are for displays and sound.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
. "$here/common.sh"
cd "$1"
suite=$2

echo "QEMU of $suite"
fetch_packages packages "$suite" qemu-system-x86 qemu-system-data seabios
for package in packages/*.deb; do dpkg -x "$package" unpacked; done
mkdir bin share
mv unpacked/usr/bin/qemu-system-x86_64 bin/
mv unpacked/usr/share/qemu unpacked/usr/share/seabios share/
rm -r packages unpacked
# Fails where a library is missing, and the host's own is used.
bin/qemu-system-x86_64 --version
