/** What the program would make, as the probe would find it on AWS. */
import { Graph, type Resource } from "../../../graph/graph.ts";
import { interfaceOf, machineKind, machineName } from "../../../graph/machines.ts";
import {
  BALANCER,
  BUCKET,
  BUCKET_OBJECT,
  EGRESS_RULE,
  EIP,
  EIP_ASSOCIATION,
  INGRESS_RULE,
  INSTANCE,
  LISTENER,
  ROUTE_TABLE,
  ROUTE_TABLE_ASSOCIATION,
  SECURITY_GROUP,
  SUBNET,
  TARGET,
  TARGET_GROUP,
} from "../../../graph/types.ts";
import type { ProgramRun } from "../../../offline/program.ts";
import { desiredKey } from "../../../plan/bucket.ts";
import type {
  Balancer,
  Bucket,
  FleetInstance,
  Inventory,
  RouteTable,
  Rule,
} from "../../../probe/aws/inventory.ts";

export function inventoryOf({ resources }: ProgramRun): Inventory {
  const graph = new Graph(resources);
  const associations = graph.all(EIP_ASSOCIATION).map(({ inputs }) => inputs);
  const balancer = balancerOf(graph);
  return {
    stack: "dev",
    machines: graph.all(INSTANCE).map((instance) => machineOf(graph, instance)),
    addresses: graph.all(EIP).map(({ id, name }) => {
      const on = associations.find(({ allocationId }) => allocationId === id);
      return { address: name, ...(on && { interfaceId: on.networkInterfaceId }) };
    }),
    groups: graph.all(SECURITY_GROUP).map(({ id, name }) => ({
      ...{ id, name },
      rules: [
        ...graph.rules(INGRESS_RULE, [id]).map((rule) => ruleOf("in", rule)),
        ...graph.rules(EGRESS_RULE, [id]).map((rule) => ruleOf("out", rule)),
      ],
    })),
    subnets: graph.all(SUBNET).map(({ id, name, inputs }) => ({
      ...{ id, name, zone: inputs.availabilityZone, cidr: inputs.cidrBlock },
    })),
    bucket: bucketOf(graph),
    routeTables: graph.all(ROUTE_TABLE).map(({ id }) => tableOf(graph, id)),
    ...(balancer ? { balancer } : {}),
  };
}

function machineOf(graph: Graph, instance: Resource<typeof INSTANCE>): FleetInstance {
  const { id, privateAddress, subnetId, groups, sourceDestCheck } = interfaceOf(graph, instance);
  return {
    name: machineName(instance),
    role: machineKind(instance),
    zone: graph.find(SUBNET, subnetId).inputs.availabilityZone,
    instanceId: instance.id,
    ...{ state: "running", launched: new Date(0) },
    interfaceId: id,
    address: privateAddress,
    ...{ subnetId, sourceDestCheck, groupIds: groups },
  };
}

/** With what machines report that have just taken what is written for them. */
function bucketOf(graph: Graph): Bucket {
  const [bucket] = graph.all(BUCKET);
  const at = new Date();
  const objects = graph.all(INSTANCE).map((instance): [string, Bucket["objects"][string]] => {
    const name = machineName(instance);
    const desired = graph.all(BUCKET_OBJECT).find(({ inputs }) => inputs.key === desiredKey(name));
    const text = desired?.inputs.content ?? "";
    const { version } = JSON.parse(text);
    const status = { at: at.toISOString(), version, result: "applied", sessions: 0, good: version };
    return [name, { desired: { text, at }, status: { text: JSON.stringify(status), at } }];
  });
  return {
    ...{ name: bucket!.inputs.bucket!, region: "eu-west-1" },
    readAt: at,
    objects: Object.fromEntries(objects),
  };
}

function ruleOf(
  direction: Rule["direction"],
  { inputs: { ipProtocol, fromPort, toPort, cidrIpv4 } }: Resource<typeof INGRESS_RULE | typeof EGRESS_RULE>,
): Rule {
  const ports = fromPort === undefined ? {} : { ports: [fromPort, toPort] as [number, number] };
  return { direction, protocol: ipProtocol, cidrs: [cidrIpv4], ...ports };
}

function tableOf(graph: Graph, id: string): RouteTable {
  const route = graph.routes(id).find(({ inputs }) => inputs.destinationCidrBlock === "0.0.0.0/0")?.inputs;
  // An internet gateway's ID begins with igw at AWS.
  const target = route?.networkInterfaceId ?? (route?.gatewayId ? `igw-${route.gatewayId}` : undefined);
  return {
    ...{ id, main: false },
    subnetIds: graph
      .all(ROUTE_TABLE_ASSOCIATION)
      .filter(({ inputs }) => inputs.routeTableId === id)
      .map(({ inputs }) => inputs.subnetId),
    ...(target ? { defaultRoute: { target, state: "active" } } : {}),
  };
}

function balancerOf(graph: Graph): Balancer | undefined {
  const [balancer] = graph.all(BALANCER);
  if (!balancer) return undefined;
  const { inputs } = balancer;
  return {
    name: balancer.name,
    ...{ scheme: inputs.internal ? "internal" : "internet-facing", state: "active" },
    groupIds: inputs.securityGroups,
    subnetIds: inputs.subnetMappings.map(({ subnetId }) => subnetId),
    crossZone: inputs.enableCrossZoneLoadBalancing!,
    listeners: graph.all(LISTENER).map(({ inputs: { protocol, port, defaultActions } }) => ({
      ...{ protocol, port },
      targetGroup: graph.find(TARGET_GROUP, defaultActions[0]!.targetGroupArn!).name,
    })),
    targetGroups: graph.all(TARGET_GROUP).map(({ name, inputs: group }) => ({
      name,
      attributes: {
        "load_balancing.cross_zone.enabled": `${group.loadBalancingCrossZoneEnabled}`,
        "preserve_client_ip.enabled": `${group.preserveClientIp}`,
        "proxy_protocol_v2.enabled": `${group.proxyProtocolV2}`,
        "stickiness.enabled": `${group.stickiness!.enabled}`,
        "stickiness.type": group.stickiness!.type,
        "target_health_state.unhealthy.connection_termination.enabled": `${group.targetHealthStates![0]!.enableUnhealthyConnectionTermination}`,
        "deregistration_delay.connection_termination.enabled": `${group.connectionTermination}`,
      },
      check: { protocol: group.healthCheck!.protocol!, port: group.healthCheck!.port! },
      targets: graph.all(TARGET).map(({ inputs: { targetId, port } }) => ({
        ...{ address: targetId, port: port!, state: "healthy", reason: "" },
      })),
    })),
  };
}
