/** Names and tags where Pulumi lets project and stack be called things that AWS does not take. */
import { describe, expect, test } from "vitest";
import { autoNamed } from "../../components/aws-names.ts";
import { type ProgramRun, runProgram } from "../../offline/program.ts";
import { stackInput } from "../../offline/stack.ts";
import { fitted } from "../../plan/hashed-names.ts";
import { forms, misfit } from "../../settings/aws-texts.ts";
import { all, ofProject } from "../program/run.ts";

const LONG = `Long.Project_name-${"x".repeat(82)}`;
const NAMED = ["dialName=pptp.example.com", "hostedZoneId=Z0123456789ABCDEFGHIJ"];

const fleetOf = (project: string, stack = "prod") =>
  runProgram({ ...ofProject(stackInput("prod", NAMED), project), stack });
const names = (fleet: ProgramRun, type: string) => all(fleet, type).map(({ name }) => name);
/** As the provider ends a name of its own making. */
const SUFFIX = "-0123abc";

describe("a name that the provider completes", () => {
  const { balancerName, targetGroupName, groupName, roleName } = forms;

  test("stays as it is where AWS takes it, up to the last character", () => {
    for (const [form, longest] of [
      [balancerName, 24],
      [targetGroupName, 24],
      [roleName, 56],
      [groupName, 247],
    ] as const) {
      const fits = "a".repeat(longest);
      expect(autoNamed(form, fits)).toBe(fits);
      expect(autoNamed(form, `${fits}a`)).not.toBe(`${fits}a`);
      expect(misfit(form, autoNamed(form, `${fits}a`) + SUFFIX)).toBeUndefined();
    }
    expect(autoNamed(balancerName, "fleet-")).toBe("fleet-");
  });

  test.each(["my_fleet", "my.fleet", "-fleet", "internal-fleet", "internal-Internal-x", "-.-_", LONG])(
    "is what AWS takes of %s",
    (name) => {
      for (const form of [balancerName, targetGroupName, groupName, roleName])
        expect(misfit(form, autoNamed(form, name) + SUFFIX)).toBeUndefined();
    },
  );

  test("does not begin as only AWS's own groups do", () => {
    expect(autoNamed(groupName, "SG-fleet")).toMatch(/^fleet-[0-9a-f]{8}$/);
    expect(autoNamed(groupName, "sg_fleet")).toBe("sg_fleet");
  });

  test("tells apart those that begin alike, and is the same each time", () => {
    const made = ["a.b", "a_b", "a.b-", `${LONG}1`, `${LONG}2`].map((name) => autoNamed(balancerName, name));
    expect(new Set(made).size).toBe(made.length);
    expect(autoNamed(balancerName, "a.b")).toBe("a-b-2e7336dc");
  });
});

test("a tag's value has 256 characters at most", () => {
  expect(fitted(forms.tagValue, "x".repeat(256))).toBe("x".repeat(256));
  expect(fitted(forms.tagValue, "x".repeat(257))).toMatch(/^x{247}-[0-9a-f]{8}$/);
});

describe("a project and a stack of 100 characters", () => {
  test("have roles, a balancer, groups and tags that AWS takes", async () => {
    const fleet = await fleetOf(LONG, "S".repeat(100));
    const named = [
      ["LoadBalancer", forms.balancerName],
      ["TargetGroup", forms.targetGroupName],
      ["Role", forms.roleName],
      ["SecurityGroup", forms.groupName],
      ["MetricAlarm", forms.alarmName],
      ["InstanceProfile", forms.instanceProfileName],
      ["RolePolicy", forms.rolePolicyName],
    ] as const;
    for (const [type, form] of named)
      for (const name of names(fleet, type))
        expect([type, name, misfit(form, name + SUFFIX)]).toEqual([type, name, undefined]);
    for (const { inputs } of fleet.resources)
      for (const value of Object.values<string>(inputs.tags ?? {}))
        expect(misfit(forms.tagValue, value)).toBeUndefined();
  });

  test("keep each tag Name apart", async () => {
    const fleet = await fleetOf(LONG, "S".repeat(100));
    const tags = [...all(fleet, "MetricAlarm"), ...all(fleet, "Instance")].map(
      ({ inputs }) => inputs.tags.Name,
    );
    expect(new Set(tags).size).toBe(tags.length);
  });
});

test("only what AWS would refuse has another name", async () => {
  const [plain, dotted] = [await fleetOf("pptp-fleet"), await fleetOf("pptp.fleet")];
  const differ = dotted.resources.filter(
    ({ type, name }) =>
      !plain.resources.some(
        (each) => each.type === type && each.name === name.replaceAll(".fleet", "-fleet"),
      ),
  );
  expect(differ.map(({ type }) => type.split(":").at(-1)).sort()).toEqual(["LoadBalancer", "TargetGroup"]);
});
