/**
 * The VPC that the program's own resources describe, and nothing else: the lab holds no copy of an address, a rule, a
 * route or a byte of user data. What a mutation takes away is not there.
 *
 * What a balancer is, balancer.ts reads. Leaves out what lab/README.md lists; rules that name no CIDR are refused
 * where they are used (lab/network/rules.ts), not ignored.
 */

import type { Graph, Recorded, Resource } from "../../../graph/graph.ts";
import { elasticIpOf, interfaceOf, machineKind, machineName } from "../../../graph/machines.ts";
import {
  EGRESS_RULE,
  INGRESS_RULE,
  INSTANCE,
  INTERNET_GATEWAY,
  ROUTE_TABLE,
  VPC,
  VPC_ENDPOINT,
} from "../../../graph/types.ts";
import { publicIpOf } from "../../../offline/answers.ts";
import { withStandingVpc } from "../../../offline/standing-vpc.ts";
import { regionOf } from "../../../plan/place/identity.ts";
import { groupRules, launches } from "../../network/fleet.ts";
import { storesOf } from "../../network/stores.ts";
import { INTERNET } from "../../network/topology.ts";
import type { Eni, Route, RouteTable, Vpc } from "../vpc.ts";
import { balancerNodes } from "./balancer.ts";
import { macOf, subnetOf } from "./subnet.ts";

/** Where the VPC that exists is. Its CIDR is the first one, the lab has no others. */
const REGION = "eu-west-1";

type Instance = Resource<typeof INSTANCE>;

/** @throws Error where AWS would refuse: a subnet that is not there, an address twice. */
export function readVpc(resources: Recorded[]): Vpc {
  const graph = withStandingVpc(resources, REGION);
  const [vpc] = graph.all(VPC);
  if (!vpc) throw new Error("the program makes no VPC, and names none that the lab knows");
  const instances = graph.all(INSTANCE);
  const balancers = balancerNodes(graph);
  const interfaces = [
    ...instances.map((each) => instanceInterface(graph, each)),
    ...balancers.map(({ eni }) => eni),
  ];
  unique("name", interfaces);
  unique("privateAddress", interfaces);
  unique("publicAddress", interfaces);
  const region = regionOf(interfaces[0]!.subnet.zone);
  const launchOf = launches(graph, region);
  return {
    region,
    cidr: vpc.inputs.cidrBlock,
    interfaces,
    routeTables: graph.all(ROUTE_TABLE).map(({ id }) => routeTable(graph, id)),
    nodes: balancers.map(({ node }) => node),
    machines: instances.map((each) => ({ ...launchOf(each), kind: machineKind(each) })),
    ...storesOf(graph),
  };
}

function instanceInterface(graph: Graph, instance: Instance): Eni {
  const { subnetId, groups, ...own } = interfaceOf(graph, instance);
  const elasticIp = elasticIpOf(graph, instance);
  const publicAddress =
    elasticIp !== undefined
      ? publicIpOf(graph, elasticIp)
      : instance.inputs.associatePublicIpAddress
        ? launchAddress(own.privateAddress)
        : undefined;
  return {
    name: machineName(instance),
    ...own,
    subnet: subnetOf(graph, subnetId),
    mac: macOf(own.privateAddress),
    ingress: groupRules(graph, INGRESS_RULE, groups),
    egress: groupRules(graph, EGRESS_RULE, groups),
    ...(publicAddress && { publicAddress }),
  };
}

/** What AWS gives from its own pool while no Elastic IP is on the interface: the lab's is 198.18.128.0/17. */
function launchAddress(privateAddress: string): string {
  const [, , third, fourth] = privateAddress.split(".").map(Number);
  return `198.18.${128 + (third! % 128)}.${fourth}`;
}

function routeTable(graph: Graph, id: string): RouteTable {
  const routes = graph.routes(id).map(({ name, inputs }): Route => {
    const { destinationCidrBlock: destination, gatewayId, networkInterfaceId } = inputs;
    if (gatewayId !== undefined) {
      graph.find(INTERNET_GATEWAY, gatewayId);
      return { destination, via: { internetGateway: true } };
    }
    if (networkInterfaceId !== undefined)
      return { destination, via: { networkInterface: networkInterfaceId } };
    throw new Error(`the route ${name} leads to what the lab does not know`);
  });
  const endpoints = graph.all(VPC_ENDPOINT).filter(({ inputs }) => inputs.routeTableIds?.includes(id));
  return { id, routes: [...routes, ...endpoints.map(endpointRoute)] };
}

/** What AWS adds to the tables of a gateway endpoint. */
function endpointRoute({ name, inputs }: Resource<typeof VPC_ENDPOINT>): Route {
  if (inputs.vpcEndpointType !== "Gateway" || !inputs.serviceName?.endsWith(".s3"))
    throw new Error(`the lab knows no endpoint such as ${name}`);
  return { destination: `${INTERNET.s3}/32`, via: { s3Endpoint: true } };
}

function unique(key: "name" | "privateAddress" | "publicAddress", interfaces: Eni[]): void {
  const seen = new Map<string, string>();
  for (const { id, [key]: value } of interfaces) {
    if (value === undefined) continue;
    const other = seen.get(value);
    if (other !== undefined) throw new Error(`${value} is the ${key} of two interfaces: ${other} and ${id}`);
    seen.set(value, id);
  }
}
