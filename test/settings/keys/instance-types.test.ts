import { describe, expect, test } from "vitest";
import {
  DEFAULT_INSTANCE_TYPE,
  isGraviton,
  judgeInstanceType,
} from "../../../settings/keys/instance-types.ts";

const OLD = "t1 t2 m1 m2 m3 m4 c1 c3 c4 r3 i2 d2 g2 cc1 cc2 cg1 cr1 hi1 hs1".split(" ");

test.each(OLD)("no type of the family %s has ENA with more than one queue", (family) => {
  expect(judgeInstanceType(`${family}.xlarge`)?.allowed).toContain(`the ${family} family cannot have it`);
});

test("each fix is a type that is allowed", () => {
  const refused = [...OLD.map((family) => `${family}.large`), "mac2-m2.metal", "a1.medium", "m8i-flex.large"];
  for (const type of refused) {
    const named = judgeInstanceType(type)!.fix!.match(/[a-z0-9-]+\.[0-9]*x?large|t3\.small/g)!;
    expect(
      named.map((type) => judgeInstanceType(type)),
      type,
    ).toEqual(named.map(() => undefined));
  }
});

test.each(["mac1.metal", "mac2.metal", "mac2-m1ultra.metal", "mac-m4.metal"])(
  "%s needs a Dedicated Host",
  (type) => {
    expect(judgeInstanceType(type)?.allowed).toContain("Dedicated Host");
  },
);

test.each("a1 c6g c6gn c7g c7gn c8g m6g m7g m8g r6g r7g r8g x2gd is4gen c7a m7a r7a m8azn".split(" "))(
  "%s.medium has one vCPU",
  (family) => {
    expect(judgeInstanceType(`${family}.medium`)?.allowed).toContain("has one vCPU, so one queue");
    expect(judgeInstanceType(`${family}.large`)).toBeUndefined();
  },
);

test.each([
  "t3.nano",
  "t3.medium",
  "t3a.medium",
  "t4g.medium",
  "m5.large",
  "c5n.18xlarge",
  "u7in-16tb.224xlarge",
])("%s is allowed", (type) => {
  expect(judgeInstanceType(type)).toBeUndefined();
});

test("so are the default, and flex from xlarge on", () => {
  expect([DEFAULT_INSTANCE_TYPE, "c7i-flex.xlarge"].map((type) => judgeInstanceType(type))).toEqual([
    undefined,
    undefined,
  ]);
});

test.each(["T3.small", "t3", "t3.", ".small", "t3.small.large", "t3 .small", "t3.small\n"])(
  "%j is no type",
  (type) => {
    expect(judgeInstanceType(type)?.allowed).toContain("family.size in lower case");
  },
);

describe("Graviton", () => {
  test.each([
    "a1.large",
    "t4g.small",
    "c7gn.large",
    "im4gn.large",
    "is4gen.large",
    "x2gd.large",
    "g5g.xlarge",
    "hpc7g.4xlarge",
  ])("%s is", (type) => {
    expect(isGraviton(type)).toBe(true);
  });

  test.each([
    "g4dn.xlarge",
    "g6.xlarge",
    "gr6.4xlarge",
    "c6in.large",
    "t3.small",
    "m7i-flex.xlarge",
    "mac2.metal",
  ])("%s is not", (type) => {
    expect(isGraviton(type)).toBe(false);
  });
});
