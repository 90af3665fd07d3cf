import { describe, expect, test } from "vitest";
import { ALARM } from "../../../graph/types.ts";
import { touched } from "../cases/case.ts";
import { DOORS, standing } from "../cases/run.ts";
import { serverUrn } from "./page.ts";

describe("one server at a time", () => {
  const NAME = { dialName: "pptp.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" };
  const only = (server: string) => ({ targets: [serverUrn("dev", server)] });
  const change = { amiId: "ami-0123456789abcdef0" };

  test.each(DOORS)(
    "behind %s --target replaces that one, and nothing else, in a preview too",
    async (door) => {
      const stack = await standing({ frontDoor: door });
      expect(touched(await stack.preview(change, only("a-1")))).toEqual({
        replaced: ["Instance a-1"],
        instanceInputs: ["ami"],
      });
      expect((await stack.up(change, only("a-1"))).done).toEqual([
        "delete Instance a-1",
        "create Instance a-1",
      ]);
      expect((await stack.up(change, only("a-1"))).done).toEqual([]);
      const { replaced, same } = await stack.up(change);
      expect(replaced).toContain("Instance b-1");
      expect(same).toContain("Instance a-1");
    },
  );

  test("a name's alarms know the instance of before until the whole update", async () => {
    const stack = await standing({ frontDoor: "eip", ...NAME });
    const watched = () =>
      [...stack.state.values()]
        .filter(({ type, name }) => type === ALARM && name.includes("a-1"))
        .map(({ inputs }) => inputs.dimensions.InstanceId);
    const instance = () => stack.state.get(serverUrn("dev", "a-1"))!.id;
    const before = instance();
    await stack.up(change, only("a-1"));
    expect([watched(), instance() === before]).toEqual([[before], false]);
    await stack.up(change);
    expect(watched()).toEqual([instance()]);
  });

  test("a server that --target does not name is not made, and one that is named wants all that it needs", async () => {
    const stack = await standing({});
    const { refusals, done } = await stack.up({ servers: 3 }, only("a-2"));
    expect([refusals, done]).toEqual([
      [expect.stringMatching(/^Instance a-2 depends on .*, which was not specified in --target list$/)],
      [],
    ]);
  });
});
