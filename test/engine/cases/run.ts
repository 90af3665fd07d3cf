/** Runs the cases of a subject under both front doors. */
import { describe, expect, test } from "vitest";
import { INSTANCE } from "../../../graph/types.ts";
import { type Config, Stack } from "../fleet.ts";
import { type Case, DOORS, tidy, touched } from "./case.ts";

export { DOORS, touched };

const stacks = new Map<string, Promise<Stack>>();

/** A stack after its first `up`; of each config one, and a copy for each who asks. */
export async function standing(config: Config): Promise<Stack> {
  const key = JSON.stringify(config);
  const stack =
    stacks.get(key) ??
    (async () => {
      const empty = Stack.empty(config);
      await empty.up();
      return empty;
    })();
  stacks.set(key, stack);
  return (await stack).copy();
}

/** What `up` finds where these machines were started with the user data of another version of this program. */
export function withFormerBootstrap(stack: Stack, machines: string[]): Stack {
  const names = machines.map((machine) => `pptp-fleet-${machine}`);
  stack.state = new Map(
    [...stack.state].map(([urn, { inputs, ...rest }]) => {
      const former = rest.type === INSTANCE && names.includes(rest.name);
      return [urn, { ...rest, inputs: former ? { ...inputs, userDataBase64: "Zm9ybWVy" } : inputs }];
    }),
  );
  return stack;
}

/** A test for each case and front door: the update does that, and nothing else; once more, it does nothing. */
export function holds(cases: Case[]): void {
  describe.each(cases)("$change", (each) => {
    test.each(each.only === undefined ? DOORS : [each.only])("behind %s", async (door) => {
      const stack = await standing({ ...each.from, frontDoor: door });
      const to = "frontDoor" in each.to ? { frontDoor: door === "nlb" ? "eip" : "nlb" } : each.to;
      expect(touched(await stack.up(to))).toEqual(tidy(each[door]));
    });
  });
}
