#!/bin/bash
# User-mode Linux: Debian 13's kernel, built from Debian's own source package as a program of this machine, with
# kernel.config. What Debian's kernel has as modules it has as modules too, where a machine's files name them.
#
#   build.sh DIR   ->   DIR/linux, DIR/root/usr/lib/modules/RELEASE   (some 11 CPU minutes)
set -euo pipefail
here=$(dirname "$(realpath "$0")")
. "$here/../common.sh"
cd "$1"

echo "source of the kernel"
fetch_packages work "$SUITE" linux-source-6.12
dpkg -x work/linux-source-6.12_*.deb work
mkdir work/source
# No other processor's, and none of the drivers for hardware that make up most of the rest.
tar -C work/source --strip-components=1 -xf work/usr/src/linux-source-6.12.tar.xz --wildcards \
  --exclude='*/drivers/gpu/drm/*/*.[ch]' --exclude='*/drivers/net/ethernet/*/*.[ch]' --exclude='*/Documentation/*/*.rst' \
  --exclude='*/drivers/media/*/*.[ch]' --exclude='*/sound/*/*.[ch]' --exclude='*/drivers/net/wireless/*/*.[ch]'
make() { command make -C work/source ARCH=um O="$PWD/work/out" -j"$(nproc)" "$@" </dev/null; }
make KCONFIG_ALLCONFIG="$here/kernel.config" allnoconfig
# What a dependency that is missing would drop in silence.
while IFS='=' read -r option value; do
  case $option=$value in
  '#'* | =* | *=n) continue ;;
  esac
  grep -qx "$option=$value" work/out/.config || { echo "the kernel's config lacks $option=$value" >&2; exit 1; }
done <"$here/kernel.config"
make linux modules
make INSTALL_MOD_PATH="$PWD/root/usr" INSTALL_MOD_STRIP=1 modules_install
rm -f root/usr/lib/modules/*/build root/usr/lib/modules/*/source
cp work/out/linux linux
strip linux
rm -rf work
