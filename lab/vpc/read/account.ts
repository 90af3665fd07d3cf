/** The resources that the program records, to be asked for by type, ID and association. */

import type { RecordedResource } from "../../../offline/program.ts";
import type { GroupRule } from "../../network/fleet.ts";
import type { VpcSubnet } from "../vpc.ts";

/** What the lab knows of a resource: the program's, or one of a VPC that exists. */
export type Known = Pick<RecordedResource, "type" | "name" | "id" | "inputs" | "state">;

/** The recorded resources, asked as AWS would be. */
export class Account {
  private readonly resources: Known[];

  constructor(resources: Known[]) {
    this.resources = resources;
  }

  all(type: string): Known[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** By ID. @throws Error where the program names what it does not register. */
  find(type: string, id: string): Known {
    const found = this.all(type).find((resource) => resource.id === id || resource.state.arn === id);
    if (!found) throw new Error(`the program names ${id}, and registers no such ${type}`);
    return found;
  }

  /** The rules of these groups together: EC2 evaluates them as one set. */
  rules(direction: "Ingress" | "Egress", groups: string[]): GroupRule[] {
    return this.all(`aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`)
      .filter(({ inputs }) => groups.includes(inputs.securityGroupId))
      .map(({ inputs }) => ({
        protocol: inputs.ipProtocol,
        ...(inputs.fromPort === undefined ? {} : { fromPort: inputs.fromPort, toPort: inputs.toPort }),
        cidr: inputs.cidrIpv4,
        description: inputs.description,
      }));
  }

  subnet(id: string): VpcSubnet {
    const { inputs } = this.find("aws:ec2/subnet:Subnet", id);
    const associated = this.all("aws:ec2/routeTableAssociation:RouteTableAssociation").find(
      (each) => each.inputs.subnetId === id,
    );
    return {
      id,
      zone: inputs.availabilityZone,
      cidr: inputs.cidrBlock,
      ...(associated && { routeTable: associated.inputs.routeTableId }),
    };
  }
}

/** Locally administered, from the private address: the same machine has the same one in each run. */
export function macOf(privateAddress: string): string {
  const bytes = privateAddress.split(".").map((byte) => Number(byte).toString(16).padStart(2, "0"));
  return ["02", "0e", ...bytes].join(":");
}
