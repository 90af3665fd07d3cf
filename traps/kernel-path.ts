/**
 * PPTP's data in the kernel: pptp.ko under a service of one's own for control connections, in place of pptpd. Seen in trials;
 * none of it is built here.
 */
import type { Topic } from "./trap.ts";

const KERNEL = "Linux 6.12 and pppd 2.5.2, Debian 13";

export const ofKernelPath = {
  "one-way-goes-silent": {
    seen: "A session can come to carry no data in one direction for good, while LCP echo goes on both ways: neither end notices. With pptpd LCP echo would have ended it.",
    versions: KERNEL,
    ahead: "A watchdog: GRE bytes of a call grow while its interface's received bytes do not.",
  },
  "kernel-never-reorders": {
    seen: "It never reorders: each late packet is lost. With a jitter of 0.3 ms and more a session carried 0.79 Mbit/s where pptpd's carried 7.1. With loss it is the reverse: at 0.5 % 7.9 against 0.52, and after one lost packet 0 ms of silence against 1,600.",
    versions: KERNEL,
    ahead: "The order within a call is kept on all of our own path; pptpd stays for paths that reorder.",
  },
  "rps-reads-inner-header": {
    seen: "RPS spreads PPTP by call ID, but where the PPP payload is plain IP, without MPPE, the flow dissector goes on into the inner header and spreads one session over CPUs, out of order.",
    versions: "the kernel's source, 6.12",
    ahead: "No RPS on the outer interface where MPPE is not required.",
  },
  "same-peer-same-call-id": {
    seen: "connect refuses a second call of the same peer address and peer call ID: EALREADY. A device that comes back from a power loss with its old ID is kept out until its ghost is gone.",
    versions: KERNEL,
    ahead: "The ghost is ended and connect tried again: 0.01 to 0.03 s, and PPP was up within 0.5 s.",
  },
  "call-ids-over-all-namespaces": {
    seen: "The table of call IDs is the kernel's, over all network namespaces (EBUSY). 1 to 65535 can be bound, 65536 means any. connect takes the longer the higher the IDs are: 0.17 s with 1,000.",
    versions: KERNEL,
    ahead:
      "Containers on one kernel have ranges apart, clients' too, and other services go without the address family.",
  },
  "close-waits-a-grace-period": {
    seen: "The last close of a socket blocks for some 21 ms.",
    versions: KERNEL,
    ahead: "It is not closed in a loop that serves others.",
  },
  "kernel-learns-no-path-mtu": {
    seen: "No ICMP error about its GRE does anything, DF is never set whatever ip_no_pmtu_disc says, no path MTU is learnt, and packets above a route's MTU go out in fragments.",
    versions: KERNEL,
    ahead: "The plan's sizes decide as before; what is done about ICMP errors for pptpd is not needed.",
  },
  "no-ack-of-its-own": {
    seen: "It sends no GRE packet that carries an acknowledgement only.",
    versions: KERNEL,
    ahead: "LCP echo carries one.",
  },
  "ppp-without-a-queue": {
    seen: "Its ppp interface has no queue (`qdisc noqueue`): txqueuelen has no effect.",
    versions: KERNEL,
    ahead: "ip-up sets a queue discipline by tc where one is wanted.",
  },
  "mtu-left-out-is-1500": {
    seen: "With `mtu` left out it is 1500, from a look at the route before the peer is known.",
    versions: KERNEL,
    ahead: "It is always set.",
  },
  "plugin-of-one-pppd-version": {
    seen: "A plugin's version text must equal pppd's exactly, or every dial ends with exit code 2: an upgrade of ppp ends all dials. 2.5 renamed generic_establish_ppp, add_options, option_t, modem and ppp_devnam. pppol2tp.so refuses a PPTP socket.",
    versions: "pppd 2.5.1 and 2.5.2",
    ahead:
      "The version is read from pppd at install and at boot. ppp may bring a pptp.so itself, so a plugin of ours has another name.",
  },
  "pppd-outlives-control": {
    seen: "A control process that is killed leaves pppd and its data running. pppd after SIGTERM keeps call ID and address for up to 6 s where its client is gone.",
    versions: KERNEL,
    ahead: "Sessions are adopted on restart; lcp-max-terminate, lcp-restart, and KILL for what is left.",
  },
  "mppe-is-half-the-time": {
    seen: "MPPE is 46 % of all time, its stateless re-keying 17 points of that: small packets downwards gain 1.14 only. sha1_ssse3 is not loaded by the crypto API, as `sha1` is built in; udev loads it by the CPU's alias, for 10 % with small packets.",
    versions: KERNEL,
    ahead: "modules-load.d loads it, and the docs say the ceiling.",
  },
  "cloud-kernel-without-pptp": {
    seen: "linux-image-amd64 has pptp, gre, pppox and ppp_mppe as modules, which socket() loads; the cloud kernel has gre and the NAT helpers only.",
    versions: "Debian 13",
    ahead: "Readiness checks them.",
  },
} satisfies Topic;
