import { describe, expect, test } from "vitest";
import { onDemandOf } from "../../../plan/quotas/on-demand.ts";
import { type Needs, quotaKeys, quotas, quotaWarnings } from "../../../plan/quotas/quotas.ts";

/** A stack that wants nothing but these. */
function needs(some: Partial<Needs>): Needs {
  return { ...(Object.fromEntries(quotaKeys.map((key) => [key, { count: 0 }])) as Needs), ...some };
}
const warnings = (some: Partial<Needs>) => quotaWarnings(needs(some), "eu-west-1");

describe("each quota", () => {
  test.each(quotaKeys)(
    "%s has its name, AWS's code or the reason why there is none, and AWS's page",
    (key) => {
      const { name, service, code, default: value, most, page } = quotas[key];
      expect(name).toMatch(/^[A-Z]/);
      expect(service).toMatch(/^[a-z0-9-]+$/);
      expect(page).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
      expect(value).toBeGreaterThanOrEqual(0);
      if (code !== undefined) expect(code).toMatch(/^L-[0-9A-F]{8}$/);
      else expect(most).toBe(value);
    },
  );

  test("has a code of its own", () => {
    const codes = quotaKeys.flatMap((key) => quotas[key].code ?? []);
    expect(new Set(codes).size).toBe(codes.length);
  });
});

describe("a stack", () => {
  const raised = quotaKeys.filter((key) => quotas[key].code !== undefined);

  test.each(raised)("is warned of %s beyond the default, and not at it", (key) => {
    const { default: value, name } = quotas[key];
    expect(warnings({ [key]: { count: value } })).toEqual([]);
    const [warning, ...more] = warnings({ [key]: { count: value + 1 } });
    expect(more).toEqual([]);
    expect(warning).toContain(`this stack needs ${value + 1} `);
    expect(warning).toContain(`AWS's default is ${value} `);
    expect(warning).toContain(`quota “${name}”`);
    expect(warning).toContain("what else the account has counts too");
  });

  test("is told what asks for more, where, and as many as it needs", () => {
    expect(warnings({ elasticIps: { count: 100 } })[0]).toContain(
      "aws service-quotas request-service-quota-increase --region eu-west-1 --service-code ec2 --quota-code L-0263D0A3 --desired-value 100 ",
    );
    expect(warnings({ healthChecks: { count: 300 } })[0]).toContain(
      "request-service-quota-increase --region us-east-1 --service-code route53 --quota-code L-ACB674F3 --desired-value 300 ",
    );
  });

  test("is told which group or table it is", () => {
    const of = "pptp-fleet-gateway, inbound";
    expect(warnings({ rulesPerGroup: { count: 61, of } })[0]).toMatch(
      /^this stack needs 61 rules in pptp-fleet-gateway, inbound; /,
    );
  });

  test("is warned of none that AWS does not give more of: those are refused", () => {
    expect(warnings({ recordsPerName: { count: 101 } })).toEqual([]);
  });

  test("has a warning for each", () => {
    expect(warnings({ standard: { count: 8 }, elasticIps: { count: 6 }, vpcs: { count: 1 } })).toHaveLength(
      2,
    );
  });
});

describe("an instance type counts", () => {
  test.each([
    ["c6in.large", "standard"],
    ["t3.small", "standard"],
    ["im4gn.large", "standard"],
    ["hpc7g.4xlarge", undefined],
    ["x2iedn.xlarge", "x"],
    ["g6e.xlarge", "g"],
    ["gr6.4xlarge", "g"],
    ["vt1.3xlarge", "g"],
    ["inf2.xlarge", "inf"],
    ["p5.48xlarge", "p"],
    ["f2.6xlarge", "f"],
    ["u-6tb1.56xlarge", "highMemory"],
    ["u7i-12tb.224xlarge", "highMemory"],
  ])("%s as %s", (type, of) => {
    expect(onDemandOf(type)).toBe(of);
  });
});
