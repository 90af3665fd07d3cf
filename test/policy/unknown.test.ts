/** What a preview does not know: it ends no policy, hides no violation, and is told where it cannot be judged. */

import { isDeepStrictEqual } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import {
  INGRESS_RULE,
  kindOf,
  LISTENER,
  ROLE_POLICY,
  SECRET_VERSION,
  SECURITY_GROUP,
} from "../../graph/types.ts";
import { type RecordedResource, runProgram } from "../../offline/program.ts";
import { stackInput } from "../../offline/stack.ts";
import { rules } from "../../policy/policies.ts";
import { analyze, enough, stops, type Violation } from "./analysis.ts";
import { firewallCases } from "./cases/firewall.ts";
import { frontDoorCases } from "./cases/front-door.ts";
import { Resources } from "./changed-resources.ts";
import { coarser, previewed, UNKNOWN } from "./preview.ts";
import { STOPPED, STOPPED_BY_MEMBERS, TOLD, TOLD_OF_MEMBERS, TOLD_OF_TAGS } from "./unknown-properties.ts";

let dev: RecordedResource[];
let prod: RecordedResource[];
beforeAll(async () => {
  [dev, prod] = [
    (await runProgram(stackInput("dev", []))).resources,
    (await runProgram(stackInput("prod", []))).resources,
  ];
});

/** With a property unknown wherever resources of a type have it, in what the program says and in what AWS answers. */
function without(resources: RecordedResource[], type: string, property: string): RecordedResource[] {
  const hide = (props: Record<string, any>) =>
    props[property] === undefined ? props : { ...props, [property]: UNKNOWN };
  return resources.map((each) =>
    each.type === type
      ? { ...each, inputs: hide(each.inputs), state: hide(each.state), outputs: hide(each.outputs) }
      : each,
  );
}

const NOT_KNOWN = /can't be known during preview$/;
const where = ({ policy, resource }: Violation) => `${policy}: ${resource}`;
const once = (words: string[]) => [...new Set(words)].sort();

describe("of each type", () => {
  const types = () => [...new Set(dev.map(({ type }) => type))];

  test("any one property may be unknown: whoever reads it tells so, and nobody else", async () => {
    const told: Record<string, string[]> = {};
    const stopped: Record<string, string[]> = {};
    for (const type of types()) {
      const own = dev.filter((each) => each.type === type);
      const properties = new Set(own.flatMap(({ state, outputs }) => Object.keys({ ...state, ...outputs })));
      for (const property of properties) {
        const found = await analyze(without(dev, type, property), (each) => each.type === type);
        const [stops, others] = [found.filter((each) => each.stops), found.filter((each) => !each.stops)];
        expect(
          others.filter(({ message }) => !NOT_KNOWN.test(message)),
          `${type} ${property}`,
        ).toEqual([]);
        const key = `${kindOf(type)}.${property}`;
        const having = own.filter(({ inputs }) => inputs[property] !== undefined).map(({ name }) => name);
        if (others.length > 0) told[key] = policies(others, having);
        if (stops.length > 0) stopped[key] = once(stops.map(where));
      }
    }
    const tagged = types().filter((type) => dev.some((each) => each.type === type && each.inputs.tags));
    expect(tagged.length).toBeGreaterThan(15);
    const ofTags = Object.fromEntries(tagged.map((type) => [`${kindOf(type)}.tags`, TOLD_OF_TAGS]));
    expect(told).toEqual({ ...TOLD, ...ofTags });
    expect(stopped).toEqual(STOPPED);
  });

  test("all members of all lists and objects may be: whoever reads one tells so, and nobody else", async () => {
    const inside = (value: any): any =>
      Array.isArray(value)
        ? value.map(() => UNKNOWN)
        : Object.fromEntries(Object.keys(value).map((key) => [key, UNKNOWN]));
    const all = (props: Record<string, any>) =>
      Object.fromEntries(
        Object.entries(props).map(([key, value]) => [key, typeof value === "object" ? inside(value) : value]),
      );
    const hidden = dev.map((each) => ({
      ...each,
      inputs: all(each.inputs),
      state: all(each.state),
      outputs: all(each.outputs),
    }));
    const found = await analyze(hidden);
    const told = found.filter(({ message }) => NOT_KNOWN.test(message));
    const tagged = dev
      .filter(({ inputs }) => inputs.tags)
      .flatMap(({ name }) => ["required-tags", "restricted-texts"].map((policy) => `${policy}: ${name}`));
    expect(told.filter((each) => each.stops)).toEqual([]);
    expect(told.map(where).sort()).toEqual([...TOLD_OF_MEMBERS, ...tagged].sort());
    expect(once(found.filter((each) => !told.includes(each)).map(where))).toEqual(STOPPED_BY_MEMBERS);
  });
});

