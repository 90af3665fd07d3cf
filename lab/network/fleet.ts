/**
 * What the lab builds, read from the program's own resources and from nothing else: the lab holds no copy of
 * an address, a rule or a byte of user data.
 */

import { publicIpOf } from "../../offline/answers.ts";
import type { RecordedResource } from "../../offline/program.ts";
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

/** One instance with its interface, its Elastic IP and the rules of its security groups. */
export interface LabMachine {
  /** The server's name in the plan, such as `a-1`: the `server` tag. */
  name: string;
  instanceType: string;
  /** What the instance metadata service hands out: the bytes, still gzipped. */
  userData: Buffer;
  /** Availability zone, such as `eu-west-1a`. */
  zone: string;
  privateAddress: string;
  /** IPv4 CIDR of the interface's subnet. */
  subnet: string;
  /** The Elastic IP associated with the interface. */
  publicAddress: string;
  /** Name of the role in its instance profile: the metadata service hands out that role's credentials. */
  role: string;
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
export function labFleet(resources: RecordedResource[]): LabFleet {
  const byId = new Map(resources.map((resource) => [resource.id, resource]));
  const all = (type: string) => resources.filter((resource) => resource.type === type);
  const find = (id: string, what: string): RecordedResource => {
    const found = byId.get(id);
    if (!found) throw new Error(`the program names ${what} ${id}, and registers no such resource`);
    return found;
  };
  const rules = (type: string, groups: string[]): GroupRule[] =>
    all(type)
      .filter((rule) => groups.includes(rule.inputs.securityGroupId))
      .map(({ inputs }) => ({
        protocol: inputs.ipProtocol,
        ...(inputs.fromPort === undefined ? {} : { fromPort: inputs.fromPort, toPort: inputs.toPort }),
        cidr: inputs.cidrIpv4,
        description: inputs.description,
      }));

  const machines = all("aws:ec2/instance:Instance").map((instance): LabMachine => {
    const nic = find(instance.inputs.primaryNetworkInterface.networkInterfaceId, "the network interface");
    const subnet = find(nic.inputs.subnetId, "the subnet");
    const association = all("aws:ec2/eipAssociation:EipAssociation").find(
      (each) => each.inputs.networkInterfaceId === nic.id,
    );
    if (!association) throw new Error(`${instance.name} has no Elastic IP: nothing can dial it`);
    const profile = find(instance.inputs.iamInstanceProfile, "the instance profile");
    return {
      name: instance.inputs.tags.server,
      instanceType: instance.inputs.instanceType,
      userData: Buffer.from(instance.inputs.userDataBase64, "base64"),
      zone: subnet.inputs.availabilityZone,
      privateAddress: nic.inputs.privateIps[0],
      subnet: subnet.inputs.cidrBlock,
      publicAddress: publicIpOf(all("aws:ec2/eip:Eip"), association.inputs.allocationId),
      role: profile.inputs.role,
      ingress: rules("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", nic.inputs.securityGroups),
      egress: rules("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", nic.inputs.securityGroups),
    };
  });

  const values = all("aws:secretsmanager/secretVersion:SecretVersion");
  const secrets = all("aws:secretsmanager/secret:Secret").map((secret) => {
    const version = values.find((each) => each.inputs.secretId === secret.id);
    return { name: secret.inputs.name as string, value: (version?.inputs.secretString ?? "") as string };
  });

  const zone = machines[0]?.zone ?? "";
  return { region: zone.replace(/[a-z]$/, ""), machines, secrets };
}
