/** The VPC and what makes it up. */

import {
  DEFAULT_GROUP,
  EGRESS_RULE,
  FLOW_LOG,
  INGRESS_RULE,
  INTERNET_GATEWAY,
  ROUTE,
  ROUTE_TABLE,
  ROUTE_TABLE_ASSOCIATION,
  SECURITY_GROUP,
  SUBNET,
  VPC,
  VPC_ENDPOINT,
} from "../../../../graph/types.ts";
import { call, type Inputs, type Row, tagged, tagList } from "./call.ts";

const rule = (direction: "Ingress" | "Egress"): Row => ({
  source: `ec2/vpc_security_group_${direction.toLowerCase()}_rule.go`,
  calls: ({ securityGroupId, description, cidrIpv4, ipProtocol, fromPort, toPort, tags }) => [
    call(`ec2 AuthorizeSecurityGroup${direction}`, {
      GroupId: securityGroupId,
      IpPermissions: [
        {
          ...{ IpProtocol: ipProtocol, FromPort: fromPort, ToPort: toPort },
          IpRanges: [{ CidrIp: cidrIpv4, Description: description }],
        },
      ],
      ...tagged("security-group-rule", tags),
    }),
  ],
});

const watched = ({ vpcId, subnetId }: Inputs) =>
  vpcId === undefined
    ? { ResourceIds: [subnetId], ResourceType: "Subnet" }
    : { ResourceIds: [vpcId], ResourceType: "VPC" };

export const network: Record<string, Row> = {
  [VPC]: {
    source: "ec2/vpc_.go",
    calls: ({ cidrBlock, enableDnsSupport, enableDnsHostnames, tags }, VpcId) => [
      call("ec2 CreateVpc", { CidrBlock: cidrBlock, ...tagged("vpc", tags) }),
      call("ec2 ModifyVpcAttribute", { VpcId, EnableDnsSupport: { Value: enableDnsSupport } }),
      call("ec2 ModifyVpcAttribute", { VpcId, EnableDnsHostnames: { Value: enableDnsHostnames } }),
    ],
  },
  [DEFAULT_GROUP]: {
    source: "ec2/vpc_default_security_group.go",
    calls: ({ vpcId, tags }, id) => [
      call("ec2 DescribeSecurityGroups", { Filters: [{ Name: "vpc-id", Values: [vpcId] }] }),
      call("ec2 CreateTags", { Resources: [id], Tags: tagList(tags) }),
    ],
  },
  [INTERNET_GATEWAY]: {
    source: "ec2/vpc_internet_gateway.go",
    calls: ({ vpcId, tags }, InternetGatewayId) => [
      call("ec2 CreateInternetGateway", tagged("internet-gateway", tags)),
      call("ec2 AttachInternetGateway", { InternetGatewayId, VpcId: vpcId }),
    ],
  },
  [ROUTE_TABLE]: {
    source: "ec2/vpc_route_table.go",
    calls: ({ vpcId, tags }) => [
      call("ec2 CreateRouteTable", { VpcId: vpcId, ...tagged("route-table", tags) }),
    ],
  },
  [ROUTE]: {
    source: "ec2/vpc_route.go",
    calls: ({ routeTableId, destinationCidrBlock, gatewayId, networkInterfaceId }) => [
      call("ec2 CreateRoute", {
        RouteTableId: routeTableId,
        DestinationCidrBlock: destinationCidrBlock,
        GatewayId: gatewayId,
        NetworkInterfaceId: networkInterfaceId,
      }),
    ],
  },
  [SUBNET]: {
    source: "ec2/vpc_subnet.go",
    calls: ({ vpcId, availabilityZone, cidrBlock, mapPublicIpOnLaunch, tags }, SubnetId) => [
      call("ec2 CreateSubnet", {
        ...{ VpcId: vpcId, AvailabilityZone: availabilityZone, CidrBlock: cidrBlock },
        ...tagged("subnet", tags),
      }),
      call("ec2 ModifySubnetAttribute", { SubnetId, MapPublicIpOnLaunch: { Value: mapPublicIpOnLaunch } }),
    ],
  },
  [ROUTE_TABLE_ASSOCIATION]: {
    source: "ec2/vpc_route_table_association.go",
    calls: ({ subnetId, routeTableId }) => [
      call("ec2 AssociateRouteTable", { SubnetId: subnetId, RouteTableId: routeTableId }),
    ],
  },
  [FLOW_LOG]: {
    source: "ec2/vpc_flow_log.go",
    calls: (inputs) => [
      call("ec2 CreateFlowLogs", {
        ...watched(inputs),
        TrafficType: inputs.trafficType,
        MaxAggregationInterval: inputs.maxAggregationInterval,
        LogDestinationType: inputs.logDestinationType,
        LogDestination: inputs.logDestination,
        DeliverLogsPermissionArn: inputs.iamRoleArn,
        ...tagged("vpc-flow-log", inputs.tags),
      }),
    ],
  },
  [VPC_ENDPOINT]: {
    source: "ec2/vpc_endpoint.go",
    calls: ({ vpcId, vpcEndpointType, serviceName, routeTableIds, tags }) => [
      call("ec2 CreateVpcEndpoint", {
        ...{ VpcId: vpcId, VpcEndpointType: vpcEndpointType, ServiceName: serviceName },
        ...{ RouteTableIds: routeTableIds, ...tagged("vpc-endpoint", tags) },
      }),
    ],
  },
  [SECURITY_GROUP]: {
    source: "ec2/vpc_security_group.go",
    calls: ({ name, description, vpcId, tags }) => [
      call("ec2 CreateSecurityGroup", {
        ...{ GroupName: name, Description: description, VpcId: vpcId },
        ...tagged("security-group", tags),
      }),
    ],
  },
  [INGRESS_RULE]: rule("Ingress"),
  [EGRESS_RULE]: rule("Egress"),
};
