import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { HEALTH_CHECK, HEALTH_PORT } from "../plan/health.ts";
import { forms } from "../settings/aws-texts.ts";
import { Firewall } from "./firewall.ts";
import { autoNamed } from "./names.ts";
import type { Rules } from "./rules.ts";
import { type Owner, tags } from "./tags.ts";

export interface BalancerArgs {
  owner: Owner;
  vpcId: pulumi.Input<string>;
  /** What its security group lets in and out. */
  rules: Rules;
  /** One a zone: the subnet, and the address that the balancer's node there gets. */
  nodes: { subnetId: pulumi.Input<string>; address: string }[];
  /** Seconds after which it forgets a quiet connection. */
  tcpIdle: number;
  /** Servers by name: the private address, and what must stand before it is a target. */
  targets: Record<string, { address: string; after: pulumi.Resource[] }>;
  deletionProtection: boolean;
  /** Routes of its subnets. */
  after: pulumi.Resource[];
}

const PPTP_CONTROL = 1723;
/** Seconds; the longest that AWS takes (AWS: Target groups for NLBs, unhealthy draining interval). */
const LONGEST_DRAINING = 360_000;

/**
 * The internal balancer of TCP 1723: which server a client gets is decided here, and here only.
 *
 * Zonal: a server is reached by its own zone's gateway alone, so a node must not choose one of another zone
 * (traps: gre-names-no-gateway). A zone more is added in place; a zone taken away replaces the balancer, and every
 * control connection ends.
 *
 * Costs about 0.0225 USD an hour and 0.006 USD per NLCU-hour; a region gives 50 of them, with 500 targets in a zone.
 */
export class Balancer extends pulumi.ComponentResource {
  /** As CloudWatch's dimensions name them. */
  readonly dimensions: { LoadBalancer: pulumi.Output<string>; TargetGroup: pulumi.Output<string> };

  constructor(name: string, args: BalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pptp-fleet:frontdoor:Balancer", name, {}, opts);
    const firewall = this.firewall(name, args);
    const balancer = this.balancer(name, args, firewall);
    const group = this.targetGroup(name, args);
    this.listener(name, args, balancer, group);
    for (const [server, target] of Object.entries(args.targets))
      this.target(`${name}-${server}`, group, target);
    this.dimensions = { LoadBalancer: balancer.arnSuffix, TargetGroup: group.arnSuffix };
    this.registerOutputs({ arn: balancer.arn });
  }

  private firewall(name: string, { owner, vpcId, rules }: BalancerArgs): Firewall {
    return new Firewall(
      `${name}-balancer`,
      {
        owner,
        vpcId,
        role: "balancer",
        description: "PPTP balancer: who may dial, which servers it reaches",
        rules,
      },
      { parent: this },
    );
  }

  private balancer(name: string, args: BalancerArgs, firewall: Firewall): aws.lb.LoadBalancer {
    return new aws.lb.LoadBalancer(
      autoNamed(forms.balancerName, name),
      {
        loadBalancerType: "network",
        internal: true,
        subnetMappings: args.nodes.map(({ subnetId, address }) => ({
          subnetId,
          privateIpv4Address: address,
        })),
        // From creation: a network load balancer that is made without groups never gets one.
        securityGroups: [firewall.groupId],
        enableCrossZoneLoadBalancing: false,
        enableDeletionProtection: args.deletionProtection,
        tags: tags(args.owner, "balancer"),
      },
      {
        parent: this,
        dependsOn: args.after,
        // Two cannot have the same addresses.
        deleteBeforeReplace: true,
        // AWS alone would refuse when the listener is gone already.
        protect: args.deletionProtection,
      },
    );
  }

  private targetGroup(name: string, { owner, vpcId }: BalancerArgs): aws.lb.TargetGroup {
    return new aws.lb.TargetGroup(
      autoNamed(forms.targetGroupName, name),
      {
        vpcId,
        protocol: "TCP",
        port: PPTP_CONTROL,
        // By address: a server keeps its own when its instance is replaced, and so stays a target.
        targetType: "ip",
        // pptpd binds its GRE socket to the TCP peer's address (traps: gre-socket-bound-to-peer).
        preserveClientIp: "true",
        proxyProtocolV2: false,
        // The group's word is stronger than the balancer's.
        loadBalancingCrossZoneEnabled: "false",
        // A client's next dial finds the server that still has its last session.
        stickiness: { type: "source_ip", enabled: true },
        // A full or draining server keeps whom it has (traps: unhealthy-target-loses-connections).
        connectionTermination: false,
        targetHealthStates: [
          { enableUnhealthyConnectionTermination: false, unhealthyDrainingInterval: LONGEST_DRAINING },
        ],
        healthCheck: {
          ...HEALTH_CHECK,
          protocol: "HTTP",
          port: String(HEALTH_PORT),
          path: "/",
          matcher: "200",
        },
        tags: tags(owner, "servers"),
      },
      { parent: this },
    );
  }

  private listener(
    name: string,
    { owner, tcpIdle }: BalancerArgs,
    balancer: aws.lb.LoadBalancer,
    group: aws.lb.TargetGroup,
  ): aws.lb.Listener {
    return new aws.lb.Listener(
      name,
      {
        loadBalancerArn: balancer.arn,
        protocol: "TCP",
        port: PPTP_CONTROL,
        defaultActions: [{ type: "forward", targetGroupArn: group.arn }],
        tcpIdleTimeoutSeconds: tcpIdle,
        tags: tags(owner, "control"),
      },
      { parent: this },
    );
  }

  private target(
    name: string,
    group: aws.lb.TargetGroup,
    { address, after }: BalancerArgs["targets"][string],
  ): aws.lb.TargetGroupAttachment {
    return new aws.lb.TargetGroupAttachment(
      name,
      { targetGroupArn: group.arn, targetId: address, port: PPTP_CONTROL },
      { parent: this, dependsOn: after, deleteBeforeReplace: true },
    );
  }
}
