import { describe, expect, test } from "vitest";
import type { ProgramRun } from "../../offline/program.ts";
import { type Config, run } from "./run.ts";

/** What differs between two runs, by URN's last two parts: what the engine would see, before the provider's own view. */
async function change(before: Config, after: Config) {
  const [old, next] = [await run(before), await run(after)];
  const inputs = (fleet: ProgramRun) => new Map(fleet.resources.map((each) => [each.urn, each]));
  const [a, b] = [inputs(old), inputs(next)];
  const label = (urn: string) =>
    `${urn.split("::")[2]!.split("$").at(-1)!.split(":").at(-1)} ${urn.split("::")[3]}`;
  return {
    created: [...b.keys()]
      .filter((urn) => !a.has(urn))
      .map(label)
      .sort(),
    deleted: [...a.keys()]
      .filter((urn) => !b.has(urn))
      .map(label)
      .sort(),
    changed: [...b.keys()]
      .filter(
        (urn) => a.has(urn) && JSON.stringify(a.get(urn)!.inputs) !== JSON.stringify(b.get(urn)!.inputs),
      )
      .map(label)
      .sort(),
  };
}

describe("a change of config", () => {
  test("from two servers to three makes the third and touches nothing else", async () => {
    const own = ["Instance pptp-fleet-a-2", "NetworkInterface pptp-fleet-a-2", "Server pptp-fleet-a-2"];
    expect(await change({ servers: 2 }, { servers: 3 })).toEqual({
      created: [...own, "TargetGroupAttachment pptp-fleet-a-2"],
      deleted: [],
      changed: [],
    });
    expect(await change({ frontDoor: "eip", servers: 2 }, { frontDoor: "eip", servers: 3 })).toEqual({
      created: ["Eip pptp-fleet-a-2", "EipAssociation pptp-fleet-a-2", ...own],
      deleted: [],
      changed: [],
    });
  });

  test("of the front door touches no server, and turns the default routes in place", async () => {
    const turned = ["Route pptp-fleet-a", "Route pptp-fleet-b"];
    const there = await change({ frontDoor: "eip", servers: 2 }, { servers: 2 });
    const back = await change({ servers: 2 }, { frontDoor: "eip", servers: 2 });
    expect([there.changed, back.changed]).toEqual([turned, turned]);
    expect(there.deleted).toEqual(
      ["Eip", "EipAssociation"]
        .flatMap((type) => ["a-1", "b-1"].map((server) => `${type} pptp-fleet-${server}`))
        .concat("ElasticIps pptp-fleet"),
    );
    expect(
      there.created.filter((label) => /^(Instance|NetworkInterface) pptp-fleet-[ab]-/.test(label)),
    ).toEqual([]);
  });

  test("from two zones to three moves no server that stays, and adds to the balancer", async () => {
    const zones = ["eu-west-1a", "eu-west-1b"];
    const { changed, deleted, created } = await change(
      { servers: 4, zones },
      { servers: 4, zones: [...zones, "eu-west-1c"] },
    );
    expect(changed).toEqual(["LoadBalancer pptp-fleet"]);
    expect(deleted).toEqual(
      ["Instance", "NetworkInterface", "Server", "TargetGroupAttachment"].map(
        (type) => `${type} pptp-fleet-b-2`,
      ),
    );
    expect(created).toContain("Instance pptp-fleet-c-1");
  });

  test("of the allow list touches rules only", async () => {
    const after = { allowedCidrs: ["198.51.100.0/24", "10.9.0.0/16"] };
    expect(await change({}, after)).toEqual({
      created: [
        "SecurityGroupEgressRule pptp-fleet-gateway-out-control-10.9.0.0/16",
        "SecurityGroupEgressRule pptp-fleet-gateway-out-gre-10.9.0.0/16",
        "SecurityGroupEgressRule pptp-fleet-out-control-10.9.0.0/16",
        "SecurityGroupEgressRule pptp-fleet-out-gre-10.9.0.0/16",
        "SecurityGroupIngressRule pptp-fleet-balancer-in-control-10.9.0.0/16",
        "SecurityGroupIngressRule pptp-fleet-gateway-in-control-10.9.0.0/16",
        "SecurityGroupIngressRule pptp-fleet-gateway-in-gre-10.9.0.0/16",
        "SecurityGroupIngressRule pptp-fleet-in-control-10.9.0.0/16",
        "SecurityGroupIngressRule pptp-fleet-in-gre-10.9.0.0/16",
      ],
      deleted: [],
      changed: [],
    });
  });

  test("of an account touches the secret's value only", async () => {
    expect(await change({}, { users: [{ name: "plc-eight", password: "another" }] })).toEqual({
      created: [],
      deleted: [],
      changed: ["SecretVersion pptp-fleet"],
    });
  });

  test("of a tuning touches the instances only, which are replaced", async () => {
    expect(await change({ servers: 2 }, { servers: 2, pathMtu: 1400 })).toEqual({
      created: [],
      deleted: [],
      changed: ["Instance pptp-fleet-a-1", "Instance pptp-fleet-b-1"],
    });
  });

  test("of nothing is nothing", async () => {
    expect(await change({ servers: 3 }, { servers: 3 })).toEqual({ created: [], deleted: [], changed: [] });
  });
});
