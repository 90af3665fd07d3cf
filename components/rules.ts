/**
 * What each security group lets in and out, each rule with its reason; all else is closed, both ways. DNS, DHCP, time
 * and metadata inside the VPC are outside of any group's reach (AWS: Security group rules).
 *
 * Protocol 47 has a rule in each direction although a group remembers flows: it remembers GRE by address for 600 s
 * only, and a tunnel that began by that memory dies by it (traps: group-tracks-gre). A flow that talks outlives the
 * rule that let it in (traps: flow-outlives-its-rule).
 */
import type { Egress } from "../plan/egress.ts";
import type { GatewayPlan } from "../plan/gateways.ts";
import { HEALTH_PORT } from "../plan/health.ts";

/** A rule, the same for either direction: `cidr` is the other side. */
export interface Rule {
  /** Names the resource together with the CIDR: a CIDR more is a rule more, and touches no other. */
  name: string;
  description: string;
  cidr: string;
  /** `tcp`, or an IP protocol number. */
  ipProtocol: string;
  /** Destination ports, for ICMP type and code; left out for protocols that have neither. */
  ports?: [from: number, to: number];
}

export interface Rules {
  ingress: Rule[];
  egress: Rule[];
}

/** What the rules follow from. */
export interface Openings {
  /** IPv4 CIDRs that may dial. */
  allowedCidrs: string[];
  /** IPv4 CIDRs that may administer by SSH; none: administration is closed. */
  adminCidrs: string[];
  /** What clients reach, under the server's address or under their own. */
  egress: Egress;
  gateways: GatewayPlan[];
}

const PPTP_CONTROL = 1723;
const SSH = 22;
const DNS = 53;
/** Generic Routing Encapsulation's IP protocol number (RFC 2637, 4). */
const GRE = "47";
const EVERYWHERE = "0.0.0.0/0";
/** What a client's side of a TCP connection may be. */
const CLIENT_PORTS: [number, number] = [1024, 65535];

/** The servers' group: dialled by clients, whichever front door is before it. */
export function serverRules({ allowedCidrs, adminCidrs, egress, gateways }: Openings): Rules {
  const jumps = adminCidrs.length === 0 ? [] : gateways.map(({ subnetCidr }) => subnetCidr);
  return {
    ingress: [
      ...allowedCidrs.flatMap((cidr) => [
        tcp("control", "PPTP control from clients", cidr, PPTP_CONTROL),
        gre("PPTP tunnels from clients (GRE)", cidr),
      ]),
      ...gateways.map(({ balancerCidr }) =>
        tcp("health", "Health check by the balancer", balancerCidr, HEALTH_PORT),
      ),
      ...adminCidrs.map((cidr) => tcp("ssh", "SSH from administrators", cidr, SSH)),
      ...jumps.map((cidr) => tcp("ssh-gateway", "SSH from administrators, by the gateway", cidr, SSH)),
      ...toClients(egress),
    ],
    egress: [
      // A group lets answers out by itself while it remembers the flow, 350 s on newer types; a tunnel lasts longer.
      ...allowedCidrs.flatMap((cidr) => [
        tcp("control", "Answers of PPTP control to clients", cidr, ...CLIENT_PORTS),
        gre("PPTP tunnels to clients (GRE)", cidr),
      ]),
      ...fromClients(egress),
      ...ownNeeds(),
    ],
  };
}

