import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Address } from "../network/elastic-ips.ts";
import { tagsOfMachine } from "../tags.ts";
import { type MachineArgs, machineInputs, machineOptions } from "./machine.ts";

export interface GatewayArgs extends MachineArgs {
  /** The gateway's name in the plan: `gateway-a`. */
  gateway: string;
  /** A public subnet of its zone. */
  subnetId: pulumi.Input<string>;
  groupId: pulumi.Input<string>;
  /** The Elastic IP that clients dial. */
  address: Address;
}

/**
 * A zone's gateway: it holds the Elastic IP that clients dial, hands TCP 1723 to the balancer and GRE to the server
 * that the call ID names, and keeps no state of either.
 *
 * A changed one is made beside the old one, boots under a public address of its own, then routes and Elastic IP move
 * to it, then the old one goes. Nothing tells Pulumi that the new one forwards already: tunnels stand still for its
 * whole first boot at most, and their timers outlast that (plan/tunnel/timers.ts).
 *
 * Costs its instance, 8 GiB of gp3, and what EC2 asks for traffic out to the internet.
 */
export class Gateway extends pulumi.ComponentResource {
  readonly instanceId: pulumi.Output<string>;
  /** What routes lead to. */
  readonly interfaceId: pulumi.Output<string>;
  /** What clients dial. */
  readonly publicAddress: pulumi.Output<string>;
  /** What must stand before anything can leave by it. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: GatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pptp-fleet:frontdoor:Gateway", name, {}, tagsOfMachine({ gateway: args.gateway }, opts));
    const instance = this.instance(name, args);
    const association = this.association(name, args, instance);
    this.instanceId = instance.id;
    this.interfaceId = instance.primaryNetworkInterfaceId;
    this.publicAddress = args.address.publicIp;
    this.ready = [association];
    this.registerOutputs({ publicAddress: this.publicAddress });
  }

  private instance(name: string, args: GatewayArgs): aws.ec2.Instance {
    return new aws.ec2.Instance(
      name,
      {
        ...machineInputs(args),
        subnetId: args.subnetId,
        vpcSecurityGroupIds: [args.groupId],
        // It carries packets that are neither from it nor to it.
        sourceDestCheck: false,
        // Until the Elastic IP comes, and for a new one beside the old: its first boot needs the internet.
        associatePublicIpAddress: true,
      },
      { parent: this, dependsOn: args.after, ...machineOptions(args) },
    );
  }

  private association(
    name: string,
    { address }: GatewayArgs,
    instance: aws.ec2.Instance,
  ): aws.ec2.EipAssociation {
    return new aws.ec2.EipAssociation(
      name,
      {
        allocationId: address.allocationId,
        networkInterfaceId: instance.primaryNetworkInterfaceId,
        // A new gateway takes the address over in one step, from the old one or from the zone's first server.
        allowReassociation: true,
      },
      { parent: this, dependsOn: address.after },
    );
  }
}
