/** The two front doors, as the fleet sees them: what clients dial, and where the fleet's own packets leave. */
import type * as pulumi from "@pulumi/pulumi";
import type { AdoptedIps } from "../../plan/front-door/elastic-ips.ts";
import { letter } from "../../plan/place/identity.ts";
import type { Plan, ServerPlan } from "../../plan/plan.ts";
import { balancedFlows, protocols } from "../../protocols/protocols.ts";
import type { Machine } from "../../render/server.ts";
import type { Server } from "../machines/server.ts";
import type { DefaultRoutesArgs } from "../network/default-routes.ts";
import { type Address, ElasticIps } from "../network/elastic-ips.ts";
import type { Network } from "../network/network.ts";
import { balancerRules } from "../network/rules.ts";
import { Balancer } from "./balancer.ts";
import { DialName, type DialNameArgs, instanceBroken, noTargets } from "./dial-name.ts";
import { Gateways } from "./gateways.ts";

export interface FrontDoor {
  /** Addresses to dial: any of them. */
  dial: pulumi.Output<string>[];
  /** The address that a server's clients dial. */
  addressOf(server: ServerPlan): pulumi.Output<string>;
  /** Of the servers that have an Elastic IP of their own, by name. */
  addresses: Record<string, Address>;
  /** Where the zones' packets to the rest of the world go. */
  routes: DefaultRoutesArgs["routes"];
  /** What these routes need to lead anywhere. */
  ready: pulumi.Resource[];
  /** Leads dials to the servers, which stand by now. */
  open(servers: Server[], routes: pulumi.Resource[]): void;
}

interface DoorArgs {
  plan: Plan;
  gatewayMachines: Machine[];
  adopted: AdoptedIps;
}

export function frontDoor(
  name: string,
  args: DoorArgs,
  network: Network,
  parent: pulumi.Resource,
): FrontDoor {
  const { frontDoor } = args.plan.fleet;
  switch (frontDoor) {
    case "eip":
      return elasticIps(name, args, network, parent);
    case "nlb":
      return gateways(name, args, network, parent);
    default:
      return frontDoor satisfies never;
  }
}

/** The addresses to dial, by the machine that has each; the same resources behind either front door. */
function addresses(
  name: string,
  { plan, adopted }: DoorArgs,
  network: Network,
  parent: pulumi.Resource,
): Record<string, Address> {
  const args = { addresses: plan.elasticIps, adopted, after: network.routes };
  return new ElasticIps(name, args, { parent }).byMachine;
}

/** `eip`: each server by an Elastic IP of its own. */
function elasticIps(name: string, args: DoorArgs, network: Network, parent: pulumi.Resource): FrontDoor {
  const { plan } = args;
  const servers = plan.servers.map((server) => server.name);
  const byServer = addresses(name, args, network, parent);
  const address = (server: string) => byServer[server]!.publicIp;
  const internet = network.internetGatewayId;
  return {
    dial: servers.map(address),
    addressOf: (server) => address(server.name),
    addresses: byServer,
    routes:
      internet === undefined
        ? {}
        : routes(network.serverTableIds, "", () => ({ internetGatewayId: internet })),
    ready: [],
    open: (standing) =>
      dialName(name, args, parent, () =>
        Object.fromEntries(
          servers.map((server, i) => [
            server,
            { address: address(server), signs: { server: instanceBroken(server, standing[i]!.instanceId) } },
          ]),
        ),
      ),
  };
}

/** `nlb`: the balancer decides, GRE follows by call ID. */
function gateways(name: string, args: DoorArgs, network: Network, parent: pulumi.Resource): FrontDoor {
  const { plan, gatewayMachines: machines } = args;
  const { fleet } = plan;
  const byGateway = addresses(name, args, network, parent);
  const door = new Gateways(
    name,
    { fleet, gateways: plan.gateways, machines, addresses: byGateway, network },
    { parent },
  );
  // A zone that has a gateway and no server yet is none to dial.
  const dialled = plan.gateways.filter((gateway) => plan.servers.some(({ zone }) => zone === gateway.zone));
  const wayOut = (zone: string) => ({ gatewayInterfaceId: door.byZone[zone]!.interfaceId });
  return {
    dial: dialled.map(({ zone }) => door.byZone[zone]!.publicAddress),
    addressOf: ({ zone }) => door.byZone[zone]!.publicAddress,
    addresses: {},
    routes: {
      ...routes(network.serverTableIds, "", wayOut),
      ...routes(network.balancerTableIds, "balancer-", wayOut),
    },
    ready: door.ready,
    open: (servers, after) => {
      const balancer = new Balancer(
        name,
        {
          vpcId: network.vpcId,
          rules: balancerRules({ ...fleet, gateways: plan.gateways }),
          flows: balancedFlows(protocols),
          nodes: plan.gateways.map(({ zone, balancerAddress }) => ({
            subnetId: network.front[zone]!.balancerId,
            address: balancerAddress,
          })),
          tcpIdle: fleet.timers.nlbTcpIdle,
          targets: Object.fromEntries(
            plan.servers.map((server, i) => [
              server.name,
              { address: server.privateAddress, after: [servers[i]!] },
            ]),
          ),
          deletionProtection: fleet.terminationProtection,
          after,
        },
        { parent },
      );
      dialName(name, args, parent, () =>
        Object.fromEntries(
          dialled.map((gateway) => {
            const { publicAddress, instanceId } = door.byZone[gateway.zone]!;
            const signs = {
              gateway: instanceBroken(gateway.name, instanceId),
              servers: noTargets(gateway.zone, balancer.dimensions),
            };
            return [letter(gateway.zone), { address: publicAddress, signs }];
          }),
        ),
      );
    },
  };
}

function dialName(
  name: string,
  { plan: { fleet } }: DoorArgs,
  parent: pulumi.Resource,
  answers: () => DialNameArgs["answers"],
): void {
  if (fleet.name === undefined) return;
  new DialName(name, { region: fleet.region, ...fleet.name, answers: answers() }, { parent });
}

/** A default route for each zone's table. */
function routes(
  tables: Record<string, pulumi.Output<string>>,
  role: string,
  wayOut: (zone: string) => DefaultRoutesArgs["routes"][string]["wayOut"],
): DefaultRoutesArgs["routes"] {
  return Object.fromEntries(
    Object.entries(tables).map(([zone, routeTableId]) => [
      `${role}${letter(zone)}`,
      { routeTableId, wayOut: wayOut(zone) },
    ]),
  );
}
