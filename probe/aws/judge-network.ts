/** Machines, their addresses, and the routes between them. Pure. */
import type { Fault, FleetInstance, Inventory, RouteTable } from "./inventory.ts";

const BACK = "`pulumi up --refresh` puts it back";

export const gatewaysOf = ({ machines }: Inventory) => machines.filter(({ role }) => role === "gateway");
export const serversOf = ({ machines }: Inventory) => machines.filter(({ role }) => role === "server");

/** Whether the stack has the front door `nlb`: some part of it is there. */
export function isNlb(inventory: Inventory): boolean {
  return inventory.balancer !== undefined || gatewaysOf(inventory).length > 0;
}

export function machineFaults(inventory: Inventory, dialled?: string): Fault[] {
  const { machines, addresses } = inventory;
  const nlb = isNlb(inventory);
  // Behind a balancer the gateways are dialled, else the servers themselves.
  const doors = nlb ? gatewaysOf(inventory) : serversOf(inventory);
  return [
    ...(serversOf(inventory).length === 0
      ? [
          none(
            "none",
            `stack ${inventory.stack}`,
            "no server exists",
            "`pulumi up` makes them; check --region and --stack",
          ),
        ]
      : []),
    ...machines.filter(({ state }) => state !== "running").map(notRunning),
    ...doors
      .filter((door) => !addresses.some(({ interfaceId }) => interfaceId === door.interfaceId))
      .map(
        (door): Fault => ({
          id: "address-off",
          resource: named(door),
          wrong: "no Elastic IP is on its interface",
          fix: BACK,
          leg: "tcp",
        }),
      ),
    ...addresses
      .filter(({ address, interfaceId }) => address === dialled && interfaceId === undefined)
      .map(({ address }) => none("address-unused", address, "the dialled address is on no machine", BACK)),
    ...(nlb ? gatewaysOf(inventory) : [])
      .filter(({ sourceDestCheck }) => sourceDestCheck)
      .map(
        (gateway): Fault => ({
          id: "source-dest-check",
          resource: `${named(gateway)}, ${gateway.interfaceId}`,
          wrong: "the source/destination check is on: EC2 drops what it forwards",
          fix: BACK,
          leg: "tcp",
        }),
      ),
    ...(nlb ? zonesWithout(inventory) : []),
  ];
}

function notRunning(machine: FleetInstance): Fault {
  return {
    id: "not-running",
    resource: named(machine),
    wrong: `the instance is ${machine.state}`,
    fix: "start it, or `pulumi up` where it is gone",
    leg: "tcp",
  };
}

function zonesWithout(inventory: Inventory): Fault[] {
  const zones = new Set(serversOf(inventory).map(({ zone }) => zone));
  for (const { zone } of gatewaysOf(inventory)) zones.delete(zone);
  return [...zones].map((zone) =>
    none("no-gateway", zone, "the zone has servers and no gateway", "`pulumi up` makes it"),
  );
}

export function networkFaults(inventory: Inventory): Fault[] {
  const nlb = isNlb(inventory);
  const gateways = gatewaysOf(inventory);
  const open = nlb ? gateways : serversOf(inventory);
  const faults = unique(open.map(({ subnetId }) => subnetId)).flatMap((subnet) =>
    wrongRoute(inventory, subnet, "an internet gateway", (target) => target.startsWith("igw-"), "tcp"),
  );
  if (!nlb) return faults;
  const byGateway = (subnet: string, leg: "tcp" | "greBack") => {
    const { zone } = inventory.subnets.find(({ id }) => id === subnet) ?? { zone: "" };
    const own = gateways.filter((gateway) => gateway.zone === zone);
    const leads = (target: string) =>
      own.some(({ interfaceId, instanceId }) => target === interfaceId || target === instanceId);
    return wrongRoute(inventory, subnet, `the gateway of ${zone}`, leads, leg);
  };
  return [
    ...faults,
    // GRE of a server, and answers of the balancer to clients.
    ...unique(serversOf(inventory).map(({ subnetId }) => subnetId)).flatMap((each) =>
      byGateway(each, "greBack"),
    ),
    ...(inventory.balancer?.subnetIds ?? []).flatMap((each) => byGateway(each, "tcp")),
  ];
}

function wrongRoute(
  inventory: Inventory,
  subnetId: string,
  wanted: string,
  leads: (target: string) => boolean,
  leg: "tcp" | "greBack",
): Fault[] {
  const table = tableOf(inventory, subnetId);
  const subnet = inventory.subnets.find(({ id }) => id === subnetId);
  const resource = `${table?.id ?? "no route table"} of subnet ${subnet?.name ?? subnetId} (${subnetId})`;
  const fault = (id: string, wrong: string): Fault[] => [{ id, resource, wrong, fix: BACK, leg }];
  const route = table?.defaultRoute;
  if (!route) return fault("no-default-route", `no default route; it should lead to ${wanted}`);
  if (route.state !== "active")
    return fault("default-route-dead", `its default route to ${route.target} is a ${route.state}`);
  return leads(route.target)
    ? []
    : fault("default-route-astray", `its default route leads to ${route.target}, not to ${wanted}`);
}

/** The table that a subnet names, else the VPC's main one. */
function tableOf({ routeTables }: Inventory, subnetId: string): RouteTable | undefined {
  return (
    routeTables.find(({ subnetIds }) => subnetIds.includes(subnetId)) ?? routeTables.find(({ main }) => main)
  );
}

function none(id: string, resource: string, wrong: string, fix: string): Fault {
  return { id, resource, wrong, fix, leg: "tcp" };
}

export function named({ name, instanceId }: FleetInstance): string {
  return `${name} (${instanceId})`;
}

export function unique<T>(values: T[]): T[] {
  return [...new Set(values)];
}
