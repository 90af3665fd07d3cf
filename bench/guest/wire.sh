#!/bin/bash
# The bench's network, all inside one guest:
#
#   root namespace: the server           namespace `wire`: a switch       c1 … c8   198.18.1.1-8, a client each
#   eth0 198.18.0.1/16 ─────────────────────── sw ─────────────────────── crowd     198.18.128.0/17, silent clients
#   (made anew by variant.py)                                             far       198.18.0.2, iperf3 on 5201-5208
#
# As on EC2 the server has one interface, for the clients and for what lies behind it. 198.18.0.0/15 belongs to no
# real host (RFC 2544).
set -euo pipefail

# attach NAMESPACE ADDRESS: a namespace on the switch.
attach() {
	ip netns add "$1"
	ip link add eth0 netns "$1" type veth peer name "to-$1" netns wire
	ip -n "$1" address add "$2" dev eth0
	ip -n "$1" link set eth0 up
	ip -n "$1" link set lo up
	ip -n wire link set "to-$1" master sw up
}

# Guest time flies while nothing runs: what a day brings would come in the middle of a measurement.
systemctl -q stop '*.timer'
systemctl -q unmask pptpd.service nftables.service
mkdir -p /run/systemd/journald.conf.d
printf '[Journal]\nStorage=volatile\nRateLimitBurst=0\n' >/run/systemd/journald.conf.d/bench.conf
systemctl restart systemd-journald

ip netns add wire
ip -n wire link add sw type bridge forward_delay 0 mcast_snooping 0
ip -n wire link set sw up
for i in 1 2 3 4 5 6 7 8; do attach "c$i" "198.18.1.$i/16"; done
attach far 198.18.0.2/16
attach crowd 198.18.0.3/16
# Any of these addresses is the crowd's own, without a thousand of them on its interface; the server finds them there.
ip -n crowd route add local 198.18.128.0/17 dev lo
ip -n crowd address add 198.18.128.1/17 dev eth0 noprefixroute

# Clients keep Debian's own files, whatever the server gets.
cp -a /etc/ppp /opt/bench/client-ppp
mkdir -p /run/pptp
printf 'bench pptpd bench-secret *\n' >>/etc/ppp/chap-secrets
