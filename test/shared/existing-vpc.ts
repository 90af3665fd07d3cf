/** Configs of fleets in the VPC that exists offline (offline/existing-vpc.ts), in two zones. */

const VPC = { vpcId: "vpc-0123456789abcdef0" };
const subnet = (i: number) => `subnet-0123456789abcdef${i}`;

/** Subnets and route tables of the stack's own. */
export const CARVED = {
  ...VPC,
  zones: ["eu-west-1a", "eu-west-1b"],
  subnetCidrs: ["10.20.128.0/24", "10.21.0.0/25"],
};

/** Public subnets that exist, for servers with Elastic IPs. */
export const PUBLIC = { ...VPC, frontDoor: "eip", subnetIds: [subnet(0), subnet(1)] };

/** Subnets that exist, behind gateways; a zone's servers and its balancer have one route table. */
export const NAMED = {
  ...VPC,
  gatewaySubnetIds: [subnet(2), subnet(3)],
  balancerSubnetIds: [subnet(4), subnet(5)],
  subnetIds: [subnet(6), subnet(7)],
  defaultRouteTableIds: ["rtb-0123456789abcdef2", "rtb-0123456789abcdef3"],
};

/** Where clients keep their addresses: the table of those who poll them. */
export const ROUTED = { egress: { mode: "routed", routeTableIds: ["rtb-0123456789abcdef4"] } };

/** As `key=value`, for a stack's file. */
export function overrides(config: Record<string, unknown>): string[] {
  return Object.entries(config).map(
    ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
}
