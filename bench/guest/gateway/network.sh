#!/bin/bash
# The gateway's bench, all inside one guest. A gateway is made anew for each variant by hop.py:
#
#   namespace `wire`                                namespace `gateway`
#   sends raw frames into ──── vpc ══ veth ══ eth0  10.42.16.20/28, forwards, default route
#   drops what comes back                           to 10.42.16.17, whose MAC belongs to nobody
#
# As on EC2 a gateway has one interface, and the VPC's router behind it for clients and servers alike.
set -euo pipefail

# Guest time flies while nothing runs: what a day brings would come in the middle of a measurement.
systemctl -q stop '*.timer'
# The agent answers before the boot is over, and the rest of it would take part. "degraded" is no matter here.
systemctl is-system-running --wait >/dev/null || true
ip netns add wire
# As the gateway's own modules-load does.
modprobe nf_conntrack

# The rendered gateway's own files, wherever they belong. Its settings of connection tracking are the whole machine's.
cp -a /opt/bench/root/. /
chmod +x /usr/local/sbin/pptp-fleet-*
/usr/lib/systemd/systemd-sysctl /etc/sysctl.d/90-pptp-fleet.conf
