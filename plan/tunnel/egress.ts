/** Where clients' traffic goes. */
import { contains, formatCidr, largest, parseCidr } from "../../settings/ipv4.ts";
import type { Settings } from "../../settings/schema.ts";
import { type AwsFacts, vpcCidrs } from "../place/aws-facts.ts";

/** What clients reach through a server, and whether under their own addresses. */
export interface Egress {
  mode: Settings["egress"]["mode"];
  /** IPv4 CIDRs that clients reach, and with `routed` are reached from; none lies in another. Empty with `none`. */
  cidrs: string[];
  /** Resolvers that clients are told and that lie in none of these: DNS reaches them, and nothing else. */
  resolvers: string[];
  clientToClient: boolean;
  /** Existing route tables that get a route to each server's pool. */
  routeTableIds: string[];
}

/** Without CIDRs in the config: everything with `nat`, the VPC with `routed`, nothing with `none`. */
export function egress(
  { egress: set, dns }: Pick<Settings, "egress" | "dns">,
  facts: Pick<AwsFacts, "vpcCidr" | "secondaryCidrs">,
): Egress {
  // nftables takes no overlaps in a set.
  const networks = largest(
    (set.cidrs.length > 0 ? set.cidrs : everything(set.mode, vpcCidrs(facts))).map(parseCidr),
  );
  const cidrs = networks.map(formatCidr);
  const resolvers = dns.filter(
    (address) => !networks.some((network) => contains(network, parseCidr(`${address}/32`))),
  );
  const { mode, clientToClient, routeTableIds } = set;
  return { mode, cidrs, resolvers, clientToClient, routeTableIds };
}

/** Where the config names no CIDR. */
function everything(mode: Egress["mode"], vpc: string[]): string[] {
  switch (mode) {
    case "nat":
      return ["0.0.0.0/0"];
    case "routed":
      return vpc;
    case "none":
      return [];
    default:
      return mode satisfies never;
  }
}
