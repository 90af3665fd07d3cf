/**
 * What the lab builds, read from the program's own resources and from nothing else: the lab holds no copy of
 * an address, a rule or a byte of user data.
 */

import { Graph, type Recorded, type Resource } from "../../graph/graph.ts";
import { elasticIpOf, interfaceOf, machineName, roleOf, userDataOf } from "../../graph/machines.ts";
import { EGRESS_RULE, INGRESS_RULE, INSTANCE, SECRET, SECRET_VERSION, SUBNET } from "../../graph/types.ts";
import { publicIpOf } from "../../offline/answers.ts";
import { regionOf } from "../../plan/place/identity.ts";
import { CONTROL } from "../../protocols/pptp/flows.ts";

/** One rule of a security group, as EC2 evaluates it: traffic of `protocol` between the instance and `cidr`. */
export interface GroupRule {
  /** `tcp`, `udp`, `icmp`, an IP protocol number such as `47`, or `-1` for all. */
  protocol: string;
  /** First and last destination port, for `tcp` and `udp` only. */
  fromPort?: number;
  toPort?: number;
  /** IPv4 CIDR of the other side. */
  cidr: string;
  description: string;
}

/** Whether a rule lets PPTP's control connection in. */
export function admitsControl({ protocol, fromPort = 0, toPort = 65_535 }: GroupRule): boolean {
  const { port } = CONTROL;
  return protocol === "-1" || (protocol === CONTROL.protocol && fromPort <= port && port <= toPort);
}

/** What EC2 starts an instance with. */
export interface Launch {
  /** The machine's name in the plan, such as `a-1`: the `server` or the `gateway` tag. */
  name: string;
  instanceType: string;
  /** What the instance metadata service hands out: the bytes, still gzipped. */
  userData: Buffer;
  /** Of its instance profile: the metadata service hands out that role's credentials. Empty: it has none. */
  role: string;
}

/** One instance with its interface, its Elastic IP and the rules of its security groups. */
export interface LabMachine extends Launch {
  /** Availability zone, such as `eu-west-1a`. */
  zone: string;
  privateAddress: string;
  /** IPv4 CIDR of the interface's subnet. */
  subnet: string;
  /** The Elastic IP associated with the interface. */
  publicAddress: string;
  ingress: GroupRule[];
  egress: GroupRule[];
}

/** A stack as the lab stands it up. */
export interface LabFleet {
  /** Such as `eu-west-1`. */
  region: string;
  machines: LabMachine[];
  /** Secrets Manager's secrets with their current value. Never printed, never in argv. */
  secrets: { name: string; value: string }[];
}

/**
 * The fleet of a recorded run of the program.
 *
 * @throws Error where a machine lacks what EC2 would refuse to start it without (a subnet, an address).
 */
export function labFleet(resources: Recorded[]): LabFleet {
  const graph = new Graph(resources);
  const machines = graph.all(INSTANCE).map((instance): LabMachine => {
    const { privateAddress, subnetId, groups } = interfaceOf(graph, instance);
    const { availabilityZone: zone, cidrBlock: subnet } = graph.find(SUBNET, subnetId).inputs;
    const elasticIp = elasticIpOf(graph, instance);
    if (elasticIp === undefined) throw new Error(`${instance.name} has no Elastic IP: nothing can dial it`);
    return {
      ...launchOf(graph, instance),
      ...{ zone, privateAddress, subnet },
      publicAddress: publicIpOf(graph, elasticIp),
      ingress: groupRules(graph, INGRESS_RULE, groups),
      egress: groupRules(graph, EGRESS_RULE, groups),
    };
  });
  return { region: regionOf(machines[0]?.zone ?? ""), machines, secrets: secretsOf(graph) };
}

export function launchOf(graph: Graph, instance: Resource<typeof INSTANCE>): Launch {
  return {
    name: machineName(instance),
    instanceType: instance.inputs.instanceType,
    userData: userDataOf(instance),
    role: roleOf(graph, instance) ?? "",
  };
}

/** The rules of these groups together, one way: EC2 evaluates them as one set. */
export function groupRules(
  graph: Graph,
  way: typeof INGRESS_RULE | typeof EGRESS_RULE,
  groups: string[],
): GroupRule[] {
  return graph
    .rules(way, groups)
    .map(({ inputs: { ipProtocol, fromPort, toPort, cidrIpv4, description } }) => ({
      protocol: ipProtocol,
      ...(fromPort === undefined || toPort === undefined ? {} : { fromPort, toPort }),
      cidr: cidrIpv4,
      description,
    }));
}

/** Secrets Manager's secrets with their current value. */
export function secretsOf(graph: Graph): LabFleet["secrets"] {
  const versions = graph.all(SECRET_VERSION);
  return graph.all(SECRET).map(({ id, inputs: { name } }) => ({
    name,
    value: versions.find(({ inputs }) => inputs.secretId === id)?.inputs.secretString ?? "",
  }));
}
