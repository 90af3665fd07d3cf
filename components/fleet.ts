import * as pulumi from "@pulumi/pulumi";
import type { Plan } from "../plan/plan.ts";
import type { Machine } from "../render/server.ts";
import type { Account } from "../settings/schema.ts";
import { Accounts } from "./accounts.ts";
import { ElasticIps } from "./elastic-ips.ts";
import { Firewall } from "./firewall.ts";
import { Network } from "./network.ts";
import { Server } from "./server.ts";
import type { Owner } from "./tags.ts";

export interface FleetArgs {
  owner: Owner;
  plan: Plan;
  /** One for each server of the plan, in its order. */
  machines: Machine[];
  users: pulumi.Input<Account[]>;
}

/** What an operator asks of one server. */
export interface ServerOutputs {
  zone: string;
  instanceId: pulumi.Output<string>;
  privateAddress: string;
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
    super("pptp-fleet:fleet:Fleet", name, {}, opts);
    const network = this.network(name, args);
    const firewall = this.firewall(name, args, network);
    const accounts = this.accounts(name, args);
    const frontDoor = this.frontDoor(name, args, network);
    const servers = args.plan.servers.map((_, i) =>
      this.server(name, args, i, network, firewall, accounts, frontDoor),
    );
    this.dial = args.plan.servers.map(({ name: server }) => frontDoor.addresses[server]!.publicIp);
    this.servers = Object.fromEntries(
      args.plan.servers.map((planned, i) => [
        planned.name,
        {
          zone: planned.zone,
          instanceId: servers[i]!.instanceId,
          privateAddress: planned.privateAddress,
          publicAddress: this.dial[i]!,
          clientPool: planned.clientPool.share,
        },
      ]),
    );
    // The plan too: whoever reads the state finds every number that was decided.
    this.registerOutputs({ dial: this.dial, servers: this.servers, plan: args.plan });
  }

  private network(name: string, { owner, plan: { fleet } }: FleetArgs): Network {
    const existing =
      fleet.vpcId === undefined ? {} : { vpcId: fleet.vpcId, routeTableIds: fleet.egress.routeTableIds };
    return new Network(
      name,
      { owner, vpcCidr: fleet.vpcCidr, zones: fleet.zones, ...existing },
      { parent: this },
    );
  }

  private firewall(name: string, { owner, plan: { fleet } }: FleetArgs, network: Network): Firewall {
    const { allowedCidrs, adminCidrs, egress } = fleet;
    return new Firewall(
      name,
      { owner, vpcId: network.vpcId, allowedCidrs, adminCidrs, egress },
      { parent: this },
    );
  }

  private accounts(name: string, { owner, plan: { fleet }, users }: FleetArgs): Accounts {
    return new Accounts(name, { owner, secretName: fleet.accountsSecret, users }, { parent: this });
  }

  private frontDoor(name: string, { owner, plan }: FleetArgs, network: Network): ElasticIps {
    switch (plan.fleet.frontDoor) {
      case "eip":
        return new ElasticIps(
          name,
          { owner, servers: plan.servers.map((server) => server.name), after: network.routes },
          { parent: this },
        );
      default:
        return plan.fleet.frontDoor satisfies never;
    }
  }

  private server(
    name: string,
    { owner, plan, machines }: FleetArgs,
    index: number,
    network: Network,
    firewall: Firewall,
    accounts: Accounts,
    frontDoor: ElasticIps,
  ): Server {
    const { fleet } = plan;
    const server = plan.servers[index]!;
    return new Server(
      `${name}-${server.name}`,
      {
        owner,
        server: server.name,
        subnetId: network.subnetIds[server.zone]!,
        privateAddress: server.privateAddress,
        groupId: firewall.groupId,
        allocationId: frontDoor.addresses[server.name]!.id,
        instanceProfile: accounts.instanceProfile,
        instanceType: fleet.instanceType,
        amiId: fleet.amiId,
        replaceOnNewAmi: fleet.amiChosen,
        userData: machines[index]!.userData,
        terminationProtection: fleet.terminationProtection,
        clients: server.clientPool.share,
        routeTableIds: fleet.egress.mode === "routed" ? network.routeTableIds : undefined,
        after: [...network.routes, ...firewall.rules, ...accounts.grants],
      },
      { parent: this },
    );
  }
}
