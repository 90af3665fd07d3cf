/** A fleet as it should stand on AWS: two zones, a gateway each, three servers, one balancer. */
import { bucketName } from "../../../plan/bucket.ts";
import type {
  Bucket,
  FleetInstance,
  Group,
  Inventory,
  RouteTable,
  Rule,
  TargetGroup,
} from "../../../probe/aws/inventory.ts";

const ZONES = ["a", "b"];

export function soundFleet(): Inventory {
  const servers = [
    server("a-1", "a", "10.42.0.4"),
    server("b-1", "b", "10.42.32.4"),
    server("a-2", "a", "10.42.0.5"),
  ];
  const machines = [...ZONES.map(gateway), ...servers];
  return {
    stack: "prod",
    machines,
    bucket: bucket(machines),
    addresses: ZONES.map((zone, i) => ({
      address: `198.51.100.${i + 1}`,
      interfaceId: `eni-gateway-${zone}`,
    })),
    groups: [
      { id: "sg-servers", name: "pptp-fleet-prod-servers", rules: SERVER_RULES },
      { id: "sg-gateways", name: "pptp-fleet-prod-gateway", rules: GATEWAY_RULES },
      { id: "sg-balancer", name: "pptp-fleet-prod-balancer", rules: BALANCER_RULES },
    ],
    subnets: ZONES.flatMap((zone, i) => [
      subnet("servers", zone, `10.42.${32 * i}.0/20`),
      subnet("balancer", zone, `10.42.${32 * i + 16}.0/28`),
      subnet("gateway", zone, `10.42.${32 * i + 16}.16/28`),
    ]),
    routeTables: [
      { id: "rtb-main", main: true, subnetIds: [] },
      {
        id: "rtb-public",
        main: false,
        subnetIds: ZONES.map((zone) => `subnet-gateway-${zone}`),
        ...to("igw-1"),
      },
      ...ZONES.flatMap((zone) =>
        ["servers", "balancer"].map((role) => ({
          ...{ id: `rtb-${role}-${zone}`, main: false, subnetIds: [`subnet-${role}-${zone}`] },
          ...to(`eni-gateway-${zone}`),
        })),
      ),
    ],
    balancer: {
      ...{ name: "prod", scheme: "internal", state: "active", groupIds: ["sg-balancer"], crossZone: false },
      subnetIds: ZONES.map((zone) => `subnet-balancer-${zone}`),
      listeners: [{ protocol: "TCP", port: 1723, targetGroup: "prod-servers" }],
      targetGroups: [
        {
          name: "prod-servers",
          attributes: {
            "load_balancing.cross_zone.enabled": "false",
            "preserve_client_ip.enabled": "true",
            "proxy_protocol_v2.enabled": "false",
            "stickiness.enabled": "true",
            "stickiness.type": "source_ip",
            "target_health_state.unhealthy.connection_termination.enabled": "false",
            "deregistration_delay.connection_termination.enabled": "false",
          },
          check: { protocol: "HTTP", port: "8723" },
          targets: servers.map(({ address }) => ({ address, port: 1723, state: "healthy", reason: "" })),
        },
      ],
    },
  };
}

/** The same servers with an Elastic IP each, and no balancer. */
export function soundFleetOfEip(): Inventory {
  const { balancer: _, ...fleet } = soundFleet();
  const machines = fleet.machines.filter(({ role }) => role === "server");
  return {
    ...fleet,
    machines,
    bucket: bucket(machines),
    addresses: machines.map(({ interfaceId }, i) => ({ address: `198.51.100.${i + 1}`, interfaceId })),
    routeTables: fleet.routeTables.map((table) =>
      table.defaultRoute ? { ...table, ...to("igw-1") } : table,
    ),
  };
}

const to = (target: string) => ({ defaultRoute: { target, state: "active" } });

function gateway(zone: string): FleetInstance {
  return instance({
    name: `gateway-${zone}`,
    role: "gateway",
    zone,
    address: `10.42.16.2${zone === "a" ? 0 : 1}`,
  });
}

function server(name: string, zone: string, address: string): FleetInstance {
  return instance({ name, role: "server", zone, address });
}

