import { describe, expect, test } from "vitest";
import { enaQueues } from "../../../plan/tunnel/queues.ts";
import { isKnown, knownTypes, usualVcpus } from "../../../settings/keys/instance-families.ts";
import { judgeInstanceType } from "../../../settings/keys/instance-types.ts";

test("1,370 types are known, each once", () => {
  expect([knownTypes.length, new Set(knownTypes).size]).toEqual([1370, 1370]);
});

describe("a known type", () => {
  // As EC2 describes them: DefaultVCpus.
  test.each([
    ["c6in.large", 2],
    ["t3.nano", 2],
    ["t4g.medium", 2],
    ["c7g.medium", 1],
    ["m5.24xlarge", 96],
    ["c5.metal", 96],
    ["c6g.metal", 64],
    ["g4dn.metal", 96],
    ["i3.metal", 72],
    ["c8g.metal-24xl", 96],
    ["hpc7a.96xlarge", 192],
    ["u7in-32tb.224xlarge", 896],
    ["x2iedn.xlarge", 4],
  ])("%s has %i vCPUs", (type, vcpus) => {
    expect([isKnown(type), usualVcpus(type)]).toEqual([true, vcpus]);
  });

  test("is allowed where its card has more than one queue, and else refused without a question to AWS", () => {
    const judged = knownTypes.filter((type) => judgeInstanceType(type) === undefined);
    expect(judged).toEqual(knownTypes.filter((type) => enaQueues(type, usualVcpus(type)) > 1));
    // Most of them.
    expect(judged.length).toBeGreaterThan(1250);
  });

  test("is what each refusal names as its fix", () => {
    for (const type of ["nope.large", "t2.micro", "m4.large", "mac2.metal", ...knownTypes]) {
      const { fix = "" } = judgeInstanceType(type) ?? {};
      for (const [, named] of fix.matchAll(/ ([a-z0-9-]+\.[a-z0-9]+)/g)) {
        expect([type, named, isKnown(named!)]).toEqual([type, named, true]);
        expect(judgeInstanceType(named!), `${type}: ${named}`).toBeUndefined();
      }
    }
  });
});

describe("what is not known", () => {
  test.each(["c99x.large", "c6in.7xlarge", "c6in", "nope.large", "toString.large", ".large"])(
    "%s",
    (type) => {
      expect(isKnown(type)).toBe(false);
    },
  );

  test.each([
    ["c99x.32xlarge", 128],
    ["c99x.metal", 2],
    ["c99x.huge", 2],
  ])("has the vCPUs that its size means: %s %i", (type, vcpus) => {
    expect(usualVcpus(type)).toBe(vcpus);
  });
});
