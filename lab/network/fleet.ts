/**
 * What the lab builds, read from the program's own resources and from nothing else: the lab holds no copy of
 * an address, a rule or a byte of user data.
 */

import { Graph, type Recorded, type Resource } from "../../graph/graph.ts";
import { elasticIpOf, interfaceOf, machineName, roleOf, userDataOf } from "../../graph/machines.ts";
import { EGRESS_RULE, INGRESS_RULE, INSTANCE, SUBNET } from "../../graph/types.ts";
import { publicIpOf } from "../../offline/answers.ts";
import { recordedMachines } from "../../offline/machines.ts";
import { regionOf } from "../../plan/place/identity.ts";
import { CONTROL } from "../../protocols/pptp/flows.ts";
import type { MachineFile } from "../../render/overlay.ts";
import { policiesOf, type Stores, storesOf } from "./stores.ts";

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
  /** Documents of that role's own policies. */
  policies: string[];
  /** All that lies on it once it serves, by user data and by its bundle. */
  files: MachineFile[];
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
export interface LabFleet extends Stores {
  /** Such as `eu-west-1`. */
  region: string;
  machines: LabMachine[];
}

/**
 * The fleet of a recorded run of the program.
 *
 * @throws Error where a machine lacks what EC2 would refuse to start it without (a subnet, an address).
 */
export function labFleet(resources: Recorded[]): LabFleet {
  const graph = new Graph(resources);
  const instances = graph.all(INSTANCE);
  const region = regionOf(instances[0] ? zoneOf(graph, instances[0]) : "");
  const launchOf = launches(graph, region);
  const machines = instances.map((instance): LabMachine => {
    const { privateAddress, subnetId, groups } = interfaceOf(graph, instance);
    const { availabilityZone: zone, cidrBlock: subnet } = graph.find(SUBNET, subnetId).inputs;
    const elasticIp = elasticIpOf(graph, instance);
    if (elasticIp === undefined) throw new Error(`${instance.name} has no Elastic IP: nothing can dial it`);
    return {
      ...launchOf(instance),
      ...{ zone, privateAddress, subnet },
      publicAddress: publicIpOf(graph, elasticIp),
      ingress: groupRules(graph, INGRESS_RULE, groups),
      egress: groupRules(graph, EGRESS_RULE, groups),
    };
  });
  return { region, machines, ...storesOf(graph) };
}

function zoneOf(graph: Graph, instance: Resource<typeof INSTANCE>): string {
  return graph.find(SUBNET, interfaceOf(graph, instance).subnetId).inputs.availabilityZone;
}

/** What EC2 starts each instance of a recorded run with. @param region Such as `eu-west-1`. */
export function launches(graph: Graph, region: string): (instance: Resource<typeof INSTANCE>) => Launch {
  const recorded = new Map(
    recordedMachines({ resources: [...graph.nodes] }).map((each) => [each.name, each]),
  );
  return (instance) => {
    const name = machineName(instance);
    // One that is not the program's is started with what it has.
    const { userData, files } = recorded.get(name) ?? { userData: userDataOf(instance), files: [] };
    return {
      ...{ name, userData, files },
      instanceType: instance.inputs.instanceType,
      role: roleOf(graph, instance) ?? "",
      policies: policiesOf(graph, instance, region),
    };
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
