/**
 * Who may reach what by a stack's settings, as README.md and docs/tunings.md say it:
 *
 * | what | who |
 * |---|---|
 * | TCP 1723 and protocol 47 of a server, a gateway; TCP 1723 of the balancer | `allowedCidrs` |
 * | SSH of a server, a gateway | `adminCidrs`; of a server also gateways' subnets, where anybody may administer |
 * | the health port of a server | the balancer's subnets |
 * | both of these, with `routed` in a VPC of our own | also where a zone's gateway or balancer would be |
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

export function settingsSay(config: Config, { subnets }: Reach): Says {
  const { allowedCidrs, adminCidrs, dns } = config as Record<string, string[]>;
  const { mode, cidrs } = config.egress as { mode: string; cidrs: string[] };
  // An existing one has two (offline/existing-vpc.ts).
  const vpc = config.vpcId === undefined ? [config.vpcCidr as string] : ["10.20.0.0/16", "10.21.0.0/24"];
  const named = (word: string) =>
    Object.entries(subnets).flatMap(([name, cidr]) => (name.includes(word) ? [cidr] : []));
  const reserved = mode === "routed" && config.vpcId === undefined ? fronts(config.vpcCidr as string) : [];
  const fromReserved = (source: number, at: 0 | 1) =>
    inAny(source, clients) && reserved.some((front) => inAny(source, [front[at]!]));
  const [gateways, balancers] = [named("-gateway-"), named("-balancer-")];
  const clients = cidrs.length > 0 || mode === "none" ? cidrs : mode === "nat" ? ["0.0.0.0/0"] : vpc;
  const dials = (source: number) => inAny(source, allowedCidrs!);
  const administers = (source: number) => inAny(source, adminCidrs!);
  return {
    machine: ({ kind }, source, { protocol, port }) => {
      // A gateway carries what servers send to clients, whatever address that is for.
      if (protocol === GRE)
        return dials(source) || (kind === "gateway" && inAny(source, serverSubnets(subnets)));
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

/** By zone from a to h, balancer's subnet and gateway's: they begin the second half of the zone's eighth of the VPC. */
function fronts(vpcCidr: string): [balancer: string, gateway: string][] {
  const [base, prefix] = vpcCidr.split("/") as [string, string];
  const eighth = 2 ** (32 - Number(prefix) - 3);
  return Array.from({ length: 8 }, (_, zone) => {
    const second = number(base) + (zone + 0.5) * eighth;
    return [`${text(second)}/28`, `${text(second + 16)}/28`];
  });
}

const serverSubnets = (subnets: Record<string, string>): string[] =>
  Object.entries(subnets).flatMap(([name, cidr]) => (/^pptp-fleet-[a-h]$/.test(name) ? [cidr] : []));
