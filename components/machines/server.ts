import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Address } from "../network/elastic-ips.ts";
import { tagsOfMachine } from "../tags.ts";
import { type MachineArgs, machineInputs, machineOptions } from "./machine.ts";

export interface ServerArgs extends MachineArgs {
  /** The server's name in the plan: `a-1`. */
  server: string;
  subnetId: pulumi.Input<string>;
  /** Fixed by the plan. */
  privateAddress: string;
  groupId: pulumi.Input<string>;
  /** The Elastic IP under which it is dialled; none behind a gateway. */
  address: Address | undefined;
  /** IPv4 CIDR of the server's clients. */
  clients: string;
  /** Route tables that lead to the clients, by name; set where clients keep their addresses (egress routed). */
  routeTableIds: Record<string, pulumi.Output<string>> | undefined;
}

/**
 * One PPTP server: its interface, then its Elastic IP where it has one, then the instance on it. Interface and address
 * stay when the instance is replaced; the old instance goes first, as they can be on one at a time
 * (traps: user-data-changed-in-place, instance-boots-before-its-routes, launch-template-without-address).
 *
 * Costs its instance, 8 GiB of gp3 and its Elastic IP.
 */
export class Server extends pulumi.ComponentResource {
  readonly instanceId: pulumi.Output<string>;
  readonly interfaceId: pulumi.Output<string>;

  constructor(name: string, args: ServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pptp-fleet:server:Server", name, {}, tagsOfMachine({ server: args.server }, opts));
    const nic = this.networkInterface(name, args);
    const address = args.address === undefined ? [] : [this.association(name, args.address, nic)];
    this.routes(name, args, nic);
    const instance = this.instance(name, args, nic, [...address, ...args.after]);
    this.interfaceId = nic.id;
    this.instanceId = instance.id;
    this.registerOutputs({ instanceId: this.instanceId, interfaceId: this.interfaceId });
  }

  private networkInterface(name: string, args: ServerArgs): aws.ec2.NetworkInterface {
    return new aws.ec2.NetworkInterface(
      name,
      {
        subnetId: args.subnetId,
        privateIps: [args.privateAddress],
        securityGroups: [args.groupId],
        // Where clients leave under the server's own address, EC2 may hold it to that.
        sourceDestCheck: args.routeTableIds === undefined,
        description: `PPTP server ${args.server}`,
      },
      { parent: this, deleteBeforeReplace: true },
    );
  }

  private association(name: string, address: Address, nic: aws.ec2.NetworkInterface): aws.ec2.EipAssociation {
    return new aws.ec2.EipAssociation(
      name,
      {
        allocationId: address.allocationId,
        networkInterfaceId: nic.id,
        // From the zone's gateway, where there was one.
        allowReassociation: true,
      },
      // What was made without it stays: another would take the address off for a moment, for nothing.
      {
        parent: this,
        deleteBeforeReplace: true,
        dependsOn: address.after,
        ignoreChanges: ["allowReassociation"],
      },
    );
  }

  /** The way to this server's clients: a server more is a route more a table, and changes no other. */
  private routes(name: string, args: ServerArgs, nic: aws.ec2.NetworkInterface): aws.ec2.Route[] {
    return Object.entries(args.routeTableIds ?? {}).map(
      ([table, routeTableId]) =>
        new aws.ec2.Route(
          `${name}-${table}`,
          { routeTableId, destinationCidrBlock: args.clients, networkInterfaceId: nic.id },
          { parent: this, deleteBeforeReplace: true },
        ),
    );
  }

  private instance(
    name: string,
    args: ServerArgs,
    nic: aws.ec2.NetworkInterface,
    after: pulumi.Resource[],
  ): aws.ec2.Instance {
    return new aws.ec2.Instance(
      name,
      {
        ...machineInputs(args),
        primaryNetworkInterface: { networkInterfaceId: nic.id },
      },
      {
        parent: this,
        dependsOn: after,
        deleteBeforeReplace: true,
        ...machineOptions(args),
      },
    );
  }
}
