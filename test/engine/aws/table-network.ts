/** Networks, their rules and addresses. */
import type { Row } from "./row.ts";

const rule: Omit<Row, "source"> = {
  replaces: ["securityGroupId"],
  // ModifySecurityGroupRules; another kind of source (a group, a prefix list) would replace it, and none is used.
  updates: ["cidrIpv4", "description", "fromPort", "ipProtocol", "tags", "toPort"],
};

export const network: Record<string, Row> = {
  "aws:ec2/vpc:Vpc": {
    source: "ec2/vpc_.go",
    replaces: ["cidrBlock"],
    updates: ["enableDnsHostnames", "enableDnsSupport", "tags"],
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    source: "ec2/vpc_default_security_group.go",
    replaces: ["vpcId"],
    updates: ["tags"],
  },
  "aws:ec2/internetGateway:InternetGateway": {
    source: "ec2/vpc_internet_gateway.go",
    replaces: [],
    updates: ["tags", "vpcId"],
  },
  "aws:ec2/subnet:Subnet": {
    source: "ec2/vpc_subnet.go",
    replaces: ["availabilityZone", "cidrBlock", "vpcId"],
    updates: ["mapPublicIpOnLaunch", "tags"],
  },
  "aws:ec2/routeTable:RouteTable": {
    source: "ec2/vpc_route_table.go",
    replaces: ["vpcId"],
    updates: ["tags"],
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    source: "ec2/vpc_route_table_association.go",
    replaces: ["subnetId"],
    updates: ["routeTableId"],
  },
  "aws:ec2/route:Route": {
    source: "ec2/vpc_route.go",
    replaces: ["destinationCidrBlock", "routeTableId"],
    // ReplaceRoute: another target is one call, and the table is never without the route.
    updates: ["gatewayId", "networkInterfaceId"],
  },
  "aws:ec2/flowLog:FlowLog": {
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
  "aws:ec2/securityGroup:SecurityGroup": {
    source: "ec2/vpc_security_group.go",
    replaces: ["description", "vpcId"],
    updates: ["tags"],
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
    source: "ec2/vpc_security_group_ingress_rule.go",
    ...rule,
  },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
    source: "ec2/vpc_security_group_egress_rule.go",
    ...rule,
  },
  "aws:ec2/eip:Eip": { source: "ec2/ec2_eip.go", replaces: ["domain"], updates: ["tags"] },
  "aws:ec2/eipAssociation:EipAssociation": {
    source: "ec2/ec2_eip_association.go",
    replaces: ["allocationId", "allowReassociation", "networkInterfaceId"],
    updates: [],
  },
  "aws:ec2/networkInterface:NetworkInterface": {
    source: "ec2/vpc_network_interface.go",
    // privateIps: by its CustomizeDiff, as the one address that we give is the primary one.
    replaces: ["privateIps", "subnetId"],
    updates: ["description", "securityGroups", "sourceDestCheck", "tags"],
  },
};
