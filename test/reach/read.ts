/** The model of a stack, read from its resources and from those of the VPC that it names. */
import { VPC } from "../../offline/existing-vpc.ts";
import { recordedMachines } from "../../offline/machines.ts";
import type { ProgramRun, RecordedResource } from "../../offline/program.ts";
import { standingVpc } from "../../offline/standing-vpc.ts";
import { type GroupRule, ICMP, type Machine, type Reach, TCP, UDP, type WayOut } from "./model.ts";
import { number, type Range, range, text } from "./networks.ts";
import { Ruleset } from "./nft/nft.ts";

/** A resource of the stack, or of the VPC that it names. */
type Known = Pick<RecordedResource, "type" | "name" | "id" | "inputs" | "state">;

/** Of the stacks that test/program/run.ts runs. */
const REGION = "eu-west-1";
const PROTOCOLS: Record<string, number> = { icmp: ICMP, tcp: TCP, udp: UDP };

export function reachOf(run: ProgramRun): Reach {
  const all: Known[] = [...standing(run), ...run.resources];
  const of = (type: string) => all.filter((each) => each.type.endsWith(`:${type}`));
  const files = new Map(
    recordedMachines(run).map(({ name, cloudConfig }) => [name, cloudConfig.write_files]),
  );
  const groups = groupsOf(of);
  const routes = of("Route").map(({ inputs }) => inputs);
  const subnets = new Map(of("Subnet").map(({ id, name, inputs }) => [id, { name, cidr: inputs.cidrBlock }]));
  const machines = of("Instance").map((instance): Machine => {
    const { inputs, state } = instance;
    const kind = inputs.tags.server === undefined ? "gateway" : "server";
    const name = inputs.tags[kind];
    const nic = of("NetworkInterface").find(
      ({ id }) => id === inputs.primaryNetworkInterface?.networkInterfaceId,
    );
    const own = nic?.inputs ?? inputs;
    const interfaceId = nic?.id ?? state.primaryNetworkInterfaceId;
    const address = nic?.inputs.privateIps[0] ?? state.privateIp;
    const read = (path: string) =>
      files.get(name)!.find((file: { path: string }) => file.path === path)!.content;
    const router = () => text(range(subnets.get(inputs.subnetId)!.cidr)[0] + 1);
    return {
      name,
      kind,
      address: number(address),
      group: [...(own.securityGroups ?? own.vpcSecurityGroupIds)].flatMap((id: string) => groups.get(id)!),
      wayOut: wayOut(of, own.subnetId),
      interfaceId,
      checked: own.sourceDestCheck !== false,
      rules:
        kind === "server"
          ? new Ruleset([read("/etc/nftables.conf")])
          : new Ruleset([read("/etc/pptp-fleet/gateway.nft"), read("/etc/pptp-fleet/fast.nft")], {
              own: address,
              card: "eth0",
              router: router(),
            }),
      behind: routes
        .filter(({ networkInterfaceId }) => networkInterfaceId === interfaceId)
        .map(({ destinationCidrBlock }) => range(destinationCidrBlock)),
      tunnels: kind === "server" ? tunnelsOf(read("/etc/pptpd.conf")) : undefined,
    };
  });
  const [balancer] = of("LoadBalancer");
  return {
    machines: machines.sort((a, b) => (a.name < b.name ? -1 : 1)),
    balancer: balancer && {
      nodes: balancer.inputs.subnetMappings.map(
        ({ privateIpv4Address, subnetId }: Record<string, string>) => ({
          zone: of("Subnet").find(({ id }) => id === subnetId)!.inputs.availabilityZone,
          address: number(privateIpv4Address!),
          wayOut: wayOut(of, subnetId!),
        }),
      ),
      group: balancer.inputs.securityGroups.flatMap((id: string) => groups.get(id)!),
    },
    subnets: Object.fromEntries([...subnets.values()].map(({ name, cidr }) => [name, cidr])),
  };
}

/** The VPC that the groups are in, where it was there before the stack. */
function standing({ resources }: ProgramRun): Known[] {
  const inVpc = resources.some(({ type, inputs }) => type.endsWith(":SecurityGroup") && inputs.vpcId === VPC);
  return inVpc ? standingVpc(REGION) : [];
}

/** @throws Error for a subnet that leaves its table to the VPC's main one: all here have one of their own, made or there before. */
function wayOut(of: (type: string) => Known[], subnetId: string): WayOut {
  const only = (what: string, found: Known[]) => {
    if (found.length > 1) throw new Error(`${subnetId} has ${found.length} ${what}`);
    return found[0]?.inputs;
  };
  const table = only(
    "route tables",
    of("RouteTableAssociation").filter(({ inputs }) => inputs.subnetId === subnetId),
  );
  if (table === undefined) throw new Error(`${subnetId} has no route table`);
  const route = only(
    "default routes",
    of("Route").filter(
      ({ inputs }) =>
        inputs.routeTableId === table.routeTableId && inputs.destinationCidrBlock === "0.0.0.0/0",
    ),
  );
  const internet = of("InternetGateway").some(({ id }) => id === route?.gatewayId);
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

/** By ID. @throws Error for a group that has rules of another form than this reads. */
function groupsOf(of: (type: string) => Known[]): Map<string, GroupRule[]> {
  if (of("SecurityGroupRule").length > 0) throw new Error("a rule of the older kind");
  const rules = [
    ...of("SecurityGroupIngressRule").map(({ inputs }) => ({ direction: "in" as const, inputs })),
    ...of("SecurityGroupEgressRule").map(({ inputs }) => ({ direction: "out" as const, inputs })),
  ];
  return new Map(
    of("SecurityGroup").map(({ id, inputs }) => {
      if (inputs.ingress !== undefined || inputs.egress !== undefined)
        throw new Error(`rules inside of ${id}`);
      const own = rules.filter((rule) => rule.inputs.securityGroupId === id);
      return [id, own.map(({ direction, inputs }) => ({ direction, ...groupRule(inputs) }))];
    }),
  );
}

function groupRule({ ipProtocol, fromPort, toPort, cidrIpv4, ...other }: Record<string, any>) {
  if (cidrIpv4 === undefined || ipProtocol === "-1") throw new Error(`a rule for ${JSON.stringify(other)}`);
  return {
    protocol: PROTOCOLS[ipProtocol] ?? Number(ipProtocol),
    // ICMP's type and code: −1 is all of them.
    ports: (fromPort === undefined || fromPort === -1 ? [0, 65_535] : [fromPort, toPort]) as Range,
    cidr: range(cidrIpv4),
  };
}
