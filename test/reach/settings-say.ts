/**
 * Who may reach what by a stack's settings, as README.md and docs/tunings.md say it:
 *
 * | what | who |
 * |---|---|
 * | TCP 1723 and protocol 47 of a server, a gateway; TCP 1723 of the balancer | `allowedCidrs` |
 * | SSH of a server, a gateway | `adminCidrs`; of a server also gateways' subnets, where anybody may administer |
 * | the health port of a server | the balancer's subnets |
 * | both of these, with `routed` in subnets that the stack makes | also where a zone's gateway or balancer would be |
 * | a client | `egress.cidrs` with `routed`, else nobody |
 * | anything else | nobody |
 */
import type { Config } from "../program/run.ts";
import { type Balancer, GRE, ICMP, type Machine, type Reach, type Service, TCP, UDP } from "./model.ts";
import { inAny, number, text } from "./networks.ts";

const [CONTROL, SSH, HEALTH, DNS] = [1723, 22, 8723, 53];
/** What `egress` opens, of IP's protocols. */
const OPENED: number[] = [TCP, UDP, ICMP];

export interface Says {
  machine(machine: Machine, source: number, service: Service): boolean;
  balancer(balancer: Balancer, source: number, service: Service): boolean;
  /** From outside to a client. */
  client(source: number, service: Service): boolean;
  /** From a client to outside, where no machine of the fleet is. */
  beyond(destination: number, service: Service): boolean;
}

/** CIDRs of the VPC; the one that exists has two (offline/existing-vpc.ts). */
export function vpcOf({ vpcId, vpcCidr }: Config): string[] {
  return vpcId === undefined ? [vpcCidr as string] : ["10.20.0.0/16", "10.21.0.0/24"];
}

export function settingsSay(config: Config, { subnets }: Reach): Says {
  const { allowedCidrs, adminCidrs, dns } = config as Record<string, string[]>;
  const { mode, cidrs } = config.egress as { mode: string; cidrs: string[] };
  /** Of a role: what the stack makes, or with `subnetIds` what config names. */
  const subnetsOf = (made: RegExp, key: string) => {
    const named = (config[key] as string[] | undefined) ?? [];
    return Object.entries(subnets).flatMap(([name, cidr]) =>
      made.test(name) || named.includes(name) ? [cidr] : [],
    );
  };
  const servers = subnetsOf(/^pptp-fleet-[a-h]$/, "subnetIds");
  // With `eip` nobody stands in them.
  const front = config.frontDoor === "eip" ? () => [] : subnetsOf;
  const gateways = front(/-gateway-/, "gatewaySubnetIds");
  const balancers = front(/-balancer-/, "balancerSubnetIds");
  const clients =
    cidrs.length > 0 || mode === "none" ? cidrs : mode === "nat" ? ["0.0.0.0/0"] : vpcOf(config);
  const reserved = mode === "routed" ? fronts(config) : [];
  const fromReserved = (source: number, at: 0 | 1) =>
    inAny(source, clients) && reserved.some((front) => inAny(source, [front[at]!]));
  const dials = (source: number) => inAny(source, allowedCidrs!);
  const administers = (source: number) => inAny(source, adminCidrs!);
  return {
    machine: ({ kind }, source, { protocol, port }) => {
      // A gateway carries what servers send to clients, whatever address that is for.
      if (protocol === GRE) return dials(source) || (kind === "gateway" && inAny(source, servers));
      if (protocol !== TCP) return false;
      if (port === CONTROL) return dials(source);
      if (port === SSH)
        return (
          administers(source) ||
          (kind === "server" &&
            adminCidrs!.length > 0 &&
            (inAny(source, gateways) || fromReserved(source, 1)))
        );
      return port === HEALTH && kind === "server" && (inAny(source, balancers) || fromReserved(source, 0));
    },
    balancer: (_, source, { protocol, port }) => protocol === TCP && port === CONTROL && dials(source),
    // Who dials by protocol 47 and reaches clients too reaches them by it as well: it tunnels nothing for nobody.
    client: (source, { protocol }) =>
      mode === "routed" &&
      inAny(source, clients) &&
      (OPENED.includes(protocol) || (protocol === GRE && dials(source))),
    beyond: (destination, { protocol, port }) => {
      if (inAny(destination, ["169.254.0.0/16"])) return false;
      if (
        [TCP, UDP].includes(protocol as never) &&
        port === DNS &&
        dns!.some((each) => inAny(destination, [each]))
      )
        return true;
      return (
        inAny(destination, clients) && (OPENED.includes(protocol) || (protocol === GRE && dials(destination)))
      );
    },
  };
}

/**
 * By zone, balancer's subnet and gateway's, where the stack makes its own, whether they are there or not: they begin the second
 * half of the zone's part, in a VPC of its own from a to h an eighth of that.
 */
function fronts({ vpcCidr, vpcId, subnetCidrs }: Config): [balancer: string, gateway: string][] {
  const halves = (cidr: string, parts: number) => {
    const [base, prefix] = cidr.split("/") as [string, string];
    const part = 2 ** (32 - Number(prefix)) / parts;
    return Array.from({ length: parts }, (_, zone) => number(base) + (zone + 0.5) * part);
  };
  const seconds =
    vpcId === undefined
      ? halves(vpcCidr as string, 8)
      : ((subnetCidrs as string[] | undefined) ?? []).flatMap((cidr) => halves(cidr, 1));
  return seconds.map((second) => [`${text(second)}/28`, `${text(second + 16)}/28`]);
}
