/** What the program would make, as the probe would find it on AWS. */
import type { ProgramRun, RecordedResource } from "../../../offline/program.ts";
import type { Balancer, Inventory, Machine, RouteTable, Rule } from "../../../probe/aws/inventory.ts";

/** A resource's inputs and outputs in one: what AWS would describe. */
type State = Record<string, any>;

export function inventoryOf({ resources }: ProgramRun): Inventory {
  const all = (type: string): State[] =>
    resources
      .filter((each) => each.type.endsWith(`:${type}`))
      .map((each) => ({ ...each.inputs, ...idsOf(each) }));
  const associations = all("EipAssociation");
  const balancer = balancerOf(all);
  return {
    stack: "dev",
    machines: all("Instance").map((instance) => machineOf(instance, all)),
    addresses: all("Eip").map((eip) => ({
      address: eip.name,
      interfaceId: associations.find(({ allocationId }) => allocationId === eip.id)?.networkInterfaceId,
    })),
    groups: all("SecurityGroup").map(({ id, name }) => ({
      ...{ id, name },
      rules: (["Ingress", "Egress"] as const).flatMap((direction) =>
        all(`SecurityGroup${direction}Rule`)
          .filter(({ securityGroupId }) => securityGroupId === id)
          .map((rule) => ruleOf(rule, direction === "Ingress" ? "in" : "out")),
      ),
    })),
    subnets: all("Subnet").map(({ id, name, availabilityZone, cidrBlock }) => ({
      ...{ id, name, zone: availabilityZone, cidr: cidrBlock },
    })),
    routeTables: all("RouteTable").map(({ id }) => tableOf(id, all)),
    ...(balancer ? { balancer } : {}),
  };
}

/** IDs as offline/answers.ts makes them. */
function idsOf({ name, type }: RecordedResource): State {
  const kind = type.split(":").at(-1)!.toLowerCase();
  return { name, id: `${kind}-${name}`, arn: `arn:aws:offline:::${kind}-${name}` };
}

function machineOf(instance: State, all: (type: string) => State[]): Machine {
  const nic = all("NetworkInterface").find(
    ({ id }) => id === instance.primaryNetworkInterface?.networkInterfaceId,
  );
  const subnetId = instance.subnetId ?? nic?.subnetId;
  return {
    name: instance.tags.gateway ?? instance.tags.server,
    role: instance.tags.gateway ? "gateway" : "server",
    zone: all("Subnet").find(({ id }) => id === subnetId)!.availabilityZone,
    instanceId: instance.id,
    state: "running",
    interfaceId: nic?.id ?? `eni-${instance.id}`,
    address: nic?.privateIps[0] ?? "",
    subnetId,
    sourceDestCheck: instance.sourceDestCheck ?? nic?.sourceDestCheck,
    groupIds: instance.vpcSecurityGroupIds ?? nic?.securityGroups,
  };
}

function ruleOf({ ipProtocol, fromPort, toPort, cidrIpv4 }: State, direction: Rule["direction"]): Rule {
  const ports = fromPort === undefined ? {} : { ports: [fromPort, toPort] as [number, number] };
  return { direction, protocol: ipProtocol, cidrs: [cidrIpv4], ...ports };
}

function tableOf(id: string, all: (type: string) => State[]): RouteTable {
  const own = ({ routeTableId }: State) => routeTableId === id;
  const route = all("Route").find((each) => own(each) && each.destinationCidrBlock === "0.0.0.0/0");
  // An internet gateway's ID begins with igw at AWS.
  const target = route?.networkInterfaceId ?? (route?.gatewayId ? `igw-${route.gatewayId}` : undefined);
  return {
    ...{ id, main: false },
    subnetIds: all("RouteTableAssociation")
      .filter(own)
      .map(({ subnetId }) => subnetId),
    ...(target ? { defaultRoute: { target, state: "active" } } : {}),
  };
}

function balancerOf(all: (type: string) => State[]): Balancer | undefined {
  const [balancer] = all("LoadBalancer");
  if (!balancer) return undefined;
  const groups = all("TargetGroup");
  return {
    ...{ name: balancer.name, scheme: balancer.internal ? "internal" : "internet-facing", state: "active" },
    groupIds: balancer.securityGroups,
    subnetIds: balancer.subnetMappings.map((mapping: State) => mapping.subnetId),
    crossZone: balancer.enableCrossZoneLoadBalancing,
    listeners: all("Listener").map(({ protocol, port, defaultActions }) => ({
      ...{ protocol, port },
      targetGroup: groups.find(({ arn }) => arn === defaultActions[0].targetGroupArn)?.name,
    })),
    targetGroups: groups.map((group) => ({
      name: group.name,
      attributes: {
        "load_balancing.cross_zone.enabled": `${group.loadBalancingCrossZoneEnabled}`,
        "preserve_client_ip.enabled": `${group.preserveClientIp}`,
        "proxy_protocol_v2.enabled": `${group.proxyProtocolV2}`,
        "stickiness.enabled": `${group.stickiness.enabled}`,
        "stickiness.type": group.stickiness.type,
        "target_health_state.unhealthy.connection_termination.enabled": `${group.targetHealthStates[0].enableUnhealthyConnectionTermination}`,
        "deregistration_delay.connection_termination.enabled": `${group.connectionTermination}`,
      },
      check: { protocol: group.healthCheck.protocol, port: group.healthCheck.port },
      targets: all("TargetGroupAttachment").map(({ targetId, port }) => ({
        ...{ address: targetId, port, state: "healthy", reason: "" },
      })),
    })),
  };
}
