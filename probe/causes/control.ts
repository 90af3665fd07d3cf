/** What usually ends a dial before its call. */
import { CONTROL } from "../../protocols/pptp/flows.ts";
import type { Evidence } from "../legs/evidence.ts";
import type { WeighedCause } from "./cause.ts";

const refused = (e: Evidence) => e.tcp === "refused";
const controlIn = (e: Evidence) => e.grown.control?.tcp_in;

const MORE_SESSIONS = "raise pptp-fleet:servers, or end sessions that nobody uses";

export const CONTROL_CAUSES: WeighedCause[] = [
  {
    leg: "name",
    cause: "the name has no address: it is mistyped, or no zone is healthy by its alarms",
    fix: "dial an address of `pulumi stack output dial`; if that works, look at the alarms in CloudWatch",
    weight: 2,
  },
  {
    leg: "name",
    cause: "this machine's resolver does not answer",
    fix: "try another name, and look at /etc/resolv.conf",
    weight: 1,
  },
  {
    leg: "tcp",
    cause: "the server or gateway is in its first boot, or its daemon does not run",
    fix: "wait some minutes; on the machine, `systemctl is-active pptp-fleet-ready` says when it serves",
    weight: (e) => (refused(e) ? 9 : controlIn(e) === 0 ? 4 : 5),
  },
  {
    leg: "tcp",
    cause: "your public address, as AWS sees it, is in none of pptp-fleet:allowedCidrs",
    fix: "add it, or probe from a network that is in them",
    weight: (e) => (refused(e) || (controlIn(e) ?? 0) > 0 ? 0 : 8),
  },
  {
    leg: "tcp",
    cause: `a firewall between here and AWS closes ${CONTROL.title}`,
    fix: "ask whoever runs the network that you are in, or probe from another one",
    weight: (e) => (refused(e) ? 3 : (controlIn(e) ?? 0) > 0 ? 0 : 5),
  },
  {
    leg: "tcp",
    cause: "the Elastic IP is on no gateway, or the gateway's interface checks source and destination",
    fix: "probe with --aws, or `pulumi up --refresh`",
    weight: (e) => (refused(e) || (controlIn(e) ?? 0) > 0 ? 0 : 4),
  },
  {
    leg: "tcp",
    cause:
      "the balancer's answer does not reach the gateway: its subnet's default route, or AWS itself (unseen, see docs/probe.md)",
    fix: "probe with --aws and --gateway; if the route is right and tcp_out stays, set frontDoor to eip",
    weight: (e) => (refused(e) || controlIn(e) === 0 ? 0 : controlIn(e) === undefined ? 3 : 8),
  },
  {
    leg: "tcp",
    cause: "no server is registered at the balancer, or none accepts",
    fix: "probe with --aws: it lists the targets and why they are unhealthy",
    weight: (e) => (controlIn(e) === 0 ? 0 : refused(e) ? 6 : 3),
  },
  {
    leg: "tcp",
    cause: "the server is full, and so is the queue in which the kernel keeps dials for pptpd",
    fix: MORE_SESSIONS,
    weight: (e) => (refused(e) || controlIn(e) === 0 ? 0 : 2),
  },
  {
    leg: "tcp",
    cause: "the address is not this fleet's",
    fix: "compare it with `pulumi stack output dial`",
    weight: (e) => (e.tcp === "unreachable" ? 9 : 2),
  },
  {
    leg: "control",
    cause:
      "the server is full: pptpd accepts no more, and a dial waits in the kernel's queue without an answer",
    fix: MORE_SESSIONS,
    weight: (e) => (e.control === undefined ? 2 : e.control.how === "silent" ? 6 : 0),
  },
  {
    leg: "control",
    cause: "the server has no call ID left, or cannot start pptpctrl",
    fix: "read its journal for the wrapper's reason: journalctl -t pptpd -n 50",
    weight: (e) => (e.control?.how === "closed" ? 8 : 0),
  },
  {
    leg: "control",
    cause:
      "pptpd waits for others who connected and say nothing: it reads first packets one client at a time",
    fix: `probe again; if it stays, look on the server who holds port ${CONTROL.port}: \`ss -tn sport = :${CONTROL.port}\``,
    weight: (e) => (e.control?.how === "silent" ? 7 : 0),
  },
  {
    leg: "control",
    cause: "no server is healthy, and the balancer sends dials to dead ones all the same",
    fix: "probe with --aws: it lists the targets and why they are unhealthy",
    weight: (e) => (e.control?.how === "silent" || e.control?.how === "closed" ? 5 : 0),
  },
  {
    leg: "control",
    cause: "too many dials from your address at once: the server's limits hold the rest back",
    fix: "wait a minute; pptp-fleet:limits has dialsPerSecond and connectionsPerSource",
    weight: (e) => (e.control?.how === "silent" ? 4 : e.control?.how === "closed" ? 3 : 0),
  },
  {
    leg: "control",
    cause: "proxy protocol is on at the target group: pptpd reads its header as the first packet",
    fix: "probe with --aws; `pulumi up --refresh` turns it off",
    weight: (e) => (e.control?.how === "closed" ? 2 : 0),
  },
  {
    leg: "control",
    cause: "what listens there is no PPTP server",
    fix: "compare the address with `pulumi stack output dial`",
    weight: (e) => (e.control?.how === "not PPTP" ? 9 : 1),
  },
  {
    leg: "control",
    cause: "the server refuses control connections from here",
    fix: "read its journal: journalctl -t pptpd -n 50",
    weight: (e) => (e.control?.how === "refused" ? 9 : 0),
  },
  {
    leg: "call",
    cause: "the server has no call ID or no resource left for another call",
    fix: "read its journal for the wrapper's reason: journalctl -t pptpd -n 50",
    weight: (e) => (e.call?.how === "refused" && e.call.error === 4 ? 9 : 4),
  },
  {
    leg: "call",
    cause: "the process of the connection died: pptpctrl, or the wrapper before it",
    fix: "read the server's journal: journalctl -t pptpd -t pppd -n 50",
    weight: (e) => (e.call?.how === "closed" || e.call?.how === "silent" ? 8 : 2),
  },
  {
    leg: "call",
    cause: "the server does not accept calls now: it drains, or is not set up for them",
    fix: "read its journal, and look whether /run/pptp-fleet/drain is there",
    weight: (e) => (e.call?.how === "refused" ? 6 : 1),
  },
];
