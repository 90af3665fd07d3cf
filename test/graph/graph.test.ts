/** Resources by type, and what refers to what. */
import { describe, expect, test } from "vitest";
import { Graph, type Recorded } from "../../graph/graph.ts";
import {
  EGRESS_RULE,
  INGRESS_RULE,
  INSTANCE,
  LOG_GROUP,
  ROUTE,
  ROUTE_TABLE_ASSOCIATION,
  SUBNET,
  VPC,
} from "../../graph/types.ts";

const made = (type: string, name: string, inputs: object = {}): Recorded => ({
  ...{ type, name, id: `${name}-id`, inputs },
  state: { ...inputs, name, arn: `arn:${name}` },
});

const rule = (type: string, name: string, securityGroupId: string) => made(type, name, { securityGroupId });

const graph = new Graph([
  made(SUBNET, "b", { cidrBlock: "10.0.1.0/24" }),
  made(VPC, "vpc", { cidrBlock: "10.0.0.0/16" }),
  made(SUBNET, "a", { cidrBlock: "10.0.0.0/24" }),
  made(ROUTE_TABLE_ASSOCIATION, "a", { subnetId: "a-id", routeTableId: "table" }),
  made(ROUTE, "mine", { routeTableId: "table" }),
  made(ROUTE, "other", { routeTableId: "another table" }),
  rule(INGRESS_RULE, "in", "group"),
  rule(INGRESS_RULE, "in, other", "another group"),
  rule(EGRESS_RULE, "out", "group"),
  { ...made("pptp-fleet:server:Server", "component"), id: "", state: {} },
]);
const names = (resources: { name: string }[]) => resources.map(({ name }) => name);

describe("all of a type", () => {
  test("come in the order of the graph, and so do those of several", () => {
    expect(names(graph.all(SUBNET))).toEqual(["b", "a"]);
    expect(names(graph.all(SUBNET, VPC))).toEqual(["b", "vpc", "a"]);
    expect(graph.all(INSTANCE)).toEqual([]);
  });

  test("have the properties of the type, and no other compiles", () => {
    const [subnet] = graph.all(SUBNET);
    const cidr: string = subnet!.inputs.cidrBlock;
    expect(cidr).toBe("10.0.1.0/24");
    // @ts-expect-error A subnet has no cidrBlok.
    expect(subnet!.inputs.cidrBlok).toBeUndefined();
    // @ts-expect-error Nor is there such a type.
    expect(graph.all("aws:ec2/subnet:Subnets")).toEqual([]);
  });
});

describe("a reference", () => {
  test("is an ID or an ARN", () => {
    expect(graph.find(VPC, "vpc-id")).toBe(graph.find(VPC, "arn:vpc"));
    expect(graph.at("a-id")?.type).toBe(SUBNET);
    expect(graph.at("")).toBeUndefined();
  });

  test("that leads nowhere, or to another type, is an error that names it", () => {
    const missing = "the program names a-id, and registers no such aws:ec2/vpc:Vpc";
    expect(() => graph.find(VPC, "a-id")).toThrow(missing);
    expect(() => graph.find(VPC, "gone")).toThrow("the program names gone, and registers no such");
    expect(() => graph.named(LOG_GROUP, "vpc")).toThrow("the program names vpc, and registers no such");
    expect(graph.named(VPC, "vpc").id).toBe("vpc-id");
  });
});

test("rules are those of the groups that are asked for, one way", () => {
  expect(names(graph.rules(INGRESS_RULE, ["group"]))).toEqual(["in"]);
  expect(names(graph.rules(INGRESS_RULE, ["group", "another group"]))).toEqual(["in", "in, other"]);
  expect(names(graph.rules(EGRESS_RULE, ["another group"]))).toEqual([]);
});

test("a subnet's table is that of its association, with its routes; without one it is nobody's here", () => {
  expect(names(graph.routes(graph.tableOf("a-id")!))).toEqual(["mine"]);
  expect(graph.tableOf("b-id")).toBeUndefined();
});
