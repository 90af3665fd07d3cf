/** The model of a stack, read from its resources and from those of the VPC that it names. */
import type { Graph, Resource } from "../../graph/graph.ts";
import { interfaceOf, machineKind, machineName } from "../../graph/machines.ts";
import {
  BALANCER,
  EGRESS_RULE,
  GROUP_RULE,
  INGRESS_RULE,
  INSTANCE,
  INTERNET_GATEWAY,
  ROUTE,
  SECURITY_GROUP,
  SUBNET,
} from "../../graph/types.ts";
import { recordedMachines } from "../../offline/machines.ts";
import type { ProgramRun } from "../../offline/program.ts";
import { withStandingVpc } from "../../offline/standing-vpc.ts";
import { type GroupRule, ICMP, type Machine, type NextHop, type Reach, TCP, UDP } from "./model.ts";
import { number, type Range, range, text } from "./networks.ts";
import { Ruleset } from "./nft/nft.ts";

/** Of the stacks that test/program/run.ts runs. */
const REGION = "eu-west-1";
const PROTOCOLS: Record<string, number> = { icmp: ICMP, tcp: TCP, udp: UDP };

export function reachOf(run: ProgramRun): Reach {
  const graph = withStandingVpc(run.resources, REGION);
  const files = new Map(recordedMachines(run).map(({ name, files }) => [name, files]));
  const rules = groupRules(graph);
  const rulesOf = (groups: string[]) => groups.flatMap((id) => rules.get(id)!);
  const machines = graph.all(INSTANCE).map((instance): Machine => {
    const [name, kind] = [machineName(instance), machineKind(instance)];
    const { id, privateAddress, subnetId, groups, sourceDestCheck } = interfaceOf(graph, instance);
    const read = (path: string) =>
      files.get(name)!.find((file: { path: string }) => file.path === path)!.content;
    const router = () => text(range(graph.find(SUBNET, subnetId).inputs.cidrBlock)[0] + 1);
    return {
      ...{ name, kind, interfaceId: id, checked: sourceDestCheck },
      address: number(privateAddress),
      group: rulesOf(groups),
      nextHop: nextHop(graph, subnetId),
      rules:
        kind === "server"
          ? new Ruleset([read("/etc/nftables.conf")])
          : new Ruleset([read("/etc/pptp-fleet/gateway.nft"), read("/etc/pptp-fleet/fast.nft")], {
              own: privateAddress,
              card: "eth0",
              router: router(),
            }),
      behind: graph
        .all(ROUTE)
        .filter(({ inputs }) => inputs.networkInterfaceId === id)
        .map(({ inputs }) => range(inputs.destinationCidrBlock)),
      tunnels: kind === "server" ? tunnelsOf(read("/etc/pptpd.conf")) : undefined,
    };
  });
  const [balancer] = graph.all(BALANCER);
  return {
    machines: machines.sort((a, b) => (a.name < b.name ? -1 : 1)),
    balancer: balancer && {
      nodes: balancer.inputs.subnetMappings.map(({ privateIpv4Address, subnetId }) => ({
        zone: graph.find(SUBNET, subnetId).inputs.availabilityZone,
        address: number(privateIpv4Address!),
        nextHop: nextHop(graph, subnetId),
      })),
      group: rulesOf(balancer.inputs.securityGroups),
    },
    subnets: Object.fromEntries(graph.all(SUBNET).map(({ name, inputs }) => [name, inputs.cidrBlock])),
  };
}

/** @throws Error for a subnet that leaves its table to the VPC's main one: all here have one of their own, made or there before. */
function nextHop(graph: Graph, subnetId: string): NextHop {
  const table = graph.tableOf(subnetId);
  if (table === undefined) throw new Error(`${subnetId} has no route table`);
  const [route, ...more] = graph
    .routes(table)
    .filter(({ inputs }) => inputs.destinationCidrBlock === "0.0.0.0/0")
    .map(({ inputs }) => inputs);
  if (more.length > 0) throw new Error(`${subnetId} has ${1 + more.length} default routes`);
  const internet = graph.all(INTERNET_GATEWAY).some(({ id }) => id === route?.gatewayId);
  return internet ? "internet" : route?.networkInterfaceId;
}

/** Of pptpd.conf(5): `localip`, and `remoteip` with its ranges of last bytes. */
function tunnelsOf(conf: string): { end: number; clients: Range[] } {
  const [, local, remote] = /^localip (\S+)\n[\s\S]*?^remoteip (\S+)$/m.exec(conf)!;
  const clients = remote!.split(",").map((each): Range => {
    const [, first, network, last] = /^((\d+\.\d+\.\d+\.)\d+)(?:-(\d+))?$/.exec(each)!;
    return [number(first!), last === undefined ? number(first!) : number(`${network}${last}`)];
  });
  return { end: number(local!), clients };
}

/** By ID of the group. @throws Error for a group that has rules of another form than this reads. */
function groupRules(graph: Graph): Map<string, GroupRule[]> {
  if (graph.all(GROUP_RULE).length > 0) throw new Error("a rule of the older kind");
  return new Map(
    graph.all(SECURITY_GROUP).map(({ id, inputs }) => {
      if (inputs.ingress !== undefined || inputs.egress !== undefined)
        throw new Error(`rules inside of ${id}`);
      return [
        id,
        [
          ...graph.rules(INGRESS_RULE, [id]).map(({ inputs }) => groupRule("in", inputs)),
          ...graph.rules(EGRESS_RULE, [id]).map(({ inputs }) => groupRule("out", inputs)),
        ],
      ];
    }),
  );
}

function groupRule(
  direction: GroupRule["direction"],
  { ipProtocol, fromPort, toPort, cidrIpv4, ...other }: Rule["inputs"],
): GroupRule {
  if (cidrIpv4 === undefined || ipProtocol === "-1") throw new Error(`a rule for ${JSON.stringify(other)}`);
  return {
    direction,
    protocol: PROTOCOLS[ipProtocol] ?? Number(ipProtocol),
    // ICMP's type and code: −1 is all of them.
    ports: (fromPort === undefined || fromPort === -1 ? [0, 65_535] : [fromPort, toPort]) as Range,
    cidr: range(cidrIpv4),
  };
}

type Rule = Resource<typeof INGRESS_RULE | typeof EGRESS_RULE>;
