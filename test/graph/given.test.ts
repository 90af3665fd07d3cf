/** What readers of the graph count on is so in whatever the program makes. */
import { beforeAll, describe, expect, test } from "vitest";
import { GIVEN } from "../../graph/given.ts";
import type { Recorded } from "../../graph/graph.ts";
import * as types from "../../graph/types.ts";
import { fleets } from "../ci/iam/fleets.ts";

let resources: Recorded[];
beforeAll(async () => {
  resources = (await fleets()).runs.flatMap((run) => run.resources);
});

const known: unknown[] = Object.values(types).flat();

test("each of AWS's types that the program makes is one that the graph knows", () => {
  const made = new Set(resources.map(({ type }) => type).filter(types.isOfAws));
  expect(made.size).toBeGreaterThan(20);
  expect([...made].filter((type) => !known.includes(type))).toEqual([]);
});

describe("a property that is counted on is there, on each resource of the type", () => {
  test.each(Object.entries(GIVEN))("%s", (type, properties) => {
    const all = resources.filter((each) => each.type === type);
    expect(all.length).toBeGreaterThan(0);
    for (const { name, inputs } of all)
      for (const property of properties)
        expect([name, property, (inputs as Record<string, unknown>)[property]]).not.toContain(undefined);
  });
});
