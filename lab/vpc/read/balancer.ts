/**
 * Network Load Balancers, as their nodes: one interface in each subnet that the balancer has, with the listeners and
 * targets that the node forwards to.
 *
 * Which targets: those of the node's own zone, unless cross-zone load balancing is on; the target group's setting
 * overrides the balancer's (docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html).
 * Leaves out: TLS, UDP and QUIC listeners (refused), weights, targets by instance ID, proxy protocol (refused).
 */

import type { Graph, Resource } from "../../../graph/graph.ts";
import {
  BALANCER,
  EGRESS_RULE,
  INGRESS_RULE,
  LISTENER,
  SUBNET,
  TARGET,
  TARGET_GROUP,
} from "../../../graph/types.ts";
import { contains, parseCidr } from "../../../settings/ipv4.ts";
import { groupRules } from "../../network/fleet.ts";
import type { BalancerNode, Eni, HealthCheck, Listener, Target } from "../vpc.ts";
import { macOf, subnetOf } from "./subnet.ts";

/** Seconds (AWS: Listeners for your Network Load Balancers, attributes). */
const IDLE_TIMEOUT = 350;

type Balancer = Resource<typeof BALANCER>;

export function balancerNodes(graph: Graph): { node: BalancerNode; eni: Eni }[] {
  return graph
    .all(BALANCER)
    .flatMap((balancer) => balancer.inputs.subnetMappings.map((mapping) => nodeOf(graph, balancer, mapping)));
}

function nodeOf(
  graph: Graph,
  balancer: Balancer,
  { subnetId, privateIpv4Address }: Balancer["inputs"]["subnetMappings"][number],
): { node: BalancerNode; eni: Eni } {
  const { inputs } = balancer;
  const privateAddress = privateIpv4Address!;
  if (inputs.loadBalancerType !== "network" || inputs.internal !== true)
    throw new Error(`${balancer.name}: the lab knows internal Network Load Balancers only`);
  const subnet = subnetOf(graph, subnetId);
  const name = `balancer-${subnet.zone.at(-1)}`;
  const groups = inputs.securityGroups ?? [];
  const eni: Eni = {
    name,
    id: `eni-${balancer.id}-${subnet.zone}`,
    privateAddress,
    subnet,
    mac: macOf(privateAddress),
    // AWS's own interface: it sends under its clients' addresses.
    sourceDestCheck: false,
    ingress: groupRules(graph, INGRESS_RULE, groups),
    egress: groupRules(graph, EGRESS_RULE, groups),
  };
  const listeners = graph
    .all(LISTENER)
    .filter((each) => each.inputs.loadBalancerArn === balancer.state.arn)
    .map((each) => listenerOf(graph, balancer, each, subnet.zone));
  return { node: { name, listeners }, eni };
}

function listenerOf(
  graph: Graph,
  balancer: Balancer,
  { inputs }: Resource<typeof LISTENER>,
  zone: string,
): Listener {
  const group = graph.find(TARGET_GROUP, inputs.defaultActions[0]!.targetGroupArn!);
  const set = group.inputs;
  if (inputs.protocol !== "TCP" || set.protocol !== "TCP" || set.targetType !== "ip" || set.proxyProtocolV2)
    throw new Error(`${group.name}: the lab knows TCP to targets by address only, without proxy protocol`);
  const targets = graph
    .all(TARGET)
    .filter((each) => each.inputs.targetGroupArn === group.state.arn)
    .map((each): Target => ({ address: each.inputs.targetId, port: each.inputs.port ?? set.port }));
  const crosses = crossesZones(
    set.loadBalancingCrossZoneEnabled,
    balancer.inputs.enableCrossZoneLoadBalancing,
  );
  return {
    port: inputs.port,
    idleTimeout: inputs.tcpIdleTimeoutSeconds ?? IDLE_TIMEOUT,
    targets: crosses ? targets : targets.filter(({ address }) => zoneOf(graph, address) === zone),
    sticky: set.stickiness?.enabled === true,
    // By default off for targets by address (AWS: Client IP preservation).
    preserveClientIp: `${set.preserveClientIp}` === "true",
    // By default on, for TCP (AWS: Target group attributes, connection termination for unhealthy targets).
    terminateUnhealthy: set.targetHealthStates?.[0]?.enableUnhealthyConnectionTermination !== false,
    healthCheck: healthCheckOf(set.healthCheck ?? {}),
  };
}

/** `use_load_balancer_configuration` is the group's default, off the balancer's. */
function crossesZones(group: string | boolean | undefined, balancer: boolean | undefined): boolean {
  const own = `${group ?? "use_load_balancer_configuration"}`;
  return own === "use_load_balancer_configuration" ? balancer === true : own === "true";
}

/** The zone of the subnet that holds an address. */
function zoneOf(graph: Graph, address: string): string | undefined {
  return graph
    .all(SUBNET)
    .find(({ inputs }) => contains(parseCidr(inputs.cidrBlock), parseCidr(`${address}/32`)))?.inputs
    .availabilityZone;
}

/** With AWS's defaults for what is left out (AWS: Health checks for Network Load Balancer target groups). */
function healthCheckOf(
  set: NonNullable<Resource<typeof TARGET_GROUP>["inputs"]["healthCheck"]>,
): HealthCheck {
  const protocol = set.protocol ?? "TCP";
  if (protocol !== "HTTP" && protocol !== "TCP")
    throw new Error(`the lab knows health checks by HTTP and TCP, not by ${protocol}`);
  const interval = set.interval ?? 30;
  return {
    protocol,
    port: set.port === undefined || set.port === "traffic-port" ? 0 : Number(set.port),
    path: set.path ?? "/",
    matcher: set.matcher ?? "200-399",
    interval,
    timeout: set.timeout ?? (protocol === "HTTP" ? 6 : 10),
    healthyThreshold: set.healthyThreshold ?? 5,
    unhealthyThreshold: set.unhealthyThreshold ?? 2,
  };
}
