/** Where instances stand, by what the program itself makes behind either front door. */
import { beforeAll, describe, expect, test } from "vitest";
import { Graph, type Resource } from "../../graph/graph.ts";
import {
  elasticIpOf,
  interfaceOf,
  machineKind,
  machineName,
  roleOf,
  userDataOf,
} from "../../graph/machines.ts";
import { EIP, INSTANCE, SECURITY_GROUP, SUBNET } from "../../graph/types.ts";
import { run } from "../program/run.ts";

let graph: Graph;
beforeAll(async () => {
  const { resources } = await run({ servers: 1, zones: ["eu-west-1a"], frontDoor: "nlb" });
  graph = new Graph(resources);
});

const machine = (name: string): Resource<typeof INSTANCE> =>
  graph.all(INSTANCE).find((each) => machineName(each) === name)!;
const standsIn = (name: string) => {
  const { subnetId, groups } = interfaceOf(graph, machine(name));
  return [graph.find(SUBNET, subnetId).name, ...groups.map((id) => graph.find(SECURITY_GROUP, id).name)];
};

describe("a server", () => {
  test("stands on an interface of its own", () => {
    expect(machineKind(machine("a-1"))).toBe("server");
    expect(interfaceOf(graph, machine("a-1"))).toMatchObject({
      privateAddress: "10.42.0.4",
      sourceDestCheck: true,
    });
    expect(standsIn("a-1")).toEqual(["pptp-fleet-a", "pptp-fleet"]);
  });

  test("has the role of its profile, and no Elastic IP behind a balancer", () => {
    expect(roleOf(graph, machine("a-1"))).toBe("role-pptp-fleet-a-1");
    expect(elasticIpOf(graph, machine("a-1"))).toBeUndefined();
  });

  test("has its user data gzipped", () => {
    expect([...userDataOf(machine("a-1")).subarray(0, 2)]).toEqual([0x1f, 0x8b]);
  });
});

describe("a gateway", () => {
  test("stands on the interface that comes with it, and forwards", () => {
    const gateway = machine("gateway-a");
    expect(machineKind(gateway)).toBe("gateway");
    expect(gateway.inputs.primaryNetworkInterface).toBeUndefined();
    expect(interfaceOf(graph, gateway)).toMatchObject({
      id: gateway.state.primaryNetworkInterfaceId,
      privateAddress: gateway.state.privateIp,
      sourceDestCheck: false,
    });
    expect(standsIn("gateway-a")).toEqual(["pptp-fleet-gateway-a", "pptp-fleet-gateway"]);
  });

  test("has a role of its own, and the zone's Elastic IP", () => {
    expect(roleOf(graph, machine("gateway-a"))).toBe("role-pptp-fleet-gateway-a");
    expect(elasticIpOf(graph, machine("gateway-a"))).toBe(graph.all(EIP)[0]!.id);
  });
});

test("whose resources are gone is an error that names what is missing", async () => {
  const nic = interfaceOf(graph, machine("a-1")).id;
  const without = new Graph(graph.nodes.filter(({ id }) => id !== nic));
  expect(() => interfaceOf(without, machine("a-1"))).toThrow(
    `the program names ${nic}, and registers no such`,
  );
});
