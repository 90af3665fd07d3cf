import { describe, expect, test } from "vitest";
import { DOORS, standing } from "./cases/run.ts";

const THREE = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];
const NAME = { dialName: "pptp.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" };

describe.each(DOORS)("destroy behind %s", (door) => {
  test("takes everything down, whoever needs another first", async () => {
    const stack = await standing({ frontDoor: door, ...NAME });
    const all = stack.state.size;
    const { deleted, refusals, done } = stack.destroy();
    expect(refusals).toEqual([]);
    expect(deleted).toHaveLength(all);
    expect([stack.state.size, stack.account.standing.size]).toEqual([0, 0]);
    expect(done.at(-1)).toBe("delete Vpc");
  });

  test("and up again makes it again", async () => {
    const stack = await standing({ frontDoor: door });
    const all = stack.state.size;
    stack.destroy();
    expect((await stack.up()).created).toHaveLength(all);
  });
});

describe("with terminationProtection", () => {
  const config = { terminationProtection: true };
  const refused = (names: string[], what: string) => names.map((name) => `${name} ${what} protected`);
  const servers = ["Instance a-1", "Instance b-1"];
  const replace = "is to be replaced and is";
  const remove = "cannot be deleted because it is";

  test("a preview of destroy names each machine, and the balancer", async () => {
    const stack = await standing(config);
    const names = [...servers, "Instance gateway-a", "Instance gateway-b", "LoadBalancer"];
    expect(stack.destroy(true).refusals.toSorted()).toEqual(refused(names, remove).sort());
    const eip = await standing({ ...config, frontDoor: "eip" });
    expect(eip.destroy(true).refusals.toSorted()).toEqual(refused(servers, remove));
  });

  test("a preview of a tuning, of a server less and of a zone less names what stands in the way", async () => {
    const stack = await standing({ ...config, servers: 3, zones: THREE });
    expect((await stack.preview({ pathMtu: 1400 })).refusals).toEqual(
      refused([...servers, "Instance c-1"], replace),
    );
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
    const tuning = await stack.up({ pathMtu: 1400 });
    expect([tuning.refusals, tuning.done]).toEqual([refused(["Instance a-1"], replace), []]);
    const fewer = await stack.up({ servers: 2, zones: THREE.slice(0, 2) });
    expect([fewer.refusals, fewer.done]).toEqual([refused(["LoadBalancer"], replace), []]);
  });

  test("it has to be off before: AWS refuses what is switched off and replaced in one update", async () => {
    const stack = await standing({ ...config, frontDoor: "eip" });
    const off = { terminationProtection: false };
    const both = await stack.up({ ...off, pathMtu: 1400 });
    expect(both.done).toEqual([]);
    expect(both.refusals).toEqual([
      expect.stringMatching(/^delete Instance a-1: OperationNotPermitted: .*disableApiTermination$/),
    ]);
    expect((await stack.up(off)).updated).toEqual(servers);
    const { replaced, refusals } = await stack.up({ ...off, pathMtu: 1400 });
    expect([replaced, refusals]).toEqual([servers, []]);
  });
});
