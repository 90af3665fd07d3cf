/** Networks, their rules and addresses. */

import {
  DEFAULT_GROUP,
  EGRESS_RULE,
  EIP,
  EIP_ASSOCIATION,
  FLOW_LOG,
  INGRESS_RULE,
  INTERNET_GATEWAY,
  NETWORK_INTERFACE,
  ROUTE,
  ROUTE_TABLE,
  ROUTE_TABLE_ASSOCIATION,
  SECURITY_GROUP,
  SUBNET,
  VPC,
  VPC_ENDPOINT,
} from "../../../graph/types.ts";
import type { Rows } from "./row.ts";

const rule: Omit<NonNullable<Rows[typeof INGRESS_RULE]>, "source"> = {
  replaces: ["securityGroupId"],
  // ModifySecurityGroupRules; another kind of source (a group, a prefix list) would replace it, and none is used.
  updates: ["cidrIpv4", "description", "fromPort", "ipProtocol", "tags", "toPort"],
};

export const network: Rows = {
  [VPC]: {
    source: "ec2/vpc_.go",
    replaces: ["cidrBlock"],
    updates: ["enableDnsHostnames", "enableDnsSupport", "tags"],
  },
  [DEFAULT_GROUP]: {
    source: "ec2/vpc_default_security_group.go",
    replaces: ["vpcId"],
    updates: ["tags"],
  },
  [INTERNET_GATEWAY]: {
    source: "ec2/vpc_internet_gateway.go",
    replaces: [],
    updates: ["tags", "vpcId"],
  },
  [SUBNET]: {
    source: "ec2/vpc_subnet.go",
    replaces: ["availabilityZone", "cidrBlock", "vpcId"],
    updates: ["mapPublicIpOnLaunch", "tags"],
  },
  [ROUTE_TABLE]: {
    source: "ec2/vpc_route_table.go",
    replaces: ["vpcId"],
    updates: ["tags"],
  },
  [ROUTE_TABLE_ASSOCIATION]: {
    source: "ec2/vpc_route_table_association.go",
    replaces: ["subnetId"],
    updates: ["routeTableId"],
  },
  [ROUTE]: {
    source: "ec2/vpc_route.go",
    replaces: ["destinationCidrBlock", "routeTableId"],
    // ReplaceRoute: another target is one call, and the table is never without the route.
    updates: ["gatewayId", "networkInterfaceId"],
  },
  [FLOW_LOG]: {
    source: "ec2/vpc_flow_log.go",
    replaces: [
      "iamRoleArn",
      "logDestination",
      "logDestinationType",
      "maxAggregationInterval",
      "subnetId",
      "trafficType",
      "vpcId",
    ],
    updates: ["tags"],
  },
  [VPC_ENDPOINT]: {
    source: "ec2/vpc_endpoint.go",
    replaces: ["serviceName", "vpcEndpointType", "vpcId"],
    updates: ["routeTableIds", "tags"],
  },
  [SECURITY_GROUP]: {
    source: "ec2/vpc_security_group.go",
    replaces: ["description", "vpcId"],
    updates: ["tags"],
  },
  [INGRESS_RULE]: {
    source: "ec2/vpc_security_group_ingress_rule.go",
    ...rule,
  },
  [EGRESS_RULE]: {
    source: "ec2/vpc_security_group_egress_rule.go",
    ...rule,
  },
  [EIP]: { source: "ec2/ec2_eip.go", replaces: ["domain"], updates: ["tags"] },
  [EIP_ASSOCIATION]: {
    source: "ec2/ec2_eip_association.go",
    replaces: ["allocationId", "allowReassociation", "networkInterfaceId"],
    updates: [],
  },
  [NETWORK_INTERFACE]: {
    source: "ec2/vpc_network_interface.go",
    // privateIps: by its CustomizeDiff, as the one address that we give is the primary one.
    replaces: ["privateIps", "subnetId"],
    updates: ["description", "securityGroups", "sourceDestCheck", "tags"],
  },
};
