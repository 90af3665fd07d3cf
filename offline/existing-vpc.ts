/** The VPC that exists already, for stacks that name one: what AWS would answer about it. IDs are made up. */

type Inputs = Record<string, any>;

const ID = "0123456789abcdef";
export const VPC = `vpc-${ID}0`;
export const GATEWAY = `igw-${ID}0`;
/** Its second CIDR is one that no subnet is in. */
export const CIDRS = ["10.20.0.0/16", "10.21.0.0/24"];

export interface Subnet {
  /** What follows the region's name. */
  zone: string;
  cidr: string;
  /** A table of its own, by its last digit; else it has the VPC's main one. */
  table?: number;
}

/**
 * By the last digit of their IDs: two that a public server can be in, then by role a zone's gateway, balancer and
 * servers behind them, and one in a Local Zone.
 */
export const SUBNETS: Subnet[] = [
  { zone: "a", cidr: "10.20.0.0/24" },
  { zone: "b", cidr: "10.20.1.0/24" },
  { zone: "a", cidr: "10.20.2.0/28", table: 1 },
  { zone: "b", cidr: "10.20.2.16/28", table: 1 },
  { zone: "a", cidr: "10.20.3.0/28", table: 2 },
  { zone: "b", cidr: "10.20.3.16/28", table: 3 },
  { zone: "a", cidr: "10.20.4.0/24", table: 2 },
  { zone: "b", cidr: "10.20.5.0/24", table: 3 },
  { zone: "-bos-1a", cidr: "10.20.6.0/24" },
];
/** Somebody's NAT instance. */
const NAT = { id: `eni-${ID}0`, privateIps: ["10.20.0.200"] };
const OPEN = { cidrBlock: "0.0.0.0/0", gatewayId: GATEWAY };
/** Routes by table, by the last digit of its ID: the main one, a public one, a zone's each, and one behind that NAT. */
export const ROUTES = [[OPEN], [OPEN], [], [], [{ cidrBlock: "0.0.0.0/0", networkInterfaceId: NAT.id }]];

export const subnetId = (i: number) => `subnet-${ID}${i}`;
export const tableId = (i: number) => `rtb-${ID}${i}`;
const indexOf = (id: unknown) => Number.parseInt(String(id).slice(-1), 16);
const kept = (cidr: string) => 2 ** (32 - Number(cidr.split("/")[1])) - 5;

/** IPv4 CIDR of a subnet that exists. */
export function cidrOfSubnet(id: string): string {
  return SUBNETS[indexOf(id)]!.cidr;
}

/** @returns Undefined for a question about something else. @throws Error in AWS's place, where AWS would refuse. */
export function answerOfVpc(region: string, token: string, inputs: Inputs): Inputs | undefined {
  switch (token) {
    case "aws:ec2/getVpc:getVpc":
      if (inputs.id !== VPC) throw new Error(`no matching EC2 VPC found: ${inputs.id}`);
      return {
        id: VPC,
        cidrBlock: CIDRS[0],
        cidrBlockAssociations: CIDRS.map((cidrBlock) => ({ cidrBlock, state: "associated" })),
      };
    case "aws:ec2/getInternetGateway:getInternetGateway":
      return { id: GATEWAY, internetGatewayId: GATEWAY };
    case "aws:ec2/getSubnets:getSubnets":
      // None is a stack's.
      return { id: region, ids: inputs.tags === undefined ? SUBNETS.map((_, i) => subnetId(i)) : [] };
    case "aws:ec2/getSubnet:getSubnet": {
      const subnet = SUBNETS[indexOf(inputs.id)];
      if (subnet === undefined || inputs.id !== subnetId(indexOf(inputs.id)))
        throw new Error(`no matching EC2 Subnet found: ${inputs.id}`);
      const { cidr: cidrBlock, zone } = subnet;
      return {
        ...{ id: inputs.id, vpcId: VPC, cidrBlock, availabilityZone: region + zone },
        availableIpAddressCount: kept(cidrBlock),
      };
    }
    case "aws:ec2/getRouteTables:getRouteTables": {
      const [{ name, values }] = inputs.filters;
      if (name === "association.main") return { id: region, ids: [tableId(0)] };
      const { table } = SUBNETS[indexOf(values[0])]!;
      return { id: region, ids: table === undefined ? [] : [tableId(table)] };
    }
    case "aws:ec2/getRouteTable:getRouteTable": {
      const i = indexOf(inputs.routeTableId);
      const routes = ROUTES[i];
      if (routes === undefined || inputs.routeTableId !== tableId(i))
        throw new Error(`no matching EC2 Route Table found: ${inputs.routeTableId}`);
      const own = SUBNETS.flatMap(({ table }, subnet) =>
        table === i ? [{ subnetId: subnetId(subnet), main: false }] : [],
      );
      return {
        ...{ id: inputs.routeTableId, routeTableId: inputs.routeTableId, vpcId: VPC },
        associations: i === 0 ? [{ subnetId: "", main: true }] : own,
        routes,
      };
    }
    case "aws:ec2/getNetworkInterfaces:getNetworkInterfaces": {
      const { filters: [{ name, values }] = [{}], tags } = inputs;
      const found = tags === undefined && name === "network-interface-id" && values.includes(NAT.id);
      return { id: region, ids: found ? [NAT.id] : [] };
    }
    case "aws:ec2/getNetworkInterface:getNetworkInterface":
      return { ...NAT, subnetId: subnetId(0) };
    default:
      return undefined;
  }
}
