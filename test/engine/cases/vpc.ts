/** Another VPC: a second network beside the first, then everything on it, then the first one goes. */
import { each, GATEWAY_NAMES, SERVER_NAMES, SERVERS, type Touched } from "./case.ts";

const EVERYWHERE = "0.0.0.0/0";
const CLIENTS = "198.51.100.0/24";

/** Rules that name no address of ours: the same, in a new group. */
const lasting = (group: string) => [
  ...each("SecurityGroupIngressRule", `${group}in-control-${CLIENTS}`, `${group}in-gre-${CLIENTS}`),
  ...each("SecurityGroupEgressRule", `${group}out-control-${CLIENTS}`, `${group}out-gre-${CLIENTS}`),
  ...each(
    "SecurityGroupEgressRule",
    ...["clients-tcp", "clients-udp", "clients-icmp", "http", "https"].map(
      (name) => `${group}out-${name}-${EVERYWHERE}`,
    ),
  ),
];

/** Rules that name addresses of ours: of the VPC that begins with `net`. */
const own = (net: string) =>
  [
    { servers: `${net}.0.0/20`, balancer: `${net}.16.0/28`, node: `${net}.16.4/32` },
    { servers: `${net}.32.0/20`, balancer: `${net}.48.0/28`, node: `${net}.48.4/32` },
  ].flatMap(({ servers, balancer, node }) => [
    ...each("SecurityGroupIngressRule", `in-health-${balancer}`, `gateway-in-answers-${node}`),
    ...each(
      "SecurityGroupIngressRule",
      ...["gre-servers", "past", "clients-tcp", "clients-udp", "clients-icmp", "http", "https"].map(
        (name) => `gateway-in-${name}-${servers}`,
      ),
    ),
    ...each("SecurityGroupEgressRule", `gateway-out-balancer-${node}`, `gateway-out-gre-servers-${servers}`),
    ...each("SecurityGroupEgressRule", `balancer-out-control-${servers}`, `balancer-out-health-${servers}`),
  ]);

const replaced = [
  ...[
    "Vpc",
    "InternetGateway",
    "DefaultSecurityGroup",
    "RouteTable",
    "Route internet",
    "SecurityGroup",
    "VpcEndpoint s3",
  ],
  ...each("FlowLog", "flow-logs-vpc"),
  ...["Subnet", "RouteTable", "RouteTableAssociation", "Route"].flatMap((type) => each(type, "a", "b")),
  ...each("NetworkInterface", ...SERVER_NAMES),
  ...SERVERS,
  ...lasting(""),
];
const front = ["gateway-a", "gateway-b", "balancer-a", "balancer-b"];

export const vpc: { nlb: Touched; eip: Touched } = {
  nlb: {
    created: own("10.44"),
    deleted: own("10.42"),
    replaced: [
      ...replaced,
      ...each("Subnet", ...front),
      ...each("RouteTableAssociation", ...front),
      ...each("RouteTable", "balancer-a", "balancer-b"),
      ...each("Route", "balancer-a", "balancer-b"),
      ...each("SecurityGroup", "gateway", "balancer"),
      ...lasting("gateway-"),
      ...each("SecurityGroupIngressRule", `balancer-in-control-${CLIENTS}`),
      ...each("Instance", ...GATEWAY_NAMES),
      ...each("EipAssociation", ...GATEWAY_NAMES),
      ...each("TargetGroupAttachment", ...SERVER_NAMES),
      ...["TargetGroup", "LoadBalancer", "Listener"],
    ],
    instanceInputs: ["primaryNetworkInterface", "subnetId", "vpcSecurityGroupIds"],
  },
  eip: {
    replaced: [...replaced, ...each("EipAssociation", ...SERVER_NAMES)],
    instanceInputs: ["primaryNetworkInterface"],
  },
};
