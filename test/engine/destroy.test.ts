import { describe, expect, test } from "vitest";
import { each } from "./cases/case.ts";
import { DOORS, standing } from "./cases/run.ts";

const THREE = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];
const NAME = { dialName: "pptp.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" };

describe.each(DOORS)("destroy behind %s", (door) => {
  test("takes everything down, whoever needs another first", async () => {
    const stack = await standing({ frontDoor: door, ...NAME });
    const all = stack.state.size;
    const { deleted, refusals, done } = await stack.destroy();
    expect(refusals).toEqual([]);
    expect(deleted).toHaveLength(all);
    expect([stack.state.size, stack.account.standing.size]).toEqual([0, 0]);
    expect(done.at(-1)).toBe("delete Vpc");
  });

  test("and up again makes it again", async () => {
    const stack = await standing({ frontDoor: door });
    const all = stack.state.size;
    await stack.destroy();
    expect((await stack.up()).created).toHaveLength(all);
  });
});

/** It replaces all machines. */
const IMAGE = { amiId: "ami-0123456789abcdef0" };

describe("with terminationProtection", () => {
  const config = { terminationProtection: true };
  const refused = (names: string[], what: string) => names.map((name) => `${name} ${what} protected`);
  const servers = ["Instance a-1", "Instance b-1"];
  const replace = "is to be replaced and is";
  const remove = "cannot be deleted because it is";

  test("a preview of destroy names each machine, and the balancer", async () => {
    const stack = await standing(config);
    const names = [...servers, "Instance gateway-a", "Instance gateway-b", "LoadBalancer"];
    expect((await stack.destroy(true)).refusals.toSorted()).toEqual(refused(names, remove).sort());
    const eip = await standing({ ...config, frontDoor: "eip" });
    expect((await eip.destroy(true)).refusals.toSorted()).toEqual(refused(servers, remove));
  });

  test("a preview of another image, of a server less and of a zone less names what stands in the way", async () => {
    const stack = await standing({ ...config, servers: 3, zones: THREE });
    const machines = [...each("Instance", ...["a", "b", "c"].map((zone) => `gateway-${zone}`)), ...servers];
    expect((await stack.preview(IMAGE)).refusals.toSorted()).toEqual(
      refused([...machines, "Instance c-1"], replace).sort(),
    );
    // A tuning takes nothing away.
    expect((await stack.preview({ pathMtu: 1400 })).refusals).toEqual([]);
    expect((await stack.preview({ servers: 2 })).refusals).toEqual(refused(["Instance c-1"], remove));
    const fewer = await stack.preview({ servers: 2, zones: THREE.slice(0, 2) });
    expect(fewer.refusals.toSorted()).toEqual(
      [
        ...refused(["LoadBalancer"], replace),
        ...refused(["Instance c-1", "Instance gateway-c"], remove),
      ].sort(),
    );
  });

  test("whoever skips the preview is stopped before the first server, and the listener stays with its balancer", async () => {
    const stack = await standing({ ...config, servers: 3, zones: THREE });
    const image = await stack.up(IMAGE);
    expect([image.refusals, image.done]).toEqual([refused(["Instance gateway-a"], replace), []]);
    const fewer = await stack.up({ servers: 2, zones: THREE.slice(0, 2) });
    // By itself it only means that the zone's machines reach S3 by the internet.
    const done = ["update VpcEndpoint s3"];
    expect([fewer.refusals, fewer.done]).toEqual([refused(["LoadBalancer"], replace), done]);
  });

  test("it has to be off before: AWS refuses what is switched off and replaced in one update", async () => {
    const stack = await standing({ ...config, frontDoor: "eip" });
    const off = { terminationProtection: false };
    const both = await stack.up({ ...off, ...IMAGE });
    expect(both.done).toEqual([]);
    expect(both.refusals).toEqual([
      expect.stringMatching(/^delete Instance a-1: OperationNotPermitted: .*disableApiTermination$/),
    ]);
    expect((await stack.up(off)).updated).toEqual(servers);
    const { replaced, refusals } = await stack.up({ ...off, ...IMAGE });
    expect([replaced, refusals]).toEqual([servers, []]);
  });
});
