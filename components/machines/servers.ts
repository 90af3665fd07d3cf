/** The servers of a fleet, behind either front door. */
import type * as pulumi from "@pulumi/pulumi";
import type { Plan } from "../../plan/plan.ts";
import type { RenderedMachine } from "../../render/machine.ts";
import type { Address } from "../network/elastic-ips.ts";
import type { Firewall } from "../network/firewall.ts";
import type { Network } from "../network/network.ts";
import type { Accounts } from "./accounts.ts";
import type { StackBucket } from "./bucket.ts";
import { MachineRole } from "./machine-role.ts";
import { Server } from "./server.ts";

/** What all servers stand in. */
export interface Surroundings {
  network: Network;
  firewall: Firewall;
  accounts: Accounts;
  bucket: StackBucket;
  /** The Elastic IPs that clients dial, by the machine that has each: a server, or its gateway. */
  addresses: Record<string, Address>;
}

/**
 * In the plan's order.
 *
 * @param machines One for each server of the plan.
 * @param routes The default routes, which a first boot needs.
 */
export function makeServers(
  parent: pulumi.Resource,
  name: string,
  { plan: { fleet, servers }, machines }: { plan: Plan; machines: RenderedMachine[] },
  { network, firewall, accounts, bucket, addresses }: Surroundings,
  routes: pulumi.Resource[],
): Server[] {
  const after = [...network.routes, ...routes, ...firewall.rules, ...accounts.ready];
  return servers.map((server, i) => {
    const { userData, packed } = machines[i]!;
    const own = `${name}-${server.name}`;
    const role = new MachineRole(
      own,
      {
        machine: { server: server.name },
        bucketArn: bucket.arn,
        secretArn: accounts.secretArn,
        permissionsBoundary: fleet.permissionsBoundary,
      },
      { parent },
    );
    const desired = bucket.machine(server.name, packed, role.grants);
    return new Server(
      own,
      {
        server: server.name,
        subnetId: network.subnetIds[server.zone]!,
        privateAddress: server.privateAddress,
        groupId: firewall.groupId,
        address: addresses[server.name],
        instanceProfile: role.instanceProfile,
        instanceType: fleet.instanceType,
        amiId: fleet.amiId,
        replaceOnNewAmi: fleet.amiChosen,
        userData,
        terminationProtection: fleet.terminationProtection,
        clients: server.clientPool.share,
        routeTableIds: fleet.egress.mode === "routed" ? network.routeTableIds : undefined,
        after: [...after, desired],
      },
      { parent },
    );
  });
}