/** Those that tell it of each of `having`, or of the stack; of others, by their names. */
function policies(found: Violation[], having: string[]): string[] {
  return [...Map.groupBy(found, ({ policy }) => policy)].flatMap(([policy, of]) => {
    const names = of.map(({ resource }) => resource);
    const [each, stack] = [names.filter((name) => name !== ""), names.includes("")];
    const told = isDeepStrictEqual(each, having) ? policy : `${policy} at ${each.join(", ")}`;
    return [...(each.length > 0 ? [told] : []), ...(stack ? [`${policy} of the stack`] : [])];
  });
}

/** What a preview says that it could not judge, as `policy: resource`. */
async function untold(resources: RecordedResource[]): Promise<string[]> {
  const found = (await analyze(resources)).filter(({ message }) => NOT_KNOWN.test(message));
  expect(found.filter((each) => each.stops)).toEqual([]);
  return [...new Set(found.map(where))];
}

describe("is told, and stops nothing:", () => {
  test.each([
    ["what accounts there are", SECRET_VERSION, "secretString", /^accounts-/],
    ["how long a listener remembers", LISTENER, "tcpIdleTimeoutSeconds", /^timers-in-order: /],
    ["to whom a rule opens", INGRESS_RULE, "cidrIpv4", /^no-open-world: pptp-fleet-in-control/],
    ["which port a rule opens", INGRESS_RULE, "toPort", /^gre-beside-control: /],
    ["what a role may do", ROLE_POLICY, "policy", /^least-privilege: pptp-fleet-gateway-a$/],
  ])("%s", async (_, type, property, told) => {
    expect((await untold(without(prod, type, property))).join("\n")).toMatch(new RegExp(told.source, "m"));
  });

  test("a list inside a group of which nothing is known", async () => {
    const resources = new Resources(prod);
    resources.change("SecurityGroup", "pptp-fleet", (inputs) => {
      inputs.ingress = [];
    });
    const found = await untold(without(resources.list, SECURITY_GROUP, "ingress"));
    expect(found).toContain("no-open-world: pptp-fleet");
    expect(found).toContain("gre-beside-control: ");
  });

  test("a machine in a subnet that comes from elsewhere", async () => {
    const resources = new Resources(prod);
    resources.change("NetworkInterface", "pptp-fleet-a-1", (inputs) => {
      inputs.subnetId = UNKNOWN;
    });
    for (const nic of resources.find("NetworkInterface", "pptp-fleet-a-1"))
      nic.propertyDependencies.subnetId = [];
    expect(await untold(resources.list)).toContain("flow-logs: ");
  });
});

/** Between resources, where a provider calls a whole list unknown in which anything is. */
const relating = [...firewallCases, ...frontDoorCases].filter(
  ({ policy, config, inUpdatesOnly }) =>
    config === undefined &&
    !inUpdatesOnly &&
    rules.some((rule) => rule.name === policy && "stackViolations" in rule),
);

test.each(relating.map((each) => [`${each.policy}: ${each.what}`, each] as const))(
  "stops where lists are unknown as a whole: %s",
  async (_, { policy, at, breaks }) => {
    const resources = new Resources(prod);
    breaks(resources);
    const found = await stops(coarser(previewed(resources.list)), enough(resources.touched));
    expect(found.filter((stop) => stop.startsWith(policy))).toEqual(
      at.map((each) => `${policy}: ${each}`).sort(),
    );
  },
);
