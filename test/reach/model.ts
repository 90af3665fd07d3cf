/**
 * Who reaches what of a stack, worked out from the resources that the program registered and from the files in the user
 * data of its machines, and from nothing that made them: security groups with their rules, interfaces, routes, and the
 * nftables rules that the machines load.
 *
 *     source ─▶ group of the interface ─▶ source/dest check ─▶ prerouting ─┬─▶ input: the machine itself
 *                                                                          └─▶ forward: what lies behind it
 *
 * A group remembers flows; asked is for the first packet of one, which nobody inside has begun.
 */
import { recordedMachines } from "../../offline/machines.ts";
import type { ProgramRun, RecordedResource } from "../../offline/program.ts";
import { number, type Range, range, text, within } from "./networks.ts";
import { type Packet, Ruleset, type Verdict } from "./nft.ts";

/** What a packet asks for: IP protocol, and destination port or ICMP type where it has one. */
export interface Service {
  protocol: number;
  port?: number;
  /** Of GRE. */
  callId?: number;
}

export const [ICMP, TCP, UDP, GRE] = [1, 6, 17, 47] as const;

interface GroupRule {
  direction: "in" | "out";
  protocol: number;
  ports: Range;
  cidr: Range;
}

export interface Machine {
  name: string;
  kind: "server" | "gateway";
  address: number;
  group: GroupRule[];
  /** Whether EC2 gives it only what is for its own address. */
  checked: boolean;
  rules: Ruleset;
  /** Networks that some route table leads to its interface. */
  behind: Range[];
  /** A server's end of its tunnels, and the addresses of its clients. */
  tunnels: { end: number; clients: Range[] } | undefined;
}

export interface Balancer {
  /** Its nodes' addresses. */
  nodes: number[];
  group: GroupRule[];
}

export interface Reach {
  machines: Machine[];
  balancer: Balancer | undefined;
  /** Subnets' CIDRs, by the resources' names. */
  subnets: Record<string, string>;
}

/** How a packet ends: at the machine itself, passed on to `destination`, or nowhere. */
export type End = { at: "machine" } | { at: "beyond"; destination: number } | undefined;

const PROTOCOLS: Record<string, number> = { icmp: ICMP, tcp: TCP, udp: UDP };

export function reachOf(run: ProgramRun): Reach {
  const of = (type: string) => run.resources.filter((each) => each.type.endsWith(`:${type}`));
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
    const address = nic?.inputs.privateIps[0] ?? state.privateIp;
    const read = (path: string) =>
      files.get(name)!.find((file: { path: string }) => file.path === path)!.content;
    const router = () => text(range(subnets.get(inputs.subnetId)!.cidr)[0] + 1);
    return {
      name,
      kind,
      address: number(address),
      group: [...(own.securityGroups ?? own.vpcSecurityGroupIds)].flatMap((id: string) => groups.get(id)!),
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
        .filter(({ networkInterfaceId }) => nic !== undefined && networkInterfaceId === nic.id)
        .map(({ destinationCidrBlock }) => range(destinationCidrBlock)),
      tunnels: kind === "server" ? tunnelsOf(read("/etc/pptpd.conf")) : undefined,
    };
  });
  const [balancer] = of("LoadBalancer");
  return {
    machines: machines.sort((a, b) => (a.name < b.name ? -1 : 1)),
    balancer: balancer && {
      nodes: balancer.inputs.subnetMappings.map((each: { privateIpv4Address: string }) =>
        number(each.privateIpv4Address),
      ),
      group: balancer.inputs.securityGroups.flatMap((id: string) => groups.get(id)!),
    },
    subnets: Object.fromEntries([...subnets.values()].map(({ name, cidr }) => [name, cidr])),
  };
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
function groupsOf(of: (type: string) => RecordedResource[]): Map<string, GroupRule[]> {
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

/** Whether a group lets a service pass, from or to an address. */
export function lets(
  group: GroupRule[],
  direction: GroupRule["direction"],
  other: number,
  { protocol, port = 0 }: Service,
): boolean {
  return group.some(
    (rule) =>
      rule.direction === direction &&
      rule.protocol === protocol &&
      within(port, rule.ports) &&
      within(other, rule.cidr),
  );
}

/** What becomes of a packet from outside that AWS brings to a machine's interface. */
export function arrives(machine: Machine, source: number, destination: number, service: Service): End {
  if (!lets(machine.group, "in", source, service)) return undefined;
  const own = destination === machine.address;
  if (!own && (machine.checked || !machine.behind.some((each) => within(destination, each))))
    return undefined;
  return through(machine, "eth0", source, destination, service);
}

/** What becomes of a packet that a client sends into its tunnel to a server. */
export function sends(machine: Machine, source: number, destination: number, service: Service): End {
  const end = through(machine, "ppp0", source, destination, service);
  // From one tunnel into another it meets no group.
  if (end?.at !== "beyond" || isClient(machine, destination)) return end;
  return lets(machine.group, "out", destination, service) ? end : undefined;
}

export const isClient = ({ tunnels }: Machine, address: number): boolean =>
  tunnels?.clients.some((each) => within(address, each)) ?? false;

/** What a machine's own rules make of a packet. @param iif The interface that it comes by. */
export function through(
  machine: Machine,
  iif: string,
  source: number,
  destination: number,
  service: Service,
): End {
  const { address, rules, tunnels } = machine;
  const packet = packetOf(iif, source, destination, service);
  if (rules.at("ingress", packet) === "stolen") return { at: "beyond", destination: packet.destination };
  const passes = (verdict: Verdict | "stolen") => verdict === "accept";
  if (!passes(rules.at("prerouting", packet))) return undefined;
  if (packet.destination === address || packet.destination === tunnels?.end)
    return passes(rules.at("input", packet)) ? { at: "machine" } : undefined;
  // An address of the pool that no client has goes where all else goes.
  packet.oif = isClient(machine, packet.destination) ? "ppp1" : "eth0";
  return passes(rules.at("forward", packet)) ? { at: "beyond", destination: packet.destination } : undefined;
}

/** A flow's first packet: TCP's SYN, PPTP's GRE (RFC 2637, 4.1), or a few bytes. */
function packetOf(
  iif: string,
  source: number,
  destination: number,
  { protocol, port = 0, callId }: Service,
): Packet {
  const payload = Buffer.alloc(20);
  if (protocol === TCP || protocol === UDP) {
    payload.writeUInt16BE(40_000, 0);
    payload.writeUInt16BE(port, 2);
  }
  if (protocol === TCP) payload.set([0x50, 0x02], 12);
  if (protocol === ICMP) payload[0] = port;
  if (protocol === GRE) {
    payload.set([0x30, 0x01, 0x88, 0x0b], 0);
    payload.writeUInt16BE(8, 4);
    payload.writeUInt16BE(callId ?? 0, 6);
  }
  return { iif, oif: "", source, destination, protocol, payload, state: "new", mark: 0 };
}
