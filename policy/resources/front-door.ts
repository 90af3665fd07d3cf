/** The front door as resources: balancers of PPTP, where their subnets lead, and who has a public address. */

import {
  BALANCER,
  EIP,
  EIP_ASSOCIATION,
  INSTANCE,
  INTERFACE_ATTACHMENT,
  LISTENER,
  NETWORK_INTERFACE,
  ROUTE,
  ROUTE_TABLE,
  ROUTE_TABLE_ASSOCIATION,
  type SUBNET,
  type Type,
} from "../../graph/types.ts";
import { balancedFlows, protocols } from "../../protocols/protocols.ts";
import { type AnyNode, list, type Node, type Stack } from "../framework/stack.ts";

type Balancer = Node<typeof BALANCER>;
type Table = Node<typeof ROUTE_TABLE>;
type Instance = Node<typeof INSTANCE>;
type Interface = Node<typeof NETWORK_INTERFACE>;

const DEFAULT = "0.0.0.0/0";

/** What a balancer is for, as people read it. */
export const BALANCED = balancedFlows(protocols)
  .map(({ title }) => title)
  .join(" and ");

/** The balancers with a listener of a protocol. */
export function balancers(stack: Stack): Balancer[] {
  return [...new Set(listeners(stack).flatMap((each) => balancersOf(stack, each)))];
}

/** The listeners of the flows that have a server chosen. */
export function listeners(stack: Stack): Node<typeof LISTENER>[] {
  const ports: unknown[] = balancedFlows(protocols).map(({ port }) => port);
  return stack.all(LISTENER).filter(({ props }) => ports.includes(props.port));
}

/** A listener's balancer, if it is the stack's. */
export function balancersOf(stack: Stack, listener: Node<typeof LISTENER>): Balancer[] {
  return stack.referred(listener, "loadBalancerArn", [[BALANCER, "arn"]]);
}

/** The tables that subnets of ours have, by association. */
export function tablesOf(stack: Stack, subnet: Node<typeof SUBNET>): Table[] {
  return stack
    .referring(ROUTE_TABLE_ASSOCIATION, "subnetId", subnet)
    .flatMap((association) => stack.referred(association, "routeTableId", [[ROUTE_TABLE, "id"]]));
}

/** The default routes of a table, those inside it too. */
export function defaultRoutes(stack: Stack, table: Table): DefaultRoute[] {
  const inside = (Array.isArray(table.props.routes) ? list(table.props.routes) : [])
    .filter((route) => route.cidrBlock === DEFAULT)
    .map(({ networkInterfaceId: target }): DefaultRoute => ({ node: table, property: "routes", target }));
  return stack.referring(ROUTE, "routeTableId", table).flatMap(asDefault).concat(inside);
}

/** The default routes that the stack puts into a table which is not its own. */
export function defaultRoutesInto(stack: Stack, tableId: string): DefaultRoute[] {
  return stack
    .all(ROUTE)
    .filter(({ props }) => props.routeTableId === tableId)
    .flatMap(asDefault);
}

function asDefault(node: Node<typeof ROUTE>): DefaultRoute[] {
  const { destinationCidrBlock, networkInterfaceId } = node.props;
  return destinationCidrBlock === DEFAULT
    ? [{ node, property: "networkInterfaceId", target: networkInterfaceId }]
    : [];
}

export interface DefaultRoute {
  node: AnyNode;
  /** Of the node; its value, an interface's ID, is `target`. */
  property: string;
  target: unknown;
}

/** The instances that a default route leads to. */
export function gatewaysOf(stack: Stack, { node, property, target }: DefaultRoute): Instance[] {
  const direct = stack.referred(node, property, [[INSTANCE, "primaryNetworkInterfaceId"]], target);
  const interfaces = stack.referred(node, property, [[NETWORK_INTERFACE, "id"]], target);
  return [...direct, ...interfaces.flatMap((each) => instancesOn(stack, each))];
}

/** Every instance that some default route leads to. */
export function gateways(stack: Stack): Set<Instance> {
  const own = stack.all(ROUTE_TABLE).flatMap((table) => defaultRoutes(stack, table));
  const routes = [...own, ...stack.all(ROUTE).flatMap(asDefault)];
  return new Set(routes.flatMap((route) => gatewaysOf(stack, route)));
}

/** The interface of an instance that is its first, where that is a resource. */
export function primaryInterfacesOf(stack: Stack, instance: Instance): Interface[] {
  return named(stack, instance, "primaryNetworkInterface");
}

/** All interfaces that an instance stands on, by whichever side says so, where they are resources. */
export function interfacesOf(stack: Stack, instance: Instance): Interface[] {
  const attached = stack
    .referring(INTERFACE_ATTACHMENT, "instanceId", instance)
    .flatMap((each) => stack.referred(each, "networkInterfaceId", [[NETWORK_INTERFACE, "id"]]));
  const attaching = stack
    .all(NETWORK_INTERFACE)
    .filter((nic) => refers(stack, nic, "attachments", "instance", INSTANCE).includes(instance));
  return [
    ...new Set([
      ...primaryInterfacesOf(stack, instance),
      ...named(stack, instance, "networkInterfaces"),
      ...attached,
      ...attaching,
    ]),
  ];
}

function named(
  stack: Stack,
  instance: Instance,
  property: "primaryNetworkInterface" | "networkInterfaces",
): Interface[] {
  return refers(stack, instance, property, "networkInterfaceId", NETWORK_INTERFACE);
}

/** What the members of a list refer to; a member that is not known yet refers to what the list is made of. */
function refers<N extends AnyNode, T extends Type>(
  stack: Stack,
  node: N,
  property: keyof N["props"] & string,
  member: string,
  type: T,
): Node<T>[] {
  const ids = list((node.props as N["props"])[property]).map((each) => each[member] ?? each);
  return ids.length === 0 ? [] : stack.referred(node, property, [[type, "id"]], ids);
}

function instancesOn(stack: Stack, nic: Interface): Instance[] {
  return stack.all(INSTANCE).filter((instance) => interfacesOf(stack, instance).includes(nic));
}

/** Elastic IPs, and associations of them, that are an instance's or its interfaces'. */
export function elasticIpsOf(stack: Stack, instance: Instance): Node<typeof EIP | typeof EIP_ASSOCIATION>[] {
  const primary = "primaryNetworkInterfaceId";
  return [
    ...stack.referring(EIP_ASSOCIATION, "instanceId", instance),
    ...stack.referring(EIP_ASSOCIATION, "networkInterfaceId", instance, primary),
    ...stack.referring(EIP, "instance", instance),
    ...stack.referring(EIP, "networkInterface", instance, primary),
    ...interfacesOf(stack, instance).flatMap((nic) => [
      ...stack.referring(EIP_ASSOCIATION, "networkInterfaceId", nic),
      ...stack.referring(EIP, "networkInterface", nic),
    ]),
  ];
}
