/**
 * What each security group lets in and out, each rule with its reason; all else is closed, both ways. DNS, DHCP, time
 * and metadata inside the VPC are outside of any group's reach (AWS: Security group rules).
 *
 * Protocol 47 has a rule in each direction although a group remembers flows: it remembers GRE by address for 600 s
 * only, and a tunnel that began by that memory dies by it (traps: group-tracks-gre). A flow that talks outlives the
 * rule that let it in (traps: flow-outlives-its-rule).
 */

import type { GatewayPlan } from "../../plan/front-door/gateways.ts";
import { HEALTH_PORT } from "../../plan/front-door/health.ts";
import type { Egress } from "../../plan/tunnel/egress.ts";
import type { Flow, Protocol } from "../../protocols/protocol.ts";
import { balancedFlows, flowsOf, forwardedFlows, protocols } from "../../protocols/protocols.ts";
import { flowName } from "../aws-names.ts";

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

const SSH = 22;
const DNS = 53;
const EVERYWHERE = "0.0.0.0/0";

/** The servers' group: dialled by clients, whichever front door is before it. */
export function serverRules({ allowedCidrs, adminCidrs, egress, gateways }: Openings, of = protocols): Rules {
  const jumps = adminCidrs.length === 0 ? [] : gateways.map(({ subnetCidr }) => subnetCidr);
  return {
    ingress: [
      ...clientsIn(allowedCidrs, of),
      ...gateways.map(({ balancerCidr }) =>
        tcp("health", "Health check by the balancer", balancerCidr, HEALTH_PORT),
      ),
      ...adminCidrs.map((cidr) => tcp("ssh", "SSH from administrators", cidr, SSH)),
      ...jumps.map((cidr) => tcp("ssh-gateway", "SSH from administrators, by the gateway", cidr, SSH)),
      ...toClients(egress),
    ],
    egress: [...clientsOut(allowedCidrs, of), ...fromClients(egress), ...ownNeeds()],
  };
}

/** The gateways' group: clients on one side; servers, balancer and the way to the internet on the other. */
export function gatewayRules(
  { allowedCidrs, adminCidrs, egress, gateways }: Openings,
  of = protocols,
): Rules {
  const servers = gateways.map(({ serversCidr }) => serversCidr);
  const balancers = gateways.map(({ balancerAddress }) => `${balancerAddress}/32`);
  const own = [...new Set(gateways.flatMap((gateway) => gateway.own))];
  const open = [...fromClients(egress), ...ownNeeds()];
  const [balanced, forwarded] = [balancedFlows(of), forwardedFlows(of)];
  return {
    ingress: [
      ...clientsIn(allowedCidrs, of),
      ...each(balancers, balanced, (flow, cidr) =>
        toClient(flow, `Answers of ${flow.carries} from the balancer`, cidr, flowName("answers", flow)),
      ),
      ...each(servers, forwarded, (flow, cidr) =>
        toClient(flow, tunnels(flow, "from servers"), cidr, `${flow.name}-servers`),
      ),
      ...each(servers, balanced, (flow, cidr) =>
        toClient(
          flow,
          `Answers of ${flow.carries} that came past the balancer`,
          cidr,
          flowName("past", flow),
        ),
      ),
      ...own.flatMap((cidr) => unique(open.map((rule) => ({ ...rule, cidr })))),
      ...adminCidrs.map((cidr) => tcp("ssh", "SSH from administrators", cidr, SSH)),
    ],
    egress: [
      ...each(balancers, balanced, (flow, cidr) =>
        toServer(flow, `${flow.carries} to the balancer`, cidr, flowName("balancer", flow)),
      ),
      ...each(servers, forwarded, (flow, cidr) =>
        toServer(flow, tunnels(flow, "to servers"), cidr, `${flow.name}-servers`),
      ),
      ...clientsOut(allowedCidrs, of),
      ...open,
      ...(adminCidrs.length === 0 ? [] : servers).map((cidr) =>
        tcp("ssh", "SSH from administrators, to servers", cidr, SSH),
      ),
    ],
  };
}

/** The balancer's group: it sees clients under their own addresses. */
export function balancerRules(
  { allowedCidrs, gateways }: Pick<Openings, "allowedCidrs" | "gateways">,
  of = protocols,
): Rules {
  const balanced = balancedFlows(of);
  return {
    ingress: each(allowedCidrs, balanced, (flow, cidr) =>
      toServer(flow, tunnels(flow, "from clients"), cidr),
    ),
    egress: gateways.flatMap(({ serversCidr }) => [
      ...balanced.map((flow) => toServer(flow, tunnels(flow, "to servers"), serversCidr)),
      tcp("health", "Health check of servers", serversCidr, HEALTH_PORT),
    ]),
  };
}

/** For each network a rule of each flow, but for those that open the same: AWS refuses a rule that is there already. */
function each<F extends Flow>(cidrs: string[], flows: F[], rule: (flow: F, cidr: string) => Rule): Rule[] {
  return cidrs.flatMap((cidr) =>
    flows
      .map((flow) => rule(flow, cidr))
      .filter((one, i, all) => all.findIndex((other) => opensSame(one, other)) === i),
  );
}

function opensSame(one: Rule, other: Rule): boolean {
  return one.ipProtocol === other.ipProtocol && String(one.ports) === String(other.ports);
}

/** Clients' own flows, towards the machine that they dial. */
function clientsIn(cidrs: string[], of: readonly Protocol[]): Rule[] {
  return each(cidrs, flowsOf(of), (flow, cidr) => toServer(flow, tunnels(flow, "from clients"), cidr));
}

/** And back. A group lets answers out by itself while it remembers the flow, 350 s on newer types; a tunnel lasts longer. */
function clientsOut(cidrs: string[], of: readonly Protocol[]): Rule[] {
  return each(cidrs, flowsOf(of), (flow, cidr) => {
    const description =
      flow.port === undefined ? tunnels(flow, "to clients") : `Answers of ${flow.carries} to clients`;
    return toClient(flow, description, cidr);
  });
}

function tunnels({ carries, title, port }: Flow, peer: string): string {
  return `${carries} ${peer}${port === undefined ? ` (${title})` : ""}`;
}

/** To the server's port, where the flow has one. */
function toServer(flow: Flow, description: string, cidr: string, name: string = flow.name): Rule {
  const ports: Pick<Rule, "ports"> = flow.port === undefined ? {} : { ports: [flow.port, flow.port] };
  return { name, description, cidr, ipProtocol: String(flow.protocol), ...ports };
}

/** To a client's port, where the flow has one. */
function toClient(flow: Flow, description: string, cidr: string, name: string = flow.name): Rule {
  const ports: Pick<Rule, "ports"> = flow.port === undefined ? {} : { ports: [...flow.clientPorts] };
  return { name, description, cidr, ipProtocol: String(flow.protocol), ...ports };
}

function tcp(name: string, description: string, cidr: string, from: number, to = from): Rule {
  return { name, description, cidr, ipProtocol: "tcp", ports: [from, to] };
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
    tcp("https", "S3, Secrets Manager, and packages over TLS", EVERYWHERE, 443),
  ];
}

/** One rule of each name. */
function unique(rules: Rule[]): Rule[] {
  return [...new Map(rules.map((rule) => [rule.name, rule])).values()];
}
