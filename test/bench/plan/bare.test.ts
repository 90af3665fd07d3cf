/** The bare engine is told of the very resources that the program registers, or the comparison is of two things. */
import { expect, test } from "vitest";
import { registerBare } from "../../../bench/plan/bare.ts";
import { inputOf, SIZES } from "../../../bench/plan/sizes.ts";
import { runProgram } from "../../../offline/program.ts";

test.each(["eip", "nlb"] as const)("of %s: the same types, as many of each", async (frontDoor) => {
  const { resources } = await runProgram(inputOf({ frontDoor, servers: 3, zones: 2 }));
  const types = await registerBare(resources);
  expect(types.toSorted()).toEqual(resources.map(({ type }) => type).toSorted());
});

test("a type that the SDK has no class for is an error, not left out", async () => {
  const unknown = { urn: "urn:a", type: "aws:ec2/nothing:Nothing", name: "a", parent: "", inputs: {} };
  await expect(registerBare([unknown])).rejects.toThrow("no class for aws:ec2/nothing:Nothing");
});

test("sizes go to a thousand by eip, and to the 62 of a zone by nlb", () => {
  const most = (frontDoor: string) =>
    Math.max(
      ...SIZES.filter((size) => size.frontDoor === frontDoor).map(({ servers, zones }) => servers / zones),
    );
  expect([most("eip"), most("nlb")]).toEqual([500, 62]);
});