function instance({
  zone,
  ...about
}: Pick<FleetInstance, "name" | "role" | "zone" | "address">): FleetInstance {
  const { name, role } = about;
  return {
    ...{
      ...about,
      zone: `eu-west-1${zone}`,
      instanceId: `i-${name}`,
      state: "running",
      launched: minutesAgo(600),
    },
    interfaceId: `eni-${name}`,
    subnetId: `subnet-${role === "server" ? "servers" : "gateway"}-${zone}`,
    sourceDestCheck: role === "server",
    groupIds: [role === "server" ? "sg-servers" : "sg-gateways"],
  };
}

/** When the bucket was read, by S3's clock. */
const READ_AT = Date.UTC(2026, 10, 28, 12);
export const minutesAgo = (minutes: number) => new Date(READ_AT - minutes * 60_000);

/** Version of a bundle, by one digit of it. */
export const version = (digit: string) => digit.repeat(64);

function bucket(machines: FleetInstance[]): Bucket {
  const [owner, region] = [{ project: "pptp-fleet", stack: "prod", account: "111122223333" }, "eu-west-1"];
  return {
    ...{ name: bucketName({ ...owner, region }), region, readAt: minutesAgo(0) },
    objects: Object.fromEntries(
      machines.map(({ name }) => [
        name,
        {
          desired: { text: JSON.stringify({ version: version("a") }), at: minutesAgo(300) },
          status: { text: JSON.stringify(SOUND), at: minutesAgo(4) },
        },
      ]),
    ),
  };
}

/** What a machine reports that is as it is to be. */
export const SOUND = {
  at: minutesAgo(4).toISOString(),
  ...{
    bootstrap: 1,
    version: version("a"),
    result: "applied",
    changed: [],
    waits: [],
    sessions: 7,
    drift: [],
  },
  ...{ packages: { ppp: "2.5.2-1+1" }, good: version("a") },
};

const subnet = (role: string, zone: string, cidr: string) => ({
  ...{ id: `subnet-${role}-${zone}`, name: `pptp-fleet-prod-${role}-${zone}`, cidr },
  zone: `eu-west-1${zone}`,
});

export const CLIENTS = "203.0.113.0/24";
const SERVERS = ["10.42.0.0/20", "10.42.32.0/20"];
const BALANCERS = ["10.42.16.4/32", "10.42.48.4/32"];
const BALANCER_SUBNETS = ["10.42.16.0/28", "10.42.48.0/28"];

const rule = (
  direction: Rule["direction"],
  protocol: string,
  port: number | undefined,
  cidrs: string[],
): Rule => ({
  ...{ direction, protocol, cidrs },
  ...(port === undefined ? {} : { ports: [port, port] as [number, number] }),
});

const SERVER_RULES = [
  rule("in", "tcp", 1723, [CLIENTS]),
  rule("in", "47", undefined, [CLIENTS]),
  rule("out", "47", undefined, [CLIENTS]),
  rule("in", "tcp", 8723, BALANCER_SUBNETS),
  rule("out", "tcp", 443, ["0.0.0.0/0"]),
];
const GATEWAY_RULES = [
  rule("in", "tcp", 1723, [CLIENTS]),
  rule("out", "tcp", 1723, BALANCERS),
  rule("in", "47", undefined, [CLIENTS]),
  rule("out", "47", undefined, [CLIENTS]),
  rule("in", "47", undefined, SERVERS),
  rule("out", "47", undefined, SERVERS),
];
const BALANCER_RULES = [
  rule("in", "tcp", 1723, [CLIENTS]),
  rule("out", "tcp", 1723, SERVERS),
  rule("out", "tcp", 8723, SERVERS),
];

/** The fleet after a change of it. */
export function after(change: (fleet: Inventory) => void, fleet = soundFleet()): Inventory {
  change(fleet);
  return fleet;
}

export const machine = ({ machines }: Inventory, name: string): FleetInstance =>
  machines.find((each) => each.name === name)!;
export const table = ({ routeTables }: Inventory, id: string): RouteTable =>
  routeTables.find((each) => each.id === id)!;
export const targets = ({ balancer }: Inventory): TargetGroup => balancer!.targetGroups[0]!;
export const without = (fleet: Inventory, group: string, gone: (rule: Rule) => boolean) => {
  const found: Group = fleet.groups.find(({ id }) => id === group)!;
  found.rules = found.rules.filter((rule) => !gone(rule));
};
export const is =
  (direction: Rule["direction"], protocol: string, port?: number, cidr?: string) => (rule: Rule) =>
    rule.direction === direction &&
    rule.protocol === protocol &&
    (port === undefined || rule.ports?.[0] === port) &&
    (cidr === undefined || rule.cidrs.includes(cidr));
