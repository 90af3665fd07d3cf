import {
  EIP,
  EIP_ASSOCIATION,
  INTERFACE_ATTACHMENT,
  LISTENER,
  NETWORK_INTERFACE,
} from "../../../graph/types.ts";
import { NAMED, overrides } from "../../shared/existing-vpc.ts";
import type { Case } from "../changed-resources.ts";

const group = (what: string, change: (inputs: Record<string, any>) => void): Case => ({
  policy: "targets-keep-tunnels",
  what,
  breaks: (resources) => resources.change("TargetGroup", "pptp-fleet", change),
  at: ["pptp-fleet"],
});

const balancer = (policy: string, what: string, change: object): Case => ({
  policy,
  what,
  breaks: (resources) =>
    resources.change("LoadBalancer", "pptp-fleet", (inputs) => Object.assign(inputs, change)),
  at: ["pptp-fleet"],
});

const wayBack = (what: string, breaks: Case["breaks"]): Case => ({
  policy: "balancer-way-back",
  what,
  breaks,
  at: ["pptp-fleet"],
});

const publicServer = (what: string, breaks: Case["breaks"]): Case => ({
  policy: "no-public-server",
  what,
  breaks,
  at: ["pptp-fleet-a-1"],
});

export const frontDoorCases: Case[] = [
  balancer("balancer-internal", "a balancer that faces the internet", { internal: false }),
  balancer("balancer-internal", "a balancer of HTTP", { loadBalancerType: "application" }),
  {
    policy: "balancer-internal",
    what: "a listener on another port",
    breaks: (resources) =>
      resources.add(LISTENER, "other", {
        loadBalancerArn: resources.find("LoadBalancer", "pptp-fleet")[0]!.state.arn,
        protocol: "TCP",
        port: 443,
        tags: { Name: "other", project: "pptp-fleet", stack: "prod" },
      }),
    at: ["other"],
  },
  {
    policy: "balancer-internal",
    what: "a target group of UDP",
    breaks: (resources) =>
      resources.change("TargetGroup", "pptp-fleet", (inputs) => {
        inputs.protocol = "TCP_UDP";
      }),
    at: ["pptp-fleet"],
  },

  wayBack("a default route to the internet gateway", (resources) => {
    const [route] = resources.find("Route", "pptp-fleet-balancer-a");
    const [internet] = resources.find("InternetGateway", "pptp-fleet");
    for (const props of [route!.inputs, route!.state]) {
      delete props.networkInterfaceId;
      props.gatewayId = internet!.id;
    }
    route!.propertyDependencies.networkInterfaceId = [];
    route!.propertyDependencies.gatewayId = [internet!.urn];
  }),
  {
    ...wayBack("no default route in the table of a subnet that exists", (resources) =>
      resources.remove("Route", "pptp-fleet-b"),
    ),
    config: overrides(NAMED),
    // The zone has one table: nothing else says that its gateway is one.
    besides: ["no-public-server: pptp-fleet-gateway-b"],
  },
  {
    ...wayBack("a default route of such a table to a server", (resources) => {
      const [route] = resources.find("Route", "pptp-fleet-a");
      const [nic] = resources.find("NetworkInterface", "pptp-fleet-a-1");
      for (const props of [route!.inputs, route!.state]) props.networkInterfaceId = nic!.id;
      route!.propertyDependencies.networkInterfaceId = [nic!.urn];
    }),
    config: overrides(NAMED),
    besides: ["no-public-server: pptp-fleet-gateway-a"],
  },
  wayBack("no default route", (resources) => resources.remove("Route", "pptp-fleet-balancer-b")),
  wayBack("a route to some networks only", (resources) =>
    resources.change("Route", "pptp-fleet-balancer-b", (route) => {
      route.destinationCidrBlock = "10.0.0.0/8";
    }),
  ),
  wayBack("a subnet with the VPC's main table", (resources) =>
    resources.remove("RouteTableAssociation", "pptp-fleet-balancer-a"),
  ),
  wayBack("a gateway that checks sources", (resources) =>
    resources.change("Instance", "pptp-fleet-gateway-a", (gateway) => {
      gateway.sourceDestCheck = true;
    }),
  ),
  wayBack("a gateway that checks sources by AWS's default", (resources) =>
    resources.change("Instance", "pptp-fleet-gateway-b", (gateway) => {
      delete gateway.sourceDestCheck;
    }),
  ),
  wayBack("a gateway without an Elastic IP", (resources) =>
    resources.remove("EipAssociation", "pptp-fleet-gateway-a"),
  ),
  wayBack("a route to a server's interface", (resources) => {
    const [route] = resources.find("Route", "pptp-fleet-balancer-a");
    const [nic] = resources.find("NetworkInterface", "pptp-fleet-a-1");
    for (const props of [route!.inputs, route!.state]) props.networkInterfaceId = nic!.id;
    route!.propertyDependencies.networkInterfaceId = [nic!.urn];
  }),
  wayBack("a subnet of another stack's", (resources) =>
    resources.change("LoadBalancer", "pptp-fleet", (inputs) => {
      inputs.subnetMappings.push({ subnetId: "subnet-0123456789abcdef0" });
    }),
  ),

  {
    policy: "balancer-way-back",
    what: "a listener of a balancer that another stack made",
    breaks: (resources) => {
      for (const listener of resources.find("Listener", "pptp-fleet")) {
        for (const props of [listener.inputs, listener.state])
          props.loadBalancerArn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/x/1";
        listener.propertyDependencies.loadBalancerArn = [];
      }
    },
    at: ["pptp-fleet"],
  },

  balancer("cross-zone-off", "a balancer across zones", { enableCrossZoneLoadBalancing: true }),
  {
    policy: "cross-zone-off",
    what: "a target group across zones",
    breaks: (resources) =>
      resources.change("TargetGroup", "pptp-fleet", (inputs) => {
        inputs.loadBalancingCrossZoneEnabled = "true";
      }),
    at: ["pptp-fleet"],
  },

  group("targets that are chosen anew", (inputs) => {
    inputs.stickiness.enabled = false;
  }),
  group("no stickiness at all", (inputs) => {
    delete inputs.stickiness;
  }),
  group("clients under the balancer's address", (inputs) => {
    inputs.preserveClientIp = "false";
  }),
  group("clients' addresses as AWS's default has them", (inputs) => {
    delete inputs.preserveClientIp;
  }),
  group("proxy protocol", (inputs) => {
    inputs.proxyProtocolV2 = true;
  }),
  group("targets that leave and lose their connections", (inputs) => {
    inputs.connectionTermination = true;
  }),
  group("unhealthy targets that lose their connections", (inputs) => {
    inputs.targetHealthStates[0].enableUnhealthyConnectionTermination = true;
  }),
  group("unhealthy targets as AWS's default has them", (inputs) => {
    delete inputs.targetHealthStates;
  }),

  publicServer("a server with an Elastic IP", (resources) => {
    const [nic] = resources.find("NetworkInterface", "pptp-fleet-a-1");
    resources.add(
      EIP_ASSOCIATION,
      "direct",
      { allocationId: "eipalloc-0123", networkInterfaceId: nic!.id },
      { networkInterfaceId: nic! },
    );
  }),
  publicServer("a server with an Elastic IP on its instance", (resources) => {
    const [instance] = resources.find("Instance", "pptp-fleet-a-1");
    resources.add(
      EIP,
      "direct",
      { instance: instance!.id, tags: { Name: "direct", project: "pptp-fleet", stack: "prod" } },
      { instance: instance! },
    );
  }),
  publicServer("a server with a second interface that has an Elastic IP", (resources) => {
    const [instance] = resources.find("Instance", "pptp-fleet-a-1");
    const [subnet] = resources.find("Subnet", "pptp-fleet-a");
    const tags = { Name: "second", project: "pptp-fleet", stack: "prod" };
    const wired = { subnetId: subnet! };
    resources.add(NETWORK_INTERFACE, "second", { subnetId: subnet!.id, tags }, wired);
    const [nic] = resources.find("NetworkInterface", "second");
    resources.add(
      INTERFACE_ATTACHMENT,
      "second",
      { instanceId: instance!.id, networkInterfaceId: nic!.id, deviceIndex: 1 },
      { instanceId: instance!, networkInterfaceId: nic! },
    );
    resources.add(
      EIP_ASSOCIATION,
      "direct",
      { allocationId: "eipalloc-0123", networkInterfaceId: nic!.id },
      { networkInterfaceId: nic! },
    );
  }),
  publicServer("a server with a second interface, by the interface's own word", (resources) => {
    const [instance] = resources.find("Instance", "pptp-fleet-a-1");
    const [subnet] = resources.find("Subnet", "pptp-fleet-a");
    const tags = { Name: "second", project: "pptp-fleet", stack: "prod" };
    const attachments = [{ instance: instance!.id, deviceIndex: 1 }];
    const wired = { subnetId: subnet!, attachments: instance! };
    const inputs = { subnetId: subnet!.id, tags, attachments };
    resources.add(NETWORK_INTERFACE, "second", inputs, wired);
    const [nic] = resources.find("NetworkInterface", "second");
    resources.add(
      EIP,
      "direct",
      { networkInterface: nic!.id, tags: { ...tags, Name: "direct" } },
      { networkInterface: nic! },
    );
  }),
  {
    ...publicServer("a server that AWS gave a public address, whyever", (resources) => {
      for (const { state } of resources.find("Instance", "pptp-fleet-a-1")) state.publicIp = "198.18.7.7";
    }),
    inUpdatesOnly: true,
  },
  publicServer("a server on two interfaces, one of another stack's", (resources) =>
    resources.change("Instance", "pptp-fleet-a-1", (inputs) => {
      inputs.networkInterfaces = [{ deviceIndex: 1, networkInterfaceId: "eni-0123456789abcdef0" }];
    }),
  ),
  publicServer("a server that asks for a public address", (resources) =>
    resources.change("Instance", "pptp-fleet-a-1", (inputs) => {
      inputs.associatePublicIpAddress = true;
    }),
  ),
  publicServer("a server in a subnet that gives out public addresses", (resources) =>
    resources.change("Subnet", "pptp-fleet-a", (inputs) => {
      inputs.mapPublicIpOnLaunch = true;
    }),
  ),
  publicServer("a server on an interface that nobody knows", (resources) =>
    resources.remove("NetworkInterface", "pptp-fleet-a-1"),
  ),
];
