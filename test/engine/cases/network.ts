/** Names, logs, the network itself, and how clients leave. */
import { arrives, type Case, each, GATEWAY_NAMES, SERVER_NAMES } from "./case.ts";
import { vpc } from "./vpc.ts";

const NAME = { dialName: "pptp.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" };
const zones = ["a", "b"];
const alarms = zones.flatMap((zone) => [`${zone}-gateway`, `${zone}-servers`]);

const egress = (group: string, cidr: string) =>
  each(
    "SecurityGroupEgressRule",
    ...["tcp", "udp", "icmp"].map((kind) => `${group}out-clients-${kind}-${cidr}`),
  );
const ingress = (group: string, cidr: string) =>
  each(
    "SecurityGroupIngressRule",
    ...["tcp", "udp", "icmp"].map((kind) => `${group}in-clients-${kind}-${cidr}`),
  );
const VPC = "10.42.0.0/16";
const POOL = "10.64.0.0/14";
/** The machines' and the flow logs'. */
const ROLES = {
  nlb: { updated: each("Role", ...SERVER_NAMES, ...GATEWAY_NAMES, "flow-logs") },
  eip: { updated: each("Role", ...SERVER_NAMES, "flow-logs") },
};
/** The way to each server's clients, in each table. */
const routes = each(
  "Route",
  ...SERVER_NAMES.flatMap((server) => ["a", "b", "public"].map((table) => `${server}-${table}`)),
);
const routed = {
  created: [...routes, ...egress("", VPC), ...ingress("", VPC)],
  updated: each("NetworkInterface", ...SERVER_NAMES),
  deleted: egress("", "0.0.0.0/0"),
};

export const cases: Case[] = [
  {
    change: "`dialName` and `hostedZoneId`: set",
    to: NAME,
    nlb: {
      created: [
        "DialName",
        ...each("MetricAlarm", ...alarms),
        ...each("HealthCheck", ...alarms, ...zones),
        ...each("Record", ...zones),
      ],
    },
    eip: {
      created: [
        "DialName",
        ...each("MetricAlarm", ...SERVER_NAMES.map((name) => `${name}-server`)),
        ...each("HealthCheck", ...SERVER_NAMES.map((name) => `${name}-server`)),
        ...each("Record", ...SERVER_NAMES),
      ],
    },
  },
  {
    change: "`dialName`: another",
    from: NAME,
    to: { ...NAME, dialName: "vpn.example.com" },
    nlb: { replaced: each("Record", ...zones) },
    eip: { replaced: each("Record", ...SERVER_NAMES) },
  },
  {
    change: "`flowLogRetentionDays`",
    to: { flowLogRetentionDays: 90 },
    nlb: { updated: ["LogGroup flow-logs"] },
    eip: { updated: ["LogGroup flow-logs"] },
  },
  {
    change: "`permissionsBoundary`: set, or another",
    to: { permissionsBoundary: "arn:aws:iam::111122223333:policy/pptp-fleet-boundary" },
    ...ROLES,
  },
  {
    change: "`permissionsBoundary`: unset again",
    from: { permissionsBoundary: "arn:aws:iam::111122223333:policy/pptp-fleet-boundary" },
    to: { permissionsBoundary: undefined },
    ...ROLES,
  },
  {
    change: "`egress.mode`: nat to routed",
    to: { egress: { mode: "routed" } },
    nlb: {
      created: [
        ...routed.created,
        ...egress("gateway-", VPC),
        ...ingress("gateway-", POOL),
        ...each("SecurityGroupIngressRule", `gateway-in-http-${POOL}`, `gateway-in-https-${POOL}`),
      ],
      updated: routed.updated,
      deleted: [...routed.deleted, ...egress("gateway-", "0.0.0.0/0")],
      ...arrives("in place", [...SERVER_NAMES, ...GATEWAY_NAMES]),
    },
    eip: { ...routed, ...arrives("in place") },
  },
  { change: "`vpcCidr`", to: { vpcCidr: "10.44.0.0/16" }, ends: "another network", ...vpc },
];
