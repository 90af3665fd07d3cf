import * as pulumi from "@pulumi/pulumi";
import type { AdoptedIps } from "../plan/front-door/elastic-ips.ts";
import type { Plan } from "../plan/plan.ts";
import type { Machine } from "../render/server.ts";
import type { Account } from "../settings/schema.ts";
import { type FrontDoor, frontDoor } from "./front-door/front-door.ts";
import { Accounts } from "./machines/accounts.ts";
import { Server } from "./machines/server.ts";
import { DefaultRoutes } from "./network/default-routes.ts";
import type { Address } from "./network/elastic-ips.ts";
import { Firewall } from "./network/firewall.ts";
import { FlowLogs, type Watched } from "./network/flow-logs.ts";
import { Network } from "./network/network.ts";
import { serverRules } from "./network/rules.ts";
import { type Owner, tagsOfFleet } from "./tags.ts";

export interface FleetArgs {
  owner: Owner;
  plan: Plan;
  /** One for each server of the plan, in its order. */
  machines: Machine[];
  /** One for each gateway of the plan, in its order. */
  gatewayMachines: Machine[];
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

/** All of a stack: the network, who may reach it, who may dial, and the servers behind their front door. */
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
    const door = frontDoor(name, args, network, this);
    const routes = this.defaultRoutes(name, network, door);
    const after = [...network.routes, ...routes.all, ...firewall.rules, ...accounts.grants];
    const servers = args.plan.servers.map((planned, i) =>
      this.server(name, args, i, network, {
        firewall,
        accounts,
        after,
        address: door.addresses[planned.name],
      }),
    );
    door.open(servers, routes.all);
    this.dial = door.dial;
    this.servers = Object.fromEntries(
      args.plan.servers.map((planned, i) => [
        planned.name,
        {
          zone: planned.zone,
          instanceId: servers[i]!.instanceId,
          privateAddress: planned.privateAddress,
          publicAddress: door.addressOf(planned),
          clientPool: planned.clientPool.share,
        },
      ]),
    );
    // The plan too: whoever reads the state finds every number that was decided.
    this.registerOutputs({ dial: this.dial, servers: this.servers, plan: args.plan });
  }

  private network(name: string, { plan: { fleet, gateways } }: FleetArgs): Network {
    const { vpcId, internetGatewayId, egress, vpcCidr, zones } = fleet;
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
    return new Network(name, { vpcCidr, zones, gateways, ...existing }, { parent: this });
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
    const { accountsSecret: secretName, permissionsBoundary } = fleet;
    return new Accounts(name, { secretName, permissionsBoundary, users }, { parent: this });
  }

  private defaultRoutes(name: string, network: Network, door: FrontDoor): DefaultRoutes {
    return new DefaultRoutes(
      name,
      { routes: door.routes, after: [...network.routes, ...door.ready] },
      { parent: this },
    );
  }

  private server(
    name: string,
    { plan, machines }: FleetArgs,
    index: number,
    network: Network,
    { firewall, accounts, after, address }: Surroundings,
  ): Server {
    const { fleet } = plan;
    const server = plan.servers[index]!;
    return new Server(
      `${name}-${server.name}`,
      {
        server: server.name,
        subnetId: network.subnetIds[server.zone]!,
        privateAddress: server.privateAddress,
        groupId: firewall.groupId,
        address,
        instanceProfile: accounts.instanceProfile,
        instanceType: fleet.instanceType,
        amiId: fleet.amiId,
        replaceOnNewAmi: fleet.amiChosen,
        userData: machines[index]!.userData,
        terminationProtection: fleet.terminationProtection,
        clients: server.clientPool.share,
        routeTableIds: fleet.egress.mode === "routed" ? network.routeTableIds : undefined,
        after,
      },
      { parent: this },
    );
  }
}

/** What a server stands in. */
interface Surroundings {
  firewall: Firewall;
  accounts: Accounts;
  address: Address | undefined;
  after: pulumi.Resource[];
}
