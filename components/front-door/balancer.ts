import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { HEALTH_CHECK, HEALTH_PORT } from "../../plan/front-door/health.ts";
import { fixedValues } from "../../plan/tunings/fixed.ts";
import type { BalancedFlow } from "../../protocols/protocol.ts";
import { forms } from "../../settings/aws-texts.ts";
import { autoNamed, flowName } from "../aws-names.ts";
import { Firewall } from "../network/firewall.ts";
import type { Rules } from "../network/rules.ts";
import { named } from "../tags.ts";

export interface BalancerArgs {
  vpcId: pulumi.Input<string>;
  /** What its security group lets in and out. */
  rules: Rules;
  /** Each has a listener and a target group. */
  flows: BalancedFlow[];
  /** One a zone: the subnet, and the address that the balancer's node there gets. */
  nodes: { subnetId: pulumi.Input<string>; address: string }[];
  /** Seconds after which it forgets a quiet TCP connection. */
  tcpIdle: number;
  /** Servers by name: the private address, and what must stand before it is a target. */
  targets: Record<string, { address: string; after: pulumi.Resource[] }>;
  deletionProtection: boolean;
  /** Routes of its subnets. */
  after: pulumi.Resource[];
}

/** What no config changes: plan/tunings/fixed-front-door.ts has the reasons. */
const { crossZone, preserveClientIp, stickiness, terminatesConnections, unhealthyDraining } = fixedValues;

/**
 * The internal balancer, of PPTP's control connections and of every flow like them: which server a client gets is decided
 * here, and here only.
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
    const groups = args.flows.map((flow) => this.flow(name, args, balancer, flow));
    // One health check answers for all that a server does: any group knows of it.
    this.dimensions = { LoadBalancer: balancer.arnSuffix, TargetGroup: groups[0]!.arnSuffix };
    this.registerOutputs({ arn: balancer.arn });
  }

  private firewall(name: string, { vpcId, rules }: BalancerArgs): Firewall {
    return new Firewall(
      `${name}-balancer`,
      {
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
        enableCrossZoneLoadBalancing: crossZone,
        enableDeletionProtection: args.deletionProtection,
        tags: named("balancer"),
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

  private flow(
    name: string,
    args: BalancerArgs,
    balancer: aws.lb.LoadBalancer,
    flow: BalancedFlow,
  ): aws.lb.TargetGroup {
    const group = this.targetGroup(flowName(name, flow), args, flow);
    this.listener(flowName(name, flow), args, flow, balancer, group);
    for (const [server, target] of Object.entries(args.targets))
      this.target(flowName(`${name}-${server}`, flow), flow, group, target);
    return group;
  }

  private targetGroup(name: string, { vpcId }: BalancerArgs, flow: BalancedFlow): aws.lb.TargetGroup {
    return new aws.lb.TargetGroup(
      autoNamed(forms.targetGroupName, name),
      {
        vpcId,
        protocol: protocolOf(flow),
        port: flow.port,
        // By address: a server keeps its own when its instance is replaced, and so stays a target.
        targetType: "ip",
        preserveClientIp: String(preserveClientIp),
        proxyProtocolV2: false,
        loadBalancingCrossZoneEnabled: String(crossZone),
        stickiness: { type: stickiness, enabled: true },
        connectionTermination: terminatesConnections,
        targetHealthStates: [
          {
            enableUnhealthyConnectionTermination: terminatesConnections,
            unhealthyDrainingInterval: unhealthyDraining,
          },
        ],
        healthCheck: {
          ...HEALTH_CHECK,
          protocol: "HTTP",
          port: String(HEALTH_PORT),
          path: "/",
          matcher: "200",
        },
        tags: named(flowName("servers", flow)),
      },
      { parent: this },
    );
  }

  private listener(
    name: string,
    { tcpIdle }: BalancerArgs,
    flow: BalancedFlow,
    balancer: aws.lb.LoadBalancer,
    group: aws.lb.TargetGroup,
  ): aws.lb.Listener {
    return new aws.lb.Listener(
      name,
      {
        loadBalancerArn: balancer.arn,
        protocol: protocolOf(flow),
        port: flow.port,
        defaultActions: [{ type: "forward", targetGroupArn: group.arn }],
        ...(flow.protocol === "tcp" ? { tcpIdleTimeoutSeconds: tcpIdle } : {}),
        tags: named(flow.name),
      },
      { parent: this },
    );
  }

  private target(
    name: string,
    { port }: BalancedFlow,
    group: aws.lb.TargetGroup,
    { address, after }: BalancerArgs["targets"][string],
  ): aws.lb.TargetGroupAttachment {
    return new aws.lb.TargetGroupAttachment(
      name,
      { targetGroupArn: group.arn, targetId: address, port },
      { parent: this, dependsOn: after, deleteBeforeReplace: true },
    );
  }
}

/** As a load balancer names it. */
function protocolOf({ protocol }: BalancedFlow): string {
  return protocol.toUpperCase();
}
