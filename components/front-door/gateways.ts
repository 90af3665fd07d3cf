import * as pulumi from "@pulumi/pulumi";
import type { GatewayPlan } from "../../plan/front-door/gateways.ts";
import type { FleetPlan } from "../../plan/plan.ts";
import type { RenderedMachine } from "../../render/machine.ts";
import type { StackBucket } from "../machines/bucket.ts";
import { Gateway } from "../machines/gateway.ts";
import { MachineRole } from "../machines/machine-role.ts";
import type { Address } from "../network/elastic-ips.ts";
import { Firewall } from "../network/firewall.ts";
import type { Network } from "../network/network.ts";
import { gatewayRules } from "../network/rules.ts";

export interface GatewaysArgs {
  fleet: FleetPlan;
  gateways: GatewayPlan[];
  /** One for each gateway of the plan, in its order. */
  machines: RenderedMachine[];
  /** By gateway's name. */
  addresses: Record<string, Address>;
  network: Network;
  bucket: StackBucket;
}

/** The gateways of a fleet, one a zone, and the security group that they share. */
export class Gateways extends pulumi.ComponentResource {
  /** By zone's name. */
  readonly byZone: Record<string, Gateway>;
  /** What must stand before anything can leave by them. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: GatewaysArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pptp-fleet:frontdoor:Gateways", name, {}, opts);
    const firewall = this.firewall(name, args);
    this.byZone = Object.fromEntries(
      args.gateways.map((gateway, i) => [
        gateway.zone,
        this.gateway(name, args, gateway, args.machines[i]!, firewall),
      ]),
    );
    this.ready = [...firewall.rules, ...Object.values(this.byZone).flatMap(({ ready }) => ready)];
    this.registerOutputs();
  }

  private firewall(name: string, { fleet, gateways, network }: GatewaysArgs): Firewall {
    return new Firewall(
      `${name}-gateway`,
      {
        vpcId: network.vpcId,
        role: "gateways",
        description: "PPTP gateways: what may dial them, what they hand on",
        rules: gatewayRules({ ...fleet, gateways }),
      },
      { parent: this },
    );
  }

  private gateway(
    name: string,
    { fleet, addresses, network, bucket }: GatewaysArgs,
    gateway: GatewayPlan,
    { userData, packed }: RenderedMachine,
    firewall: Firewall,
  ): Gateway {
    const own = `${name}-${gateway.name}`;
    const role = new MachineRole(
      own,
      {
        machine: { gateway: gateway.name },
        bucketArn: bucket.arn,
        permissionsBoundary: fleet.permissionsBoundary,
      },
      { parent: this },
    );
    const desired = bucket.machine(gateway.name, packed, role.grants);
    return new Gateway(
      own,
      {
        gateway: gateway.name,
        subnetId: network.front[gateway.zone]!.gatewayId,
        groupId: firewall.groupId,
        address: addresses[gateway.name]!,
        instanceType: fleet.gatewayInstanceType,
        amiId: fleet.amiId,
        replaceOnNewAmi: fleet.amiChosen,
        userData,
        instanceProfile: role.instanceProfile,
        terminationProtection: fleet.terminationProtection,
        after: [...network.routes, ...firewall.rules, desired],
      },
      { parent: this },
    );
  }
}
