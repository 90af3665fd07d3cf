/** Networks and addresses: EC2. */
import {
  EIP,
  EIP_ASSOCIATION,
  FLOW_LOG,
  INSTANCE,
  INTERNET_GATEWAY,
  NETWORK_INTERFACE,
  ROLE,
  ROUTE,
  ROUTE_TABLE,
  ROUTE_TABLE_ASSOCIATION,
  SUBNET,
  VPC,
  VPC_ENDPOINT,
} from "../../../../graph/types.ts";
import { call, looks, passRole } from "../call.ts";
import type { Lives } from "./lives.ts";
import { LEFT_BEHIND, retagged, tagsOf } from "./tags.ts";

export const network: Lives = {
  [VPC]: (self, graph) => {
    const [made, vpc] = [graph.wanted(self), graph.standing(self)];
    const modify = [call("ec2:ModifyVpcAttribute", { vpc })];
    return {
      create: [call("ec2:CreateVpc", { vpc: made }), tagsOf("vpc", made, "CreateVpc"), ...modify],
      read: [
        ...looks("ec2:DescribeVpcs", "ec2:DescribeNetworkAcls", "ec2:DescribeRouteTables"),
        ...looks("ec2:DescribeSecurityGroups"),
        call("ec2:DescribeVpcAttribute", { vpc }),
      ],
      update: { enableDnsHostnames: modify, enableDnsSupport: modify, tags: retagged("vpc", vpc) },
      delete: [call("ec2:DeleteVpc", { vpc })],
    };
  },

  [INTERNET_GATEWAY]: (self, graph) => {
    const [made, gateway] = [graph.wanted(self), graph.standing(self)];
    const on = { "internet-gateway": gateway, vpc: graph.ec2("vpc", self.inputs.vpcId) };
    const [attach, detach] = [call("ec2:AttachInternetGateway", on), call("ec2:DetachInternetGateway", on)];
    return {
      create: [
        call("ec2:CreateInternetGateway", { "internet-gateway": made }),
        tagsOf("internet-gateway", made, "CreateInternetGateway"),
        attach,
      ],
      read: looks("ec2:DescribeInternetGateways"),
      update: { vpcId: [detach, attach], tags: retagged("internet-gateway", gateway) },
      delete: [detach, call("ec2:DeleteInternetGateway", { "internet-gateway": gateway })],
    };
  },

  [SUBNET]: (self, graph) => {
    const [made, subnet] = [graph.wanted(self), graph.standing(self)];
    const modify = [call("ec2:ModifySubnetAttribute", { subnet })];
    return {
      create: [
        call("ec2:CreateSubnet", { subnet: made, vpc: graph.ec2("vpc", self.inputs.vpcId) }),
        tagsOf("subnet", made, "CreateSubnet"),
        ...modify,
      ],
      read: looks("ec2:DescribeSubnets"),
      update: { mapPublicIpOnLaunch: modify, tags: retagged("subnet", subnet) },
      delete: [...LEFT_BEHIND, call("ec2:DeleteSubnet", { subnet })],
    };
  },

  [ROUTE_TABLE]: (self, graph) => {
    const [made, table] = [graph.wanted(self), graph.standing(self)];
    return {
      create: [
        call("ec2:CreateRouteTable", { "route-table": made, vpc: graph.ec2("vpc", self.inputs.vpcId) }),
        tagsOf("route-table", made, "CreateRouteTable"),
      ],
      read: looks("ec2:DescribeRouteTables"),
      update: { tags: retagged("route-table", table) },
      // Whatever is still associated with it is let go first.
      delete: [
        call("ec2:DisassociateRouteTable", { "route-table": table }),
        call("ec2:DeleteRouteTable", { "route-table": table }),
      ],
    };
  },

  [ROUTE_TABLE_ASSOCIATION]: (self, graph) => {
    const on = {
      "route-table": graph.ec2("route-table", self.inputs.routeTableId),
      subnet: graph.ec2("subnet", self.inputs.subnetId),
    };
    return {
      create: [call("ec2:AssociateRouteTable", on)],
      read: looks("ec2:DescribeRouteTables"),
      update: { routeTableId: [call("ec2:ReplaceRouteTableAssociation", on)] },
      delete: [call("ec2:DisassociateRouteTable", on)],
    };
  },

  [ROUTE]: (self, graph) => {
    const on = { "route-table": graph.ec2("route-table", self.inputs.routeTableId) };
    const replace = [call("ec2:ReplaceRoute", on)];
    return {
      create: [call("ec2:CreateRoute", on)],
      read: looks("ec2:DescribeRouteTables"),
      update: { gatewayId: replace, networkInterfaceId: replace },
      delete: [call("ec2:DeleteRoute", on)],
    };
  },

  [FLOW_LOG]: (self, graph) => {
    const [made, log] = [graph.wanted(self), graph.standing(self)];
    const { vpcId, subnetId, iamRoleArn } = self.inputs;
    const watched =
      vpcId === undefined ? { subnet: graph.ec2("subnet", subnetId!) } : { vpc: graph.ec2("vpc", vpcId) };
    return {
      create: [
        call("ec2:CreateFlowLogs", { "vpc-flow-log": made, ...watched }),
        tagsOf("vpc-flow-log", made, "CreateFlowLogs"),
        passRole(graph.standing(graph.find(ROLE, iamRoleArn!)), "vpc-flow-logs.amazonaws.com"),
      ],
      read: looks("ec2:DescribeFlowLogs"),
      update: { tags: retagged("vpc-flow-log", log) },
      delete: [call("ec2:DeleteFlowLogs", { "vpc-flow-log": log })],
    };
  },

  [VPC_ENDPOINT]: (self, graph) => {
    const [made, endpoint] = [graph.wanted(self), graph.standing(self)];
    const tables = self.inputs.routeTableIds!.map((id) => graph.ec2("route-table", id));
    const on = { vpc: graph.ec2("vpc", self.inputs.vpcId), "route-table": tables };
    return {
      create: [
        call("ec2:CreateVpcEndpoint", { "vpc-endpoint": made, ...on }),
        tagsOf("vpc-endpoint", made, "CreateVpcEndpoint"),
        ...looks("ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs"),
      ],
      read: looks("ec2:DescribeVpcEndpoints", "ec2:DescribePrefixLists"),
      update: {
        routeTableIds: [call("ec2:ModifyVpcEndpoint", { "vpc-endpoint": endpoint, "route-table": tables })],
        tags: retagged("vpc-endpoint", endpoint),
      },
      delete: [
        call("ec2:DeleteVpcEndpoints", { "vpc-endpoint": endpoint }),
        ...looks("ec2:DescribeVpcEndpoints"),
      ],
    };
  },

  [EIP]: (self, graph) => {
    const [made, address] = [graph.wanted(self), graph.standing(self)];
    return {
      create: [
        call("ec2:AllocateAddress", { "elastic-ip": made }),
        tagsOf("elastic-ip", made, "AllocateAddress"),
      ],
      read: looks("ec2:DescribeAddresses", "ec2:DescribeAddressesAttribute"),
      update: { tags: retagged("elastic-ip", address) },
      delete: [call("ec2:ReleaseAddress", { "elastic-ip": address })],
    };
  },

  // A gateway's own interface is made with its instance, and has no tags.
  [EIP_ASSOCIATION]: (self, graph) => {
    const on = {
      "elastic-ip": graph.ec2("elastic-ip", self.inputs.allocationId),
      "network-interface": graph.ec2("network-interface", self.inputs.networkInterfaceId),
    };
    return {
      create: [call("ec2:AssociateAddress", on)],
      read: looks("ec2:DescribeAddresses"),
      update: {},
      delete: [call("ec2:DisassociateAddress", on)],
    };
  },

  [NETWORK_INTERFACE]: (self, graph) => {
    const [made, nic] = [graph.wanted(self), graph.standing(self)];
    const groups = self.inputs.securityGroups.map((id) => graph.ec2("security-group", id));
    const modify = [call("ec2:ModifyNetworkInterfaceAttribute", { "network-interface": nic })];
    const regroup = { "network-interface": nic, "security-group": groups };
    const instance = graph
      .all(INSTANCE)
      .find(({ inputs }) => inputs.primaryNetworkInterface?.networkInterfaceId === self.id)!;
    return {
      create: [
        call("ec2:CreateNetworkInterface", {
          "network-interface": made,
          subnet: graph.ec2("subnet", self.inputs.subnetId),
          "security-group": groups,
        }),
        tagsOf("network-interface", made, "CreateNetworkInterface"),
        ...modify,
      ],
      read: looks("ec2:DescribeNetworkInterfaces"),
      update: {
        description: modify,
        sourceDestCheck: modify,
        securityGroups: [call("ec2:ModifyNetworkInterfaceAttribute", regroup)],
        tags: retagged("network-interface", nic),
      },
      delete: [
        call("ec2:DetachNetworkInterface", {
          instance: graph.standing(instance),
          "network-interface": nic,
        }),
        ...LEFT_BEHIND,
        call("ec2:DeleteNetworkInterface", { "network-interface": nic }),
      ],
    };
  },
};
