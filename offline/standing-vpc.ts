/** The VPC that exists already as resources that somebody else's program made: for who reads a whole network (lab/vpc/read/read.ts). */

import { Graph, type Recorded } from "../graph/graph.ts";
import * as types from "../graph/types.ts";
import { CIDRS, GATEWAY, ROUTES, SUBNETS, type Subnet, subnetId, tableId, VPC } from "./existing-vpc.ts";

/** The program's resources, with those of the VPC that they are in where it stood before. */
export function withStandingVpc(resources: Recorded[], region: string): Graph {
  const own = new Graph(resources);
  const stands = own.all(types.SECURITY_GROUP).some(({ inputs }) => inputs.vpcId === VPC);
  return stands ? new Graph([...standingVpc(region), ...resources]) : own;
}

function standingVpc(region: string): Recorded[] {
  const made = (type: string, id: string, inputs: object): Recorded => ({
    type,
    name: id,
    id,
    inputs,
    state: { ...inputs, id },
  });
  const table = (subnet: Subnet) => tableId(subnet.table ?? 0);
  return [
    made(types.VPC, VPC, { cidrBlock: CIDRS[0] }),
    made(types.INTERNET_GATEWAY, GATEWAY, { vpcId: VPC }),
    ...SUBNETS.map(({ zone, cidr }, i) =>
      made(types.SUBNET, subnetId(i), { vpcId: VPC, availabilityZone: region + zone, cidrBlock: cidr }),
    ),
    ...SUBNETS.map((subnet, i) =>
      made(types.ROUTE_TABLE_ASSOCIATION, `rtbassoc-${i}`, {
        subnetId: subnetId(i),
        routeTableId: table(subnet),
      }),
    ),
    ...ROUTES.map((_, i) => made(types.ROUTE_TABLE, tableId(i), { vpcId: VPC })),
    ...ROUTES.flatMap((routes, i) =>
      routes.map(({ cidrBlock, ...target }) =>
        made(types.ROUTE, `${tableId(i)}-default`, {
          routeTableId: tableId(i),
          destinationCidrBlock: cidrBlock,
          ...target,
        }),
      ),
    ),
  ];
}
