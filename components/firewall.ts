import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Egress } from "../plan/egress.ts";
import { type Owner, tags } from "./tags.ts";

export interface FirewallArgs {
  owner: Owner;
  vpcId: pulumi.Input<string>;
  /** IPv4 CIDRs that may dial. */
  allowedCidrs: string[];
  /** IPv4 CIDRs that may administer by SSH; none: administration is closed. */
  adminCidrs: string[];
  /** What clients reach, under the server's address or under their own. */
  egress: Egress;
}

/** A rule, the same for either direction: `cidr` is the other side. */
interface Rule {
  /** Names the resource together with the CIDR: a CIDR more is a rule more, and touches no other. */
  name: string;
  description: string;
  cidr: string;
  /** `tcp`, or an IP protocol number. */
  ipProtocol: string;
  /** Destination ports, for ICMP type and code; left out for protocols that have neither. */
  ports?: [from: number, to: number];
}

const PPTP_CONTROL = 1723;
/** Generic Routing Encapsulation's IP protocol number (RFC 2637, 4). */
const GRE = "47";
const EVERYWHERE = "0.0.0.0/0";

/**
 * The servers' security group: what may come in and go out, each rule with its reason; all else is closed, both
 * ways. DNS, DHCP, time and metadata inside the VPC are outside of any group's reach (AWS: Security group rules).
 *
 * Protocol 47 has a rule in each direction although a group remembers flows: it remembers GRE by address for
 * 600 s only, and a tunnel that began by that memory dies by it (trap 18). A flow that talks outlives the rule
 * that let it in (trap 44).
 */
export class Firewall extends pulumi.ComponentResource {
  readonly groupId: pulumi.Output<string>;
  /** What must stand before a server can do its first boot. */
  readonly rules: pulumi.Resource[];

  constructor(name: string, args: FirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pptp-fleet:firewall:Firewall", name, {}, opts);
    const group = this.group(name, args);
    const ingress = [
      ...dialIn(args.allowedCidrs),
      ...administration(args.adminCidrs),
      ...toClients(args.egress),
    ];
    const egress = [...answers(args.allowedCidrs), ...fromClients(args.egress), ...ownNeeds()];
    this.rules = [
      ...ingress.map((rule) => this.ingress(name, args, group, rule)),
      ...egress.map((rule) => this.egress(name, args, group, rule)),
    ];
    this.groupId = group.id;
    this.registerOutputs({ groupId: this.groupId });
  }

  private group(name: string, { owner, vpcId }: FirewallArgs): aws.ec2.SecurityGroup {
    return new aws.ec2.SecurityGroup(
      name,
      {
        description: "PPTP servers: what may dial them, what they may reach",
        vpcId,
        // No inline rules: the provider takes AWS's own "all traffic" egress rule away, ours stand alone.
        tags: tags(owner, "servers"),
      },
      { parent: this },
    );
  }

  private ingress(name: string, args: FirewallArgs, group: aws.ec2.SecurityGroup, rule: Rule) {
    return new aws.vpc.SecurityGroupIngressRule(
      `${name}-in-${rule.name}-${rule.cidr}`,
      inputs(args, group, rule),
      {
        parent: this,
      },
    );
  }

  private egress(name: string, args: FirewallArgs, group: aws.ec2.SecurityGroup, rule: Rule) {
    return new aws.vpc.SecurityGroupEgressRule(
      `${name}-out-${rule.name}-${rule.cidr}`,
      inputs(args, group, rule),
      {
        parent: this,
      },
    );
  }
}

function dialIn(allowedCidrs: string[]): Rule[] {
  return allowedCidrs.flatMap((cidr): Rule[] => [
    {
      name: "control",
      description: "PPTP control from clients",
      cidr,
      ipProtocol: "tcp",
      ports: [PPTP_CONTROL, PPTP_CONTROL],
    },
    { name: "gre", description: "PPTP tunnels from clients (GRE)", cidr, ipProtocol: GRE },
  ]);
}

function administration(adminCidrs: string[]): Rule[] {
  return adminCidrs.map((cidr) => ({
    name: "ssh",
    description: "SSH from administrators",
    cidr,
    ipProtocol: "tcp",
    ports: [22, 22],
  }));
}

/** A group lets answers out by itself while it remembers the flow, 350 s on newer types; a tunnel lasts longer. */
function answers(allowedCidrs: string[]): Rule[] {
  return allowedCidrs.flatMap((cidr): Rule[] => [
    {
      name: "control",
      description: "Answers of PPTP control to clients",
      cidr,
      ipProtocol: "tcp",
      ports: [1024, 65535],
    },
    { name: "gre", description: "PPTP tunnels to clients (GRE)", cidr, ipProtocol: GRE },
  ]);
}

/**
 * What clients send, under whatever address: TCP, UDP and ICMP, never all protocols, or the server's own GRE would
 * begin flows that a missing rule for 47 ends 600 s later (trap 18).
 */
function fromClients({ cidrs, resolvers }: Egress): Rule[] {
  return [
    ...cidrs.flatMap((cidr) => anything(cidr, "clients", "From clients")),
    ...resolvers.flatMap((address): Rule[] =>
      ["udp", "tcp"].map((ipProtocol) => ({
        name: `dns-${ipProtocol}`,
        description: "DNS of clients, to the resolver that they are told",
        cidr: `${address}/32`,
        ipProtocol,
        ports: [53, 53],
      })),
    ),
  ];
}

/** Where clients keep their addresses, whom they reach may reach them. */
function toClients({ mode, cidrs }: Egress): Rule[] {
  return mode === "routed" ? cidrs.flatMap((cidr) => anything(cidr, "clients", "To clients")) : [];
}

function anything(cidr: string, name: string, direction: string): Rule[] {
  return [
    { name: `${name}-tcp`, description: `${direction}: TCP`, cidr, ipProtocol: "tcp", ports: [0, 65535] },
    { name: `${name}-udp`, description: `${direction}: UDP`, cidr, ipProtocol: "udp", ports: [0, 65535] },
    // Every type and code.
    { name: `${name}-icmp`, description: `${direction}: ICMP`, cidr, ipProtocol: "icmp", ports: [-1, -1] },
  ];
}

/** What the machine itself asks for; Debian's mirrors and AWS's own addresses are many and change. */
function ownNeeds(): Rule[] {
  return [
    {
      name: "http",
      description: "Packages from Debian's mirrors",
      cidr: EVERYWHERE,
      ipProtocol: "tcp",
      ports: [80, 80],
    },
    {
      name: "https",
      description: "Secrets Manager, and packages over TLS",
      cidr: EVERYWHERE,
      ipProtocol: "tcp",
      ports: [443, 443],
    },
  ];
}

function inputs({ owner }: FirewallArgs, group: aws.ec2.SecurityGroup, rule: Rule) {
  return {
    securityGroupId: group.id,
    description: rule.description,
    cidrIpv4: rule.cidr,
    ipProtocol: rule.ipProtocol,
    ...(rule.ports === undefined ? {} : { fromPort: rule.ports[0], toPort: rule.ports[1] }),
    tags: tags(owner, rule.name),
  };
}
