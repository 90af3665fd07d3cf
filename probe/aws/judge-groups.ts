/** Security groups: whether what the fleet sends and gets has a rule. Pure. */
import { HEALTH_PORT } from "../../plan/front-door/health.ts";
import type { Flow } from "../../protocols/protocol.ts";
import { balancedFlows, flowsOf, forwardedFlows, protocols } from "../../protocols/protocols.ts";
import { network, overlaps, readCidr } from "../../settings/ipv4.ts";
import type { Leg } from "../legs/legs.ts";
import type { Fault, Inventory, Rule, Subnet } from "./inventory.ts";
import { gatewaysOf, serversOf, unique } from "./judge-network.ts";

/** Where clients may be, while nobody says where this one is. */
const ANYWHERE = "0.0.0.0/0";

interface Need {
  /** What it is for, such as `GRE (protocol 47) from clients`. */
  what: string;
  direction: Rule["direction"];
  protocol: string;
  port?: number;
  /** The other side; a rule for any part of it will do, as a fleet's rules may be many small ones. */
  cidr: string;
  leg?: Leg;
}

/**
 * @param from The client's public address; without it a rule for anybody counts as one for this client.
 */
export function groupFaults(inventory: Inventory, from?: string): Fault[] {
  const clients = from === undefined ? ANYWHERE : `${from}/32`;
  const { balancer } = inventory;
  const subnetsOf = (ids: string[]) => inventory.subnets.filter(({ id }) => ids.includes(id));
  const balancers = subnetsOf(balancer?.subnetIds ?? []);
  const servers = subnetsOf(serversOf(inventory).map(({ subnetId }) => subnetId));
  const parties: [who: string, groupIds: string[][], needs: Need[]][] = [
    ["servers", serversOf(inventory).map(({ groupIds }) => groupIds), serverNeeds(clients, balancers)],
    [
      "gateways",
      gatewaysOf(inventory).map(({ groupIds }) => groupIds),
      gatewayNeeds(clients, servers, balancers),
    ],
    // A balancer that was made without groups filters nothing.
    ["balancer", balancer?.groupIds.length ? [balancer.groupIds] : [], balancerNeeds(clients, servers)],
  ];
  return parties.flatMap(([who, sets, needs]) =>
    unique(sets.map((ids) => ids.toSorted().join(","))).flatMap((ids) =>
      judgeSet(inventory, who, ids === "" ? [] : ids.split(","), needs),
    ),
  );
}

function judgeSet({ groups }: Inventory, who: string, ids: string[], needs: Need[]): Fault[] {
  const own = groups.filter(({ id }) => ids.includes(id));
  const rules = own.flatMap((group) => group.rules);
  const names = own.map(({ id, name }) => (name === id ? id : `${name} (${id})`));
  const resource = names.length > 0 ? `group ${names.join(", ")} of the ${who}` : `the ${who}`;
  return needs
    .filter((need) => !rules.some((rule) => serves(rule, need)))
    .map(({ what, direction, protocol, port, cidr, leg }) => ({
      id: `rule-${who}-${direction}-${protocol}${port === undefined ? "" : `-${port}`}`,
      resource,
      wrong: `no rule lets ${direction} ${what}${cidr === ANYWHERE ? "" : ` (${cidr})`}`,
      fix: "`pulumi up --refresh` puts the stack's rules back; clients' are pptp-fleet:allowedCidrs",
      ...(leg === undefined ? {} : { leg }),
    }));
}

function serverNeeds(clients: string, balancers: Subnet[]): Need[] {
  return [
    ...clientNeeds(clients),
    ...balancers.map(({ cidr }) => tcp("the health check", "in", HEALTH_PORT, cidr)),
  ];
}

function gatewayNeeds(clients: string, servers: Subnet[], balancers: Subnet[]): Need[] {
  return [
    ...clientNeeds(clients),
    ...balancers.flatMap(({ cidr }) =>
      balancedFlows(protocols).map((flow) => there(flow, "to the balancer", "out", cidr)),
    ),
    ...servers.flatMap(({ cidr }) =>
      forwardedFlows(protocols).flatMap((flow) => [
        there(flow, "to servers", "out", cidr),
        back(flow, "from servers", "in", cidr),
      ]),
    ),
  ];
}

function balancerNeeds(clients: string, servers: Subnet[]): Need[] {
  const flows = balancedFlows(protocols);
  return [
    ...flows.map((flow) => there(flow, "from clients", "in", clients)),
    ...servers.flatMap(({ cidr }) => [
      ...flows.map((flow) => there(flow, "to servers", "out", cidr)),
      tcp("the health check to servers", "out", HEALTH_PORT, cidr),
    ]),
  ];
}

/** Of a machine that clients dial. A group lets a balanced flow's answers out by itself. */
function clientNeeds(clients: string): Need[] {
  return flowsOf(protocols).flatMap((flow) => [
    there(flow, "from clients", "in", clients),
    ...(flow.by === "balancer" ? [] : [back(flow, "to clients", "out", clients)]),
  ]);
}

/** A flow's way from clients to servers. */
function there(flow: Flow<Leg>, peer: string, direction: Need["direction"], cidr: string): Need {
  return {
    what: `${called(flow)} ${peer}`,
    ...{ direction, protocol: String(flow.protocol), cidr },
    ...(flow.port === undefined ? {} : { port: flow.port }),
    leg: flow.legs.there,
  };
}

/** And back: to any port, where it has ports. */
function back(flow: Flow<Leg>, peer: string, direction: Need["direction"], cidr: string): Need {
  return {
    what: `${called(flow)} ${peer}`,
    ...{ direction, protocol: String(flow.protocol), cidr },
    leg: flow.legs.back,
  };
}

function called({ title, protocol, port }: Flow): string {
  return port === undefined ? `${title} (protocol ${protocol})` : title;
}

function tcp(what: string, direction: Need["direction"], port: number, cidr: string): Need {
  return { what, direction, protocol: "tcp", port, cidr };
}

function serves(rule: Rule, { direction, protocol, port, cidr }: Need): boolean {
  if (rule.direction !== direction) return false;
  if (rule.protocol !== protocol && rule.protocol !== "-1") return false;
  if (port !== undefined && rule.ports && (port < rule.ports[0] || port > rule.ports[1])) return false;
  return rule.cidrs.some((each) => meet(each, cidr));
}

function meet(a: string, b: string): boolean {
  const [one, other] = [readCidr(a), readCidr(b)];
  if (!one || !other) return false;
  return overlaps(network(one.address, one.prefix), network(other.address, other.prefix));
}
