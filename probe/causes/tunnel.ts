/** What usually ends a dial after its call. */
import { pptp } from "../../protocols/pptp/pptp.ts";
import { positionOf } from "../legs/control.ts";
import type { Evidence } from "../legs/evidence.ts";
import type { Leg } from "../legs/legs.ts";
import type { WeighedCause } from "./cause.ts";

const saidMuch = (e: Evidence, pattern: RegExp) =>
  e.reading?.said.some((line) => pattern.test(line)) ?? false;
const outOfRange = (e: Evidence) => e.serverCallId !== undefined && positionOf(e.serverCallId) === undefined;
const gre = (e: Evidence) => e.grown.tunnel;
const lacking = (e: Evidence) => (e.lacks?.length ?? 0) > 0;

/** GRE that does not come shows as GRE back, wherever it is lost: both legs have the same causes in another order. */
function greCauses(leg: "greOut" | "greBack"): WeighedCause[] {
  const unless = (ruledOut: (e: Evidence) => boolean, weight: number) => (e: Evidence) =>
    lacking(e) || e.reading?.called === false || ruledOut(e) ? 0 : weight;
  const passedIn = (e: Evidence) => (gre(e)?.gre_in ?? 0) > 0;
  const passedOut = (e: Evidence) => (gre(e)?.gre_out ?? 0) > 0;
  return [
    {
      leg,
      cause: "this machine cannot dial",
      fix: "install or load what is missing here; it says nothing about the fleet",
      weight: (e) => (lacking(e) ? 10 : 0),
    },
    {
      leg,
      cause:
        "another tunnel of this machine to the same address holds pptp's call manager, or the server took our second call amiss",
      fix: "end other tunnels to this address here (`pgrep -a pptp`) and probe again",
      weight: (e) => (e.reading?.called === false ? 9 : 0),
    },
    {
      leg,
      cause: "a host or firewall on the way answers GRE with an ICMP error: the log says which",
      fix: "find out who sends it (`tcpdump -n icmp` here); whoever closes protocol 47 must drop it or let it pass",
      weight: (e) =>
        saidMuch(e, /short read .*(not available|refused|route|prohibited|unreachable)/i) ? 11 : 0,
    },
    {
      leg,
      cause:
        "the router before this machine does not pass GRE (its setting is called PPTP passthrough), or this machine's firewall does not",
      fix: "switch it on, let protocol 47 in and out here, or probe from another network",
      weight: unless((e) => passedIn(e) && !passedOut(e), leg === "greBack" ? 7 : 6),
    },
    {
      leg,
      cause: "the server's call IDs are not from its range, so the gateway knows no server for them",
      fix: "look on the server whether pptpctrl is the fleet's wrapper: `dpkg-divert --list '*pptpctrl'`",
      weight: unless((e) => !outOfRange(e) && !(gre(e)?.gre_no_server ?? 0), 9),
    },
    {
      leg,
      cause: "a security group has no rule for protocol 47 (gateway or server, in or out)",
      fix: "probe with --aws, which names the group; `pulumi up --refresh` puts rules back",
      weight: unless(() => false, 6),
    },
    {
      leg,
      cause:
        "the servers' default route is not their zone's gateway, so their GRE does not leave under the address that was dialled",
      fix: "probe with --aws, which names the route table",
      weight: unless(passedOut, leg === "greBack" ? 5 : 2),
    },
    {
      leg,
      cause: "the gateway's interface checks source and destination",
      fix: "probe with --aws; `pulumi up --refresh` turns it off",
      weight: unless(passedOut, 3),
    },
    {
      leg,
      cause:
        "the balancer led the dial to a server of another zone (cross-zone), or does not keep the client's address",
      fix: "probe with --aws, which compares the attributes",
      weight: unless(passedOut, 2),
    },
  ];
}

/** Whatever the leg: the server's end went away before ours gave up. */
function droppedCause(leg: Leg): WeighedCause {
  return {
    leg,
    cause:
      "the server's pppd ended and with it the call: no account at all on the server, its options, its kernel, or an ICMP error that it got for its GRE",
    fix: "read its journal: journalctl -t pptpd -t pppd -n 50",
    weight: (e) => (e.reading?.dropped ? 10 : 0),
  };
}

export const TUNNEL_CAUSES: WeighedCause[] = [
  ...greCauses("greOut"),
  ...greCauses("greBack"),
  ...(["greOut", "greBack", "lcp", "mppe", "address"] as const).map(droppedCause),
  {
    leg: "lcp",
    cause: "some GRE packets are lost on the way: the negotiation starts and stalls",
    fix: "probe again; if it stays, compare gre_in and gre_out (--gateway)",
    weight: 4,
  },
  {
    leg: "lcp",
    cause:
      "the peer asks for a way to authenticate that is refused here: it is not this fleet, or another setting",
    fix: "the fleet asks for MS-CHAPv2 only; read the log (--json)",
    weight: (e) => (saidMuch(e, /auth/i) ? 8 : 2),
  },
  {
    leg: "auth",
    cause:
      "name or password is not one of pptp-fleet:users, or the servers have not taken it yet (six minutes)",
    fix: "compare with the stack's users; on the server, journalctl -u pptp-fleet-accounts",
    weight: 6,
  },
  {
    leg: "auth",
    cause: "GRE stopped in the middle of the exchange: no verdict came",
    fix: "probe again; a path that loses larger packets shows here first",
    weight: (e) => (saidMuch(e, /authentication failed/) ? 0 : 7),
  },
  {
    leg: "mppe",
    cause: "this machine's kernel has no MPPE",
    fix: "modprobe ppp_mppe; a kernel without it (CONFIG_PPP_MPPE) cannot dial this fleet",
    weight: (e) => (saidMuch(e, /MPPE required.*kernel/) ? 9 : 3),
  },
  {
    leg: "mppe",
    cause: "the stack's pptp-fleet:ppp.mppe is of another strength",
    fix: "probe with --mppe 40 or --mppe none, as the stack says",
    weight: 5,
  },
  {
    leg: "address",
    cause: "the server has no address left in its pool, or gave one that this machine refuses",
    fix: "read the server's journal: journalctl -t pppd -n 50",
    weight: 3,
  },
  {
    leg: "ping",
    cause: "a route or firewall of this machine takes the inner address elsewhere",
    fix: "look at `ip route get ADDRESS` here and at its firewall's output and input",
    weight: 3,
  },
  {
    leg: "ping",
    cause: "GRE with data is lost: reordered, or dropped by a limit on the path",
    fix: "probe again, and from another network",
    weight: 2,
  },
  {
    leg: "largest",
    cause: "the path carries less than pptp-fleet:pathMtu says",
    fix: `set pptp-fleet:pathMtu to what passed and ${pptp.overhead.least} bytes more, so that nothing larger is sent`,
    weight: 5,
  },
];
