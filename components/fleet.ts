import * as pulumi from "@pulumi/pulumi";
import type { AdoptedIps } from "../plan/front-door/elastic-ips.ts";
import type { Plan } from "../plan/plan.ts";
import { balancedFlows, protocols } from "../protocols/protocols.ts";
import type { RenderedMachine } from "../render/machine.ts";
import type { Account } from "../settings/schema.ts";
import { Balancer } from "./front-door/balancer.ts";
import { addressesOfGateways, addressesOfServers, type DialAddresses } from "./front-door/dial-addresses.ts";
import { DialName } from "./front-door/dial-name.ts";
import { Gateways } from "./front-door/gateways.ts";
import { Accounts } from "./machines/accounts.ts";
import { StackBucket } from "./machines/bucket.ts";
import type { Server } from "./machines/server.ts";
import { makeServers, type Surroundings } from "./machines/servers.ts";
import { DefaultRoutes, type Routes, toGateways, toInternet } from "./network/default-routes.ts";
import { type Address, ElasticIps } from "./network/elastic-ips.ts";
import { Firewall } from "./network/firewall.ts";
import { FlowLogs, type Watched } from "./network/flow-logs.ts";
import { Network } from "./network/network.ts";
import { balancerRules, serverRules } from "./network/rules.ts";
import { type Owner, tagsOfFleet } from "./tags.ts";

export interface FleetArgs {
  owner: Owner;
  plan: Plan;
  /** One for each server of the plan, in its order. */
  machines: RenderedMachine[];
  /** One for each gateway of the plan, in its order. */
  gatewayMachines: RenderedMachine[];
  /** The Elastic IPs that exist already. */
  adopted: AdoptedIps;
  users: pulumi.Input<Account[]>;
}

/** What an operator asks of one server. */
export interface ServerOutputs {
  zone: string;
  instanceId: pulumi.Output<string>;
  privateAddress: string;
  /** Under which clients reach it, and maybe others. */
  publicAddress: pulumi.Output<string>;
  /** Its share of the clients' pool. */
  clientPool: string;
}

/** The servers behind their front door. */
interface Dialled {
  /** In the plan's order. */
  servers: Server[];
  /** Of each server, the address that its clients dial. */
  publicAddresses: pulumi.Output<string>[];
  /** All that may be dialled. */
  dialAddresses: DialAddresses;
}

/**
 * All of a stack: the network, who may reach it, who may dial, and the servers behind their front door. AWS gets it in the
 * order of the constructor, and what depends on the front door in the order of `ownAddresses` or of `behindGateways`.
 */
export class Fleet extends pulumi.ComponentResource {
  /** Addresses to dial: any of them. */
  readonly dial: pulumi.Output<string>[];
  /** By name. */
  readonly servers: Record<string, ServerOutputs>;

  constructor(name: string, args: FleetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pptp-fleet:fleet:Fleet", name, {}, tagsOfFleet(args.owner, opts));
    const network = this.network(name, args);
    this.flowLogs(`${name}-flow-logs`, args, network);
    const firewall = this.firewall(name, args, network);
    const accounts = this.accounts(name, args);
    const bucket = this.bucket(name, args);
    const addresses = this.elasticIps(name, args, network);
    const dialled = this.frontDoor(name, args, { network, firewall, accounts, bucket, addresses });
    this.dial = Object.values(dialled.dialAddresses).map(({ address }) => address);
    this.servers = outputs(args.plan, dialled);
    // The plan too: whoever reads the state finds every number that was decided.
    this.registerOutputs({ dial: this.dial, servers: this.servers, plan: args.plan });
  }

  private frontDoor(name: string, args: FleetArgs, around: Surroundings): Dialled {
    const { frontDoor } = args.plan.fleet;
    switch (frontDoor) {
      case "eip":
        return this.ownAddresses(name, args, around);
      case "nlb":
        return this.behindGateways(name, args, around);
      default:
        return frontDoor satisfies never;
    }
  }

  /** `eip`: each server is dialled by an Elastic IP of its own. */
  private ownAddresses(name: string, args: FleetArgs, around: Surroundings): Dialled {
    const { network, addresses } = around;
    const routes = this.defaultRoutes(name, network, toInternet(network));
    const servers = makeServers(this, name, args, around, routes);
    const dialAddresses = addressesOfServers(args.plan, addresses, servers);
    this.dialName(name, args, dialAddresses);
    const publicAddresses = args.plan.servers.map((server) => addresses[server.name]!.publicIp);
    return { servers, publicAddresses, dialAddresses };
  }

