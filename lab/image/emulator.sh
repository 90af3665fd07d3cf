#!/bin/bash
# A newer QEMU than the host's: Debian's own, from the backports of the host's release, by a root of apt's that is not
# the host's. Of the host it uses the mirror, the keys and apt's settings; its sources, lists and packages stay as they are.
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
debian=$(mirror Debian)

mkdir -p apt/lists/partial apt/archives/partial
: >apt/status
echo "deb [arch=amd64 signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $debian $suite main" >apt/sources.list
# The last of apt's settings to be read, after the host's. What the host does after an update is about its own lists.
cat >apt/apt.conf <<EOF
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Dir::Etc::SourceList "$PWD/apt/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State "$PWD/apt";
Dir::State::Lists "$PWD/apt/lists";
Dir::State::status "$PWD/apt/status";
Dir::Cache "$PWD/apt";
Dir::Cache::Archives "$PWD/apt/archives";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
APT::Sandbox::User "root";
EOF
from_backports() { apt-get -q -c "$PWD/apt/apt.conf" "$@"; }

echo "QEMU of $suite from $debian"
from_backports --error-on=any update
(cd apt/archives && apt-get -q -c ../apt.conf download qemu-system-x86 qemu-system-data seabios)
for package in apt/archives/*.deb; do dpkg -x "$package" unpacked; done
mkdir bin share
mv unpacked/usr/bin/qemu-system-x86_64 bin/
mv unpacked/usr/share/qemu unpacked/usr/share/seabios share/
rm -r apt unpacked
# Fails where a library is missing, and the host's own is used.
bin/qemu-system-x86_64 --version
