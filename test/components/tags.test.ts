/** What of a fleet has tags, and which. */
import type * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { named, tagsOfFleet, tagsOfMachine } from "../../components/tags.ts";
import type { RecordedResource } from "../../offline/program.ts";
import { one, run } from "../program/run.ts";
import { read } from "../shared/files.ts";

const NAME = { dialName: "pptp.example.org", hostedZoneId: "Z0123456789ABCDEFGHIJ" };
const TAGS = expect.objectContaining({
  Name: expect.stringMatching(/^pptp-fleet-dev-./),
  project: "pptp-fleet",
  stack: "dev",
});

/** Of both front doors: each resource of AWS. */
let resources: RecordedResource[];
beforeAll(async () => {
  const fleets = await Promise.all([run(NAME), run({ ...NAME, frontDoor: "eip" })]);
  resources = fleets.flatMap((fleet) => fleet.resources).filter(({ type }) => type.startsWith("aws:"));
});

/** Whether AWS's provider takes tags for a type: by the arguments that its SDK declares. */
function takesTags(type: string): boolean {
  const [, module, name] = type.split(":") as [string, string, string];
  const declared = read(`node_modules/@pulumi/aws/${module}.d.ts`);
  const start = declared.indexOf(`export interface ${name}Args {`);
  if (start < 0) throw new Error(`${type} has no arguments in the SDK`);
  return /^ {4}tags\?:/m.test(declared.slice(start, declared.indexOf("\n}", start)));
}

describe("tags", () => {
  test("are on every resource whose type has any, and on no other", () => {
    const types = Map.groupBy(resources, ({ type }) => type);
    const shown = [...types].map(([type, some]) => [type, some.map(({ inputs }) => inputs.tags)]);
    const expected = [...types].map(([type, some]) => [
      type,
      some.map(() => (takesTags(type) ? TAGS : undefined)),
    ]);
    expect(shown).toEqual(expected);
    expect([...types.keys()].filter(takesTags).length).toBeGreaterThan(20);
  });

  test("say of which machine an instance, its volume, its interface and its address are", async () => {
    const servers = await run({ frontDoor: "eip", servers: 3 });
    const own = { Name: "pptp-fleet-dev-b-1", project: "pptp-fleet", stack: "dev", server: "b-1" };
    for (const type of ["Instance", "NetworkInterface", "Eip"])
      expect(one(servers, type, "pptp-fleet-b-1").inputs.tags).toEqual(own);
    expect(one(servers, "Instance", "pptp-fleet-b-1").inputs.rootBlockDevice.tags).toEqual(own);
    const gateway = { ...own, Name: "pptp-fleet-dev-gateway-b", gateway: "gateway-b", server: undefined };
    const gateways = await run();
    expect(one(gateways, "Instance", "pptp-fleet-gateway-b").inputs.tags).toEqual(gateway);
    expect(one(gateways, "Eip", "pptp-fleet-b-1").inputs.tags).toEqual(gateway);
  });
});

describe("a resource called own", () => {
  const [fleet] = tagsOfFleet({ project: "p", stack: "s" }).transformations!;
  const [server] = tagsOfMachine({ server: "a-1" }).transformations!;
  /** Its properties, after the transformations from the nearest on. */
  const transformed = (props: object, transformations: pulumi.ResourceTransformation[]) =>
    transformations.reduce((before: pulumi.Inputs, transformation) => {
      const args = { resource: {} as pulumi.Resource, type: "aws:ec2/vpc:Vpc", name: "own", opts: {} };
      return transformation({ ...args, props: before })?.props ?? before;
    }, props);
  const unset = { tags: undefined, tagsAll: undefined };

  test.each([
    ["with a short name", named("vpc"), [fleet!], { Name: "p-s-vpc" }],
    ["without one", undefined, [fleet!], { Name: "p-s-own" }],
    ["of a machine", undefined, [server!, fleet!], { Name: "p-s-a-1", server: "a-1" }],
    ["of a machine, with a short name", named("nic"), [server!, fleet!], { Name: "p-s-nic", server: "a-1" }],
    ["that names its machine", named("x", { gateway: "x" }), [fleet!], { Name: "p-s-x", gateway: "x" }],
  ])("%s", (_, tags, transformations, expected) => {
    const props = transformed({ ...unset, tags, cidrBlock: "10.0.0.0/16" }, transformations);
    expect(props).toEqual({
      cidrBlock: "10.0.0.0/16",
      tags: { project: "p", stack: "s", ...expected },
    });
  });

  test("whose type has no tags stays as it is", () => {
    const props = { routeTableId: "rtb-1" };
    expect(transformed(props, [server!, fleet!])).toBe(props);
  });
});
