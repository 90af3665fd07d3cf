/** Nobody opens PPTP or administration to the world. */
import ipaddr from "ipaddr.js";
import { demandKnown, OPENING_TYPES, type Opening, openingsOf, opensGre, opensTcp } from "../kit/openings.ts";
import type { ResourceRule } from "../kit/rule.ts";
import { plain, UNKNOWN } from "../kit/stack.ts";
import { EGRESS_RULE, PPTP_CONTROL } from "../kit/types.ts";

interface Settings {
  ports: number[];
  shortestIpv4: number;
  shortestIpv6: number;
}

export const noOpenWorld: ResourceRule<Settings> = {
  name: "no-open-world",
  demands: "TCP 1723, protocol 47 and administration are open to networks that somebody can name.",
  severity: "critical",
  reason: "PPTP is broken: its allow list is what keeps the internet off it.",
  wayOut:
    "name your clients' and administrators' networks in pptp-fleet:allowedCidrs and pptp-fleet:adminCidrs; with egress.mode routed, whoever may reach clients in egress.cidrs",
  link: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  settings: {
    ports: {
      type: "array",
      items: { type: "integer", minimum: 0, maximum: 65_535 },
      description: "TCP ports of administration, beside 1723 and protocol 47.",
      default: [22, 3389],
    },
    shortestIpv4: {
      type: "integer",
      // Below 2 the halves of the whole, 0.0.0.0/1 and 128.0.0.0/1, would pass.
      minimum: 2,
      maximum: 32,
      description: "Length of the shortest IPv4 prefix that may be let in.",
      default: 8,
    },
    shortestIpv6: {
      type: "integer",
      minimum: 4,
      maximum: 128,
      description: "Length of the shortest IPv6 prefix that may be let in.",
      default: 32,
    },
  },
  of: OPENING_TYPES.filter((type) => type !== EGRESS_RULE),
  broken: function* ({ type, props }, settings) {
    for (const opening of openingsOf(type, plain(props) as typeof props)) {
      const what = guarded(opening, settings);
      if (opening.direction === "out" || what === undefined) continue;
      for (const { kind, value } of opening.peers) {
        if (kind === "prefix list")
          yield `${what} is open to a prefix list, of which nobody knows here what it holds`;
        if (kind === "cidr" && value !== UNKNOWN && tooWide(String(value), settings))
          yield `${what} is open to ${value}`;
      }
    }
    demandKnown(props, ["egress", "description"]);
  },
};

/** What of ours an opening lets in. */
function guarded(opening: Opening, { ports }: Settings): string | undefined {
  if (opensTcp(opening, PPTP_CONTROL)) return "TCP 1723";
  if (opensGre(opening)) return "protocol 47";
  const port = ports.find((each) => opensTcp(opening, each));
  return port === undefined ? undefined : `TCP ${port}`;
}

/** What is no CIDR at all is too wide: nobody knows what AWS makes of it. */
function tooWide(cidr: string, { shortestIpv4, shortestIpv6 }: Settings): boolean {
  if (!ipaddr.isValidCIDR(cidr)) return true;
  const [address, length] = ipaddr.parseCIDR(cidr);
  return length < (address.kind() === "ipv4" ? shortestIpv4 : shortestIpv6);
}
