/** Each violation, by breaking the resources of the real program, in an update and in a first preview. */
import { describe, expect, test } from "vitest";
import { type ProgramRun, runProgram } from "../../offline/program.ts";
import { stackInput } from "../../offline/stack.ts";
import { rules } from "../../policy/policies.ts";
import { analyze, enough, stops } from "./analysis.ts";
import { bucketCases } from "./cases/buckets.ts";
import { bundleCases } from "./cases/bundles.ts";
import { firewallCases } from "./cases/firewall.ts";
import { frontDoorCases } from "./cases/front-door.ts";
import { machineCases } from "./cases/machines.ts";
import { openWorldCases } from "./cases/open-world.ts";
import { recordCases } from "./cases/records.ts";
import { templateCases } from "./cases/templates.ts";
import { textCases } from "./cases/texts.ts";
import { type Case, Resources } from "./changed-resources.ts";
import { previewed } from "./preview.ts";

const cases = [
  ...openWorldCases,
  ...firewallCases,
  ...frontDoorCases,
  ...machineCases,
  ...bundleCases,
  ...templateCases,
  ...recordCases,
  ...bucketCases,
  ...textCases,
];

/** Not a violation by itself: it depends on the policy config. pack.test.ts has it. */
const BY_CONFIG = ["allowed-regions"];

const runs = new Map<string, Promise<ProgramRun>>();

async function broken({ stack = "prod", config = [], breaks }: Case): Promise<Resources> {
  const key = [stack, ...config].join("\n");
  if (!runs.has(key)) runs.set(key, runProgram(stackInput(stack, config)));
  const resources = new Resources((await runs.get(key)!).resources);
  breaks(resources);
  return resources;
}

const expected = ({ policy, at, besides = [] }: Case) =>
  [...at.map((resource) => `${policy}: ${resource}`), ...besides].sort();

const named = (own: Case[]) => own.map((each) => [each.what, each] as const);

describe.each([...new Set(cases.map(({ policy }) => policy))])("%s", (name) => {
  const own = cases.filter(({ policy }) => policy === name);
  // examples.test.ts has that all others pass, one by one; where config breaks it, any may be broken.
  const asked = (each: Case, { touched }: Resources) =>
    each.config === undefined ? enough(touched) : undefined;

  test.each(named(own))("stops %s", async (_, each) => {
    const resources = await broken(each);
    expect(await stops(resources.list, asked(each, resources))).toEqual(expected(each));
  });

  test.each(named(own.filter((each) => !each.inUpdatesOnly)))(
    "stops %s, in a first preview already",
    async (_, each) => {
      const resources = await broken(each);
      expect(await stops(previewed(resources.list), asked(each, resources))).toEqual(expected(each));
    },
  );
});

test("a bundle that is missing is told with what to do about it", async () => {
  const resources = await broken(bundleCases.find(({ what }) => what === "a machine without a bundle")!);
  const found = await analyze(resources.list, enough(resources.touched));
  expect(found.find(({ policy }) => policy === "mppe-128")?.message).toMatch(
    /\nthe bundle that machines\/a-1\/desired names is missing: machines\/a-1\/bundles\/[0-9a-f]{64} in the bucket pptp-fleet-prod-\d{12}-eu-west-1, so nobody can tell how it encrypts\. Fix: let components\/machines\/bucket\.ts write both objects, /,
  );
});

test("every policy has a violation here, or by its config", () => {
  const tried = new Set(cases.map(({ policy }) => policy));
  expect(rules.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual(BY_CONFIG);
});
