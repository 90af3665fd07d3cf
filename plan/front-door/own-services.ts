/**
 * What of a machine itself is open to whom its security group lets in for what lies behind it. A group is an interface's:
 * where the interface carries packets for other addresses too, the group cannot tell these from the machine's own, so the
 * machine's own rules have to.
 */
import { formatCidr, intersection, parseCidr } from "../../settings/ipv4.ts";
import type { Settings } from "../../settings/schema.ts";
import type { FrontCidrs } from "../place/addresses.ts";
import type { Egress } from "../tunnel/egress.ts";

/** IPv4 CIDRs; of each list none lies in another. */
export interface OwnServices {
  /** Whom the group lets in for what lies behind the machine. */
  behind: string[];
  /** Of these, who reaches TCP 1723 of the machine itself. */
  control: string[];
  /** Of these, who reaches SSH. */
  ssh: string[];
  /** Of these, who reaches the health port. */
  health: string[];
}

type Admitted = Pick<Settings, "allowedCidrs" | "adminCidrs">;

/**
 * A server's, with `routed`: its clients lie behind it. By the same networks as its group (components/network/rules.ts), as far as
 * they lie in `egress.cidrs`: the group alone keeps the others out, and a change of theirs changes no machine.
 *
 * @param fronts Wherever a gateway and a balancer's node may come to stand, so that a zone more or another front door changes
 *   no server. One that is not there is no network, and nobody is in it.
 */
export function serverServices(
  { allowedCidrs, adminCidrs }: Admitted,
  { mode, cidrs }: Egress,
  fronts: FrontCidrs[],
): OwnServices | undefined {
  if (mode !== "routed") return undefined;
  const jumps = adminCidrs.length === 0 ? [] : fronts.map(({ gateway }) => formatCidr(gateway));
  return {
    behind: cidrs,
    control: common(cidrs, allowedCidrs),
    ssh: common(cidrs, [...adminCidrs, ...jumps]),
    health: common(
      cidrs,
      fronts.map(({ balancer }) => formatCidr(balancer)),
    ),
  };
}

/** A gateway's: servers and routed clients reach all that clients reach by it, and nothing of the gateway itself. */
export function gatewayServices({ allowedCidrs, adminCidrs }: Admitted, behind: string[]): OwnServices {
  return {
    behind,
    control: common(behind, allowedCidrs),
    ssh: common(behind, adminCidrs),
    health: [],
  };
}

function common(some: string[], others: string[]): string[] {
  return intersection(some.map(parseCidr), others.map(parseCidr)).map(formatCidr);
}