  /** `nlb`: a zone's gateway is dialled; the balancer decides, GRE follows by call ID. */
  private behindGateways(name: string, args: FleetArgs, around: Surroundings): Dialled {
    const { network } = around;
    const gateways = this.gateways(name, args, around);
    const routes = this.defaultRoutes(name, network, toGateways(network, gateways.byZone), gateways.ready);
    const servers = makeServers(this, name, args, around, routes);
    const balancer = this.balancer(name, args, network, servers, routes);
    const dialAddresses = addressesOfGateways(args.plan, gateways, balancer);
    this.dialName(name, args, dialAddresses);
    const publicAddresses = args.plan.servers.map(({ zone }) => gateways.byZone[zone]!.publicAddress);
    return { servers, publicAddresses, dialAddresses };
  }

  private network(name: string, { plan: { fleet, gateways } }: FleetArgs): Network {
    const { vpcId, internetGatewayId, egress, region, vpcCidr, zones } = fleet;
    const existing =
      vpcId === undefined
        ? {}
        : {
            existing: {
              vpcId,
              ...(internetGatewayId === undefined ? {} : { internetGatewayId }),
              routeTableIds: egress.routeTableIds,
            },
          };
    return new Network(name, { region, vpcCidr, zones, gateways, ...existing }, { parent: this });
  }

  /** Of the VPC where it is ours; of the fleet's subnets where it is another's. */
  private flowLogs(name: string, { owner, plan: { fleet } }: FleetArgs, network: Network): FlowLogs {
    const watched: Record<string, Watched> =
      fleet.vpcId === undefined ? { vpc: { vpcId: network.vpcId } } : network.subnets();
    return new FlowLogs(
      name,
      {
        logGroup: `/${owner.project}/${owner.stack}/flow-logs`,
        watched,
        retentionDays: fleet.flowLogRetentionDays,
        permissionsBoundary: fleet.permissionsBoundary,
      },
      { parent: this },
    );
  }

  private firewall(name: string, { plan: { fleet, gateways } }: FleetArgs, network: Network): Firewall {
    return new Firewall(
      name,
      {
        vpcId: network.vpcId,
        role: "servers",
        description: "PPTP servers: what may dial them, what they may reach",
        rules: serverRules({ ...fleet, gateways }),
      },
      { parent: this },
    );
  }

  private accounts(name: string, { plan: { fleet }, users }: FleetArgs): Accounts {
    return new Accounts(name, { secretName: fleet.accountsSecret, users }, { parent: this });
  }

  private bucket(name: string, { plan: { fleet } }: FleetArgs): StackBucket {
    return new StackBucket(name, { bucketName: fleet.bucket.name }, { parent: this });
  }

  private elasticIps(name: string, { plan, adopted }: FleetArgs, network: Network): Record<string, Address> {
    const args = { addresses: plan.elasticIps, adopted, after: network.routes };
    return new ElasticIps(name, args, { parent: this }).byMachine;
  }

  private gateways(
    name: string,
    { plan: { fleet, gateways }, gatewayMachines: machines }: FleetArgs,
    { network, bucket, addresses }: Surroundings,
  ): Gateways {
    return new Gateways(name, { fleet, gateways, machines, addresses, network, bucket }, { parent: this });
  }

  private defaultRoutes(
    name: string,
    network: Network,
    routes: Routes,
    ready: pulumi.Resource[] = [],
  ): pulumi.Resource[] {
    const after = [...network.routes, ...ready];
    return new DefaultRoutes(name, { routes, after }, { parent: this }).all;
  }

  private balancer(
    name: string,
    { plan: { fleet, gateways, servers: planned } }: FleetArgs,
    network: Network,
    servers: Server[],
    routes: pulumi.Resource[],
  ): Balancer {
    return new Balancer(
      name,
      {
        vpcId: network.vpcId,
        rules: balancerRules({ ...fleet, gateways }),
        flows: balancedFlows(protocols),
        nodes: gateways.map(({ zone, balancerAddress }) => ({
          subnetId: network.front[zone]!.balancerId,
          address: balancerAddress,
        })),
        tcpIdle: fleet.timers.nlbTcpIdle,
        targets: Object.fromEntries(
          planned.map(({ name, privateAddress: address }, i) => [name, { address, after: [servers[i]!] }]),
        ),
        deletionProtection: fleet.terminationProtection,
        after: routes,
      },
      { parent: this },
    );
  }

  private dialName(name: string, { plan: { fleet } }: FleetArgs, dialAddresses: DialAddresses): void {
    if (fleet.name === undefined) return;
    new DialName(name, { region: fleet.region, ...fleet.name, addresses: dialAddresses }, { parent: this });
  }
}

function outputs(plan: Plan, { servers, publicAddresses }: Dialled): Record<string, ServerOutputs> {
  return Object.fromEntries(
    plan.servers.map(({ name, zone, privateAddress, clientPool }, i) => [
      name,
      {
        zone,
        instanceId: servers[i]!.instanceId,
        privateAddress,
        publicAddress: publicAddresses[i]!,
        clientPool: clientPool.share,
      },
    ]),
  );
}