/** The gateways' group: clients on one side; servers, balancer and the way to the internet on the other. */
export function gatewayRules({ allowedCidrs, adminCidrs, egress, gateways }: Openings): Rules {
  const servers = gateways.map(({ serversCidr }) => serversCidr);
  const balancers = gateways.map(({ balancerAddress }) => `${balancerAddress}/32`);
  const own = [...new Set(gateways.flatMap((gateway) => gateway.own))];
  const open = [...fromClients(egress), ...ownNeeds()];
  return {
    ingress: [
      ...allowedCidrs.flatMap((cidr) => [
        tcp("control", "PPTP control from clients", cidr, PPTP_CONTROL),
        gre("PPTP tunnels from clients (GRE)", cidr),
      ]),
      ...balancers.map((cidr) =>
        tcp("answers", "Answers of PPTP control from the balancer", cidr, ...CLIENT_PORTS),
      ),
      ...servers.map((cidr) => ({ ...gre("PPTP tunnels from servers (GRE)", cidr), name: "gre-servers" })),
      ...servers.map((cidr) =>
        tcp("past", "Answers of PPTP control that came past the balancer", cidr, ...CLIENT_PORTS),
      ),
      ...own.flatMap((cidr) => unique(open.map((rule) => ({ ...rule, cidr })))),
      ...adminCidrs.map((cidr) => tcp("ssh", "SSH from administrators", cidr, SSH)),
    ],
    egress: [
      ...balancers.map((cidr) => tcp("balancer", "PPTP control to the balancer", cidr, PPTP_CONTROL)),
      ...servers.map((cidr) => ({ ...gre("PPTP tunnels to servers (GRE)", cidr), name: "gre-servers" })),
      ...allowedCidrs.flatMap((cidr) => [
        tcp("control", "Answers of PPTP control to clients", cidr, ...CLIENT_PORTS),
        gre("PPTP tunnels to clients (GRE)", cidr),
      ]),
      ...open,
      ...(adminCidrs.length === 0 ? [] : servers).map((cidr) =>
        tcp("ssh", "SSH from administrators, to servers", cidr, SSH),
      ),
    ],
  };
}

/** The balancer's group: it sees clients under their own addresses. */
export function balancerRules({ allowedCidrs, gateways }: Openings): Rules {
  return {
    ingress: allowedCidrs.map((cidr) => tcp("control", "PPTP control from clients", cidr, PPTP_CONTROL)),
    egress: gateways.flatMap(({ serversCidr }) => [
      tcp("control", "PPTP control to servers", serversCidr, PPTP_CONTROL),
      tcp("health", "Health check of servers", serversCidr, HEALTH_PORT),
    ]),
  };
}

function tcp(name: string, description: string, cidr: string, from: number, to = from): Rule {
  return { name, description, cidr, ipProtocol: "tcp", ports: [from, to] };
}

function gre(description: string, cidr: string): Rule {
  return { name: "gre", description, cidr, ipProtocol: GRE };
}

/**
 * What clients send, under whatever address: TCP, UDP and ICMP, never all protocols, or the server's own GRE would
 * begin flows that a missing rule for 47 ends 600 s later (traps: group-tracks-gre).
 */
function fromClients({ cidrs, resolvers }: Egress): Rule[] {
  return [
    ...cidrs.flatMap((cidr) => anything(cidr, "From clients")),
    ...resolvers.flatMap((address): Rule[] =>
      ["udp", "tcp"].map((ipProtocol) => ({
        name: `dns-${ipProtocol}`,
        description: "DNS of clients, to the resolver that they are told",
        cidr: `${address}/32`,
        ipProtocol,
        ports: [DNS, DNS],
      })),
    ),
  ];
}

/** Where clients keep their addresses, whom they reach may reach them. */
function toClients({ mode, cidrs }: Egress): Rule[] {
  return mode === "routed" ? cidrs.flatMap((cidr) => anything(cidr, "To clients")) : [];
}

function anything(cidr: string, direction: string): Rule[] {
  return [
    tcp("clients-tcp", `${direction}: TCP`, cidr, 0, 65535),
    { name: "clients-udp", description: `${direction}: UDP`, cidr, ipProtocol: "udp", ports: [0, 65535] },
    // Every type and code.
    { name: "clients-icmp", description: `${direction}: ICMP`, cidr, ipProtocol: "icmp", ports: [-1, -1] },
  ];
}

/** What a machine itself asks for; Debian's mirrors and AWS's own addresses are many and change. */
function ownNeeds(): Rule[] {
  return [
    tcp("http", "Packages from mirrors of Debian", EVERYWHERE, 80),
    tcp("https", "Secrets Manager, and packages over TLS", EVERYWHERE, 443),
  ];
}

/** One rule of each name. */
function unique(rules: Rule[]): Rule[] {
  return [...new Map(rules.map((rule) => [rule.name, rule])).values()];
}
