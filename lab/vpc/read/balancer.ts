/**
 * Network Load Balancers, as their nodes: one interface in each subnet that the balancer has, with the listeners and
 * targets that the node forwards to.
 *
 * Which targets: those of the node's own zone, unless cross-zone load balancing is on; the target group's setting
 * overrides the balancer's (docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html).
 * Leaves out: TLS, UDP and QUIC listeners (refused), weights, targets by instance ID, proxy protocol (refused).
 */

import { contains, parseCidr } from "../../../settings/ipv4.ts";
import type { BalancerNode, Eni, HealthCheck, Listener, Target } from "../vpc.ts";
import { type Account, type Known, macOf } from "./account.ts";

/** Seconds (AWS: Listeners for your Network Load Balancers, attributes). */
const IDLE_TIMEOUT = 350;

export function balancerNodes(account: Account): { node: BalancerNode; eni: Eni }[] {
  return account
    .all("aws:lb/loadBalancer:LoadBalancer")
    .flatMap((balancer) =>
      balancer.inputs.subnetMappings.map((mapping: { subnetId: string; privateIpv4Address: string }) =>
        nodeOf(account, balancer, mapping),
      ),
    );
}

function nodeOf(
  account: Account,
  balancer: Known,
  { subnetId, privateIpv4Address }: { subnetId: string; privateIpv4Address: string },
): { node: BalancerNode; eni: Eni } {
  const { inputs } = balancer;
  if (inputs.loadBalancerType !== "network" || inputs.internal !== true)
    throw new Error(`${balancer.name}: the lab knows internal Network Load Balancers only`);
  const subnet = account.subnet(subnetId);
  const name = `balancer-${subnet.zone.at(-1)}`;
  const groups: string[] = inputs.securityGroups ?? [];
  const eni: Eni = {
    name,
    id: `eni-${balancer.id}-${subnet.zone}`,
    privateAddress: privateIpv4Address,
    subnet,
    mac: macOf(privateIpv4Address),
    // AWS's own interface: it sends under its clients' addresses.
    sourceDestCheck: false,
    ingress: account.rules("Ingress", groups),
    egress: account.rules("Egress", groups),
  };
  const listeners = account
    .all("aws:lb/listener:Listener")
    .filter((each) => each.inputs.loadBalancerArn === balancer.state.arn)
    .map((each) => listenerOf(account, balancer, each, subnet.zone));
  return { node: { name, listeners }, eni };
}

function listenerOf(account: Account, balancer: Known, { inputs }: Known, zone: string): Listener {
  const group = account.find("aws:lb/targetGroup:TargetGroup", inputs.defaultActions[0].targetGroupArn);
  const set = group.inputs;
  if (inputs.protocol !== "TCP" || set.protocol !== "TCP" || set.targetType !== "ip" || set.proxyProtocolV2)
    throw new Error(`${group.name}: the lab knows TCP to targets by address only, without proxy protocol`);
  const targets = account
    .all("aws:lb/targetGroupAttachment:TargetGroupAttachment")
    .filter((each) => each.inputs.targetGroupArn === group.state.arn)
    .map((each): Target => ({ address: each.inputs.targetId, port: each.inputs.port ?? set.port }));
  const crosses = crossesZones(
    set.loadBalancingCrossZoneEnabled,
    balancer.inputs.enableCrossZoneLoadBalancing,
  );
  return {
    port: inputs.port,
    idleTimeout: inputs.tcpIdleTimeoutSeconds ?? IDLE_TIMEOUT,
    targets: crosses ? targets : targets.filter(({ address }) => zoneOf(account, address) === zone),
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
function zoneOf(account: Account, address: string): string | undefined {
  return account
    .all("aws:ec2/subnet:Subnet")
    .find(({ inputs }) => contains(parseCidr(inputs.cidrBlock), parseCidr(`${address}/32`)))?.inputs
    .availabilityZone;
}

/** With AWS's defaults for what is left out (AWS: Health checks for Network Load Balancer target groups). */
function healthCheckOf(set: Known["inputs"]): HealthCheck {
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
