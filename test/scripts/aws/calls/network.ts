/** The VPC and what makes it up. */
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
  "aws:ec2/vpc:Vpc": {
    source: "ec2/vpc_.go",
    calls: ({ cidrBlock, enableDnsSupport, enableDnsHostnames, tags }, VpcId) => [
      call("ec2 CreateVpc", { CidrBlock: cidrBlock, ...tagged("vpc", tags) }),
      call("ec2 ModifyVpcAttribute", { VpcId, EnableDnsSupport: { Value: enableDnsSupport } }),
      call("ec2 ModifyVpcAttribute", { VpcId, EnableDnsHostnames: { Value: enableDnsHostnames } }),
    ],
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    source: "ec2/vpc_default_security_group.go",
    calls: ({ vpcId, tags }, id) => [
      call("ec2 DescribeSecurityGroups", { Filters: [{ Name: "vpc-id", Values: [vpcId] }] }),
      call("ec2 CreateTags", { Resources: [id], Tags: tagList(tags) }),
    ],
  },
  "aws:ec2/internetGateway:InternetGateway": {
    source: "ec2/vpc_internet_gateway.go",
    calls: ({ vpcId, tags }, InternetGatewayId) => [
      call("ec2 CreateInternetGateway", tagged("internet-gateway", tags)),
      call("ec2 AttachInternetGateway", { InternetGatewayId, VpcId: vpcId }),
    ],
  },
  "aws:ec2/routeTable:RouteTable": {
    source: "ec2/vpc_route_table.go",
    calls: ({ vpcId, tags }) => [
      call("ec2 CreateRouteTable", { VpcId: vpcId, ...tagged("route-table", tags) }),
    ],
  },
  "aws:ec2/route:Route": {
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
  "aws:ec2/subnet:Subnet": {
    source: "ec2/vpc_subnet.go",
    calls: ({ vpcId, availabilityZone, cidrBlock, mapPublicIpOnLaunch, tags }, SubnetId) => [
      call("ec2 CreateSubnet", {
        ...{ VpcId: vpcId, AvailabilityZone: availabilityZone, CidrBlock: cidrBlock },
        ...tagged("subnet", tags),
      }),
      call("ec2 ModifySubnetAttribute", { SubnetId, MapPublicIpOnLaunch: { Value: mapPublicIpOnLaunch } }),
    ],
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    source: "ec2/vpc_route_table_association.go",
    calls: ({ subnetId, routeTableId }) => [
      call("ec2 AssociateRouteTable", { SubnetId: subnetId, RouteTableId: routeTableId }),
    ],
  },
  "aws:ec2/flowLog:FlowLog": {
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
  "aws:ec2/securityGroup:SecurityGroup": {
    source: "ec2/vpc_security_group.go",
    calls: ({ name, description, vpcId, tags }) => [
      call("ec2 CreateSecurityGroup", {
        ...{ GroupName: name, Description: description, VpcId: vpcId },
        ...tagged("security-group", tags),
      }),
    ],
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": rule("Ingress"),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": rule("Egress"),
};
