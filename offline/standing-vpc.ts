/** The VPC that exists already as resources that somebody else's program made: for who reads a whole network (lab/vpc/read/read.ts). */

import { CIDRS, GATEWAY, ROUTES, SUBNETS, type Subnet, subnetId, tableId, VPC } from "./existing-vpc.ts";
import type { RecordedResource } from "./program.ts";

type Inputs = Record<string, any>;

export function standingVpc(
  region: string,
): Pick<RecordedResource, "type" | "name" | "id" | "inputs" | "state">[] {
  const made = (type: string, id: string, inputs: Inputs) => ({
    type,
    name: id,
    id,
    inputs,
    state: { ...inputs, id },
  });
  const table = (subnet: Subnet) => tableId(subnet.table ?? 0);
  return [
    made("aws:ec2/vpc:Vpc", VPC, { cidrBlock: CIDRS[0] }),
    made("aws:ec2/internetGateway:InternetGateway", GATEWAY, { vpcId: VPC }),
    ...SUBNETS.map(({ zone, cidr }, i) =>
      made("aws:ec2/subnet:Subnet", subnetId(i), {
        vpcId: VPC,
        availabilityZone: region + zone,
        cidrBlock: cidr,
      }),
    ),
    ...SUBNETS.map((subnet, i) =>
      made("aws:ec2/routeTableAssociation:RouteTableAssociation", `rtbassoc-${i}`, {
        subnetId: subnetId(i),
        routeTableId: table(subnet),
      }),
    ),
    ...ROUTES.map((_, i) => made("aws:ec2/routeTable:RouteTable", tableId(i), { vpcId: VPC })),
    ...ROUTES.flatMap((routes, i) =>
      routes.map(({ cidrBlock, ...target }) =>
        made("aws:ec2/route:Route", `${tableId(i)}-default`, {
          routeTableId: tableId(i),
          destinationCidrBlock: cidrBlock,
          ...target,
        }),
      ),
    ),
  ];
}
