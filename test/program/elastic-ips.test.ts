/** Elastic IPs that exist already, in what the program registers and puts out. */
import { afterEach, expect, test, vi } from "vitest";
import { labFleet } from "../../lab/network/fleet.ts";
import { needsOf } from "../../script/pages/quotas.ts";
import { all, type Config, one, run } from "./run.ts";

afterEach(() => vi.restoreAllMocks());

const ID = "eipalloc-0123456789abcdef0";
/** By offline/answers.ts. */
const NUMBER = "198.18.94.240";
const NAME = { dialName: "pptp.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" };

/** What the program has said. */
async function told(config: Config): Promise<string[]> {
  const warned: string[] = [];
  vi.spyOn(console, "warn").mockImplementation((text: string) => warned.push(text));
  await run(config);
  return warned.filter((each) => each.includes("elasticIps"));
}

test.each([
  ["nlb", "gateway-a", "a", ["a", "a-1"]],
  ["eip", "a-1", "a-1", ["a", "a-1"]],
] as const)(
  "behind %s one is dialled, answered by the name, and on %s",
  async (frontDoor, machine, record, members) => {
    for (const member of members) {
      const fleet = await run({ frontDoor, ...NAME, elasticIps: { [member]: ID } });
      expect(fleet.outputs.dial).toEqual([NUMBER, "198.18.0.2"]);
      expect(fleet.outputs.servers["a-1"].publicAddress).toBe(NUMBER);
      expect(one(fleet, "EipAssociation", `pptp-fleet-${machine}`).inputs.allocationId).toBe(ID);
      expect(one(fleet, "Record", `pptp-fleet-${record}`).inputs.records).toEqual([NUMBER]);
      expect(all(fleet, "Eip").map(({ name }) => name)).toEqual(["pptp-fleet-b-1"]);
      // It is one of the region's all the same.
      expect(needsOf(fleet).elasticIps.count).toBe(2);
    }
  },
);

test("a server's is not a gateway's: it waits on no machine, and that is said", async () => {
  expect(await told({ servers: 3, elasticIps: { "a-2": ID } })).toEqual([
    expect.stringContaining(`${NUMBER} (elasticIps.a-2) is on no machine of this config`),
  ]);
  expect(await told({ servers: 3, frontDoor: "eip", elasticIps: { "a-2": ID } })).toEqual([]);
});

test("the lab dials it", async () => {
  const { machines } = labFleet((await run({ frontDoor: "eip", elasticIps: { b: ID } })).resources);
  expect(machines.map(({ name, publicAddress }) => [name, publicAddress])).toEqual([
    ["a-1", "198.18.0.1"],
    ["b-1", NUMBER],
  ]);
});
