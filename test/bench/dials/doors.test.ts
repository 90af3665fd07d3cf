import { beforeAll, expect, test } from "vitest";
import { besideIdle, dialled } from "../../../bench/dials/doors.ts";
import { labAccount, programRun } from "../../../lab/client/stack.ts";
import { readVpc } from "../../../lab/vpc/read/read.ts";
import type { RecordedResource } from "../../../offline/program.ts";

let nlb: RecordedResource[];
let eip: RecordedResource[];
beforeAll(async () => {
  const account = labAccount();
  nlb = (await programRun("dev", ["frontDoor=nlb"], account)).resources;
  eip = (await programRun("dev", ["frontDoor=eip"], account)).resources;
});

const of = (resources: RecordedResource[], name: string) =>
  readVpc(resources).interfaces.find((each) => each.name === name)!;

test("behind eip the server has the address that is dialled, and its route is the internet gateway", () => {
  const both = besideIdle(eip, nlb);
  const server = of(both, "a-1");
  const routes = readVpc(both).routeTables.find(({ id }) => id === server.subnet.routeTable)!.routes;
  expect(server.publicAddress).toBe(dialled(eip));
  const defaults = routes.filter(({ destination }) => destination === "0.0.0.0/0");
  expect(defaults).toEqual([{ destination: "0.0.0.0/0", via: { internetGateway: true } }]);
});

test("the other door's machines stand beside it as they were, none with the address that is dialled", () => {
  const both = besideIdle(eip, nlb);
  const [before, after] = [readVpc(nlb), readVpc(both)];
  const stays = ({ name, id, privateAddress, mac }: (typeof after.interfaces)[number]) =>
    [name, id, privateAddress, mac].join(" ");
  expect(after.interfaces.map(stays).sort()).toEqual(before.interfaces.map(stays).sort());
  expect(after.nodes).toEqual(before.nodes);
  expect(after.machines).toHaveLength(2);
  expect(of(both, "gateway-a").publicAddress).not.toBe(dialled(eip));
});

test("there is one address to dial behind either", () => {
  expect(dialled(nlb)).toBe(of(nlb, "gateway-a").publicAddress);
  expect(() => dialled([])).toThrow("0 Elastic IPs");
  expect(() => dialled([...nlb, ...nlb])).toThrow("2 Elastic IPs");
});
