import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { forms } from "../../settings/aws-texts.ts";
import { autoNamed } from "../aws-names.ts";
import { named } from "../tags.ts";
import type { Rule, Rules } from "./rules.ts";

export interface FirewallArgs {
  vpcId: pulumi.Input<string>;
  /** Whose group it is, such as `servers`. */
  role: string;
  description: string;
  rules: Rules;
}

/** A security group, and its rules as resources of their own. */
export class Firewall extends pulumi.ComponentResource {
  readonly groupId: pulumi.Output<string>;
  /** What must stand before a machine can do its first boot. */
  readonly rules: pulumi.Resource[];

  constructor(name: string, args: FirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pptp-fleet:firewall:Firewall", name, {}, opts);
    const group = this.group(name, args);
    this.rules = [
      ...args.rules.ingress.map((rule) => this.ingress(name, group, rule)),
      ...args.rules.egress.map((rule) => this.egress(name, group, rule)),
    ];
    this.groupId = group.id;
    this.registerOutputs({ groupId: this.groupId });
  }

  private group(name: string, { vpcId, role, description }: FirewallArgs): aws.ec2.SecurityGroup {
    return new aws.ec2.SecurityGroup(
      autoNamed(forms.groupName, name),
      {
        description,
        vpcId,
        // No inline rules: the provider takes AWS's own "all traffic" egress rule away, ours stand alone.
        tags: named(role),
      },
      { parent: this },
    );
  }

  private ingress(name: string, group: aws.ec2.SecurityGroup, rule: Rule) {
    return new aws.vpc.SecurityGroupIngressRule(`${name}-in-${rule.name}-${rule.cidr}`, inputs(group, rule), {
      parent: this,
    });
  }

  private egress(name: string, group: aws.ec2.SecurityGroup, rule: Rule) {
    return new aws.vpc.SecurityGroupEgressRule(`${name}-out-${rule.name}-${rule.cidr}`, inputs(group, rule), {
      parent: this,
    });
  }
}

function inputs(group: aws.ec2.SecurityGroup, rule: Rule) {
  return {
    securityGroupId: group.id,
    description: rule.description,
    cidrIpv4: rule.cidr,
    ipProtocol: rule.ipProtocol,
    ...(rule.ports === undefined ? {} : { fromPort: rule.ports[0], toPort: rule.ports[1] }),
    tags: named(rule.name),
  };
}
