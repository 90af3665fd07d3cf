/** That upgrade.test.ts would tell: programs and states that differ from the release's by a little. */

import { gunzipSync } from "node:zlib";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { machineOfBundle, unpackBundle } from "../../../graph/bundles.ts";
import { BUCKET_OBJECT, INSTANCE } from "../../../graph/types.ts";
import { bundleKey } from "../../../plan/bucket.ts";
import { type Bundle, packBundle } from "../../../render/bundle.ts";
import { userData } from "../../../render/user-data.ts";
import { NOTHING, type Touched } from "../cases/case.ts";
import type { Runner } from "../pulumi/engine.ts";
import { fleetInline, inline } from "../pulumi/run.ts";
import { type Properties, secret } from "../pulumi/wire.ts";
import { GATEWAYS, SERVERS } from "./changes.ts";
import { section } from "./page.ts";
import { packed, recorded } from "./record.ts";
import { type ReleasedStack, standingOf, unpacked } from "./release.ts";
import { type Example, examples } from "./stacks.ts";
import { advice, meaningless, said, type Update, updated } from "./update.ts";

const RELEASE = "0.0.9";

const stands = new Map<Example, Promise<ReleasedStack>>();

/** As if the present program had been released. */
function released(stack: Example): Promise<ReleasedStack> {
  const recording =
    stands.get(stack) ?? recorded(stack, examples[stack]).then((each) => unpacked(packed(each)));
  stands.set(stack, recording);
  return recording;
}

/** The present program, but for inputs of some resources. */
function programWith(change: (type: string, name: string, inputs: Properties) => Properties): Runner {
  return inline(async () => {
    const { default: main } = await import("../../../index.ts");
    return () => {
      pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) => ({
        props: { ...props, ...change(type, name, props) },
        opts,
      }));
      return main();
    };
  });
}

/** One byte of the bootstrap of the machines whose instance has such a name. */
const otherByte = (machines: RegExp) =>
  programWith((type, name, { userDataBase64 }) => {
    if (type !== INSTANCE || !machines.test(name)) return {};
    const document = gunzipSync(Buffer.from(userDataBase64, "base64")).toString();
    const other = document.replace("timeout=20", "timeout=30");
    expect(other).not.toBe(document);
    return { userDataBase64: userData(other).toString("base64") };
  });

/** One byte of a sysctl in the bundles of the machines of such a name. */
const otherSysctl = (machines: RegExp) => {
  const another = (content: string) => {
    const bundle = unpackBundle(content) as Bundle;
    const files = bundle.files.map((file) => ({
      ...file,
      content: file.content.replace(/^(-?net\.\S+ = )\d/m, "$17"),
    }));
    expect(files).not.toEqual(bundle.files);
    return packBundle({ ...bundle, files });
  };
  const packs = new Map<string, ReturnType<typeof packBundle>>();
  return programWith((type, name, { key, contentBase64 }) => {
    const machine = machineOfBundle(key);
    if (type !== BUCKET_OBJECT || !machines.test(name)) return {};
    if (machine !== undefined) {
      const pack = another(contentBase64);
      packs.set(machine, pack);
      return { key: bundleKey(machine, pack.version), contentBase64: pack.bytes.toString("base64") };
    }
    const { version } = packs.get(/-([ab]-1)-/.exec(name)![1]!)!;
    return { content: JSON.stringify({ version }) };
  });
};

/** A state with some resources changed, or left out where `change` says undefined. */
function withState(stack: ReleasedStack, change: (resource: any) => any): ReleasedStack {
  return { ...stack, resources: stack.resources.flatMap((each) => change(each) ?? []) };
}

interface Held {
  what: string;
  stack: Example;
  /** What of its state is another. */
  state?(resource: any): any;
  run?: Runner;
  does: Touched;
  list: Omit<Update, "change">;
}

const RULE = "pptp-fleet-out-http-0.0.0.0/0";

/** A resource of its own under another name. */
function renamed(resource: any, from: string, to: string): any {
  const [urn, name, id] = [resource.urn, resource.name, resource.id].map((text) => text.replace(from, to));
  return { ...resource, urn, name, id };
}

const held: Held[] = [
  {
    what: "one byte of the bootstrap on servers, behind nlb",
    stack: "nlb",
    run: otherByte(/-[ab]-1$/),
    does: { replaced: ["Instance a-1", "Instance b-1"] },
    list: { nlb: SERVERS, eip: NOTHING },
  },
  {
    what: "one byte of the bootstrap on servers, behind eip",
    stack: "eip",
    run: otherByte(/-[ab]-1$/),
    does: { replaced: ["Instance a-1", "Instance b-1"] },
    list: { nlb: NOTHING, eip: SERVERS },
  },
  {
    what: "one byte of the bootstrap on gateways",
    stack: "nlb",
    run: otherByte(/-gateway-[ab]$/),
    does: {
      replaced: [
        "EipAssociation gateway-a",
        "EipAssociation gateway-b",
        "Instance gateway-a",
        "Instance gateway-b",
      ],
      updated: ["Route a", "Route b", "Route balancer-a", "Route balancer-b"],
    },
    list: { nlb: GATEWAYS, eip: NOTHING },
  },
  {
    what: "one byte of a file in servers' bundles",
    stack: "eip",
    run: otherSysctl(/-[ab]-1-/),
    does: { machines: { "in place": ["a-1", "b-1"] } },
    list: {
      nlb: NOTHING,
      eip: { machines: { "in place": ["<server>"] } },
    },
  },
  {
    what: "an input that changes in place",
    stack: "nlb",
    run: programWith((type) => (type.endsWith(":Listener") ? { tcpIdleTimeoutSeconds: 400 } : {})),
    does: { updated: ["Listener"] },
    list: { nlb: { updated: ["Listener"] }, eip: NOTHING },
  },
  {
    what: "a rule that the release did not have",
    stack: "eip",
    state: (each) => (each.name === RULE ? undefined : each),
    does: { created: ["SecurityGroupEgressRule out-http-0.0.0.0/0"] },
    list: { nlb: NOTHING, eip: { created: ["SecurityGroupEgressRule out-http-<cidr>"] } },
  },
  {
    what: "a rule that only the release had",
    stack: "eip",
    state: (each) => (each.name === RULE ? [each, renamed(each, "http", "web")] : each),
    does: { deleted: ["SecurityGroupEgressRule out-web-0.0.0.0/0"] },
    list: { nlb: NOTHING, eip: { deleted: ["SecurityGroupEgressRule out-web-<cidr>"] } },
  },
  {
    what: "an account of whom the release has a digest",
    stack: "eip",
    state: (each) =>
      each.type.endsWith(":SecretVersion")
        ? { ...each, inputs: { ...each.inputs, secretString: secret("sha256:of another") } }
        : each,
    does: { replaced: ["SecretVersion"] },
    list: { nlb: NOTHING, eip: { replaced: ["SecretVersion"] } },
  },
];

describe.each(held)("$what", ({ stack, state = (each) => each, run = fleetInline, does, list }) => {
  const update = { change: "this", ...list };

  test("is seen, and no list but the one that says it is right", async () => {
    const did = await updated(withState(await released(stack), state), run);
    expect(did.touched).toEqual(does);
    expect(said([], did)).not.toEqual(does);
    expect(said([update], did)).toEqual(does);
    expect(meaningless([update], [did])).toEqual([]);
    const { machines = {}, ...lists } = list[did.door];
    const words = [...Object.values(lists), ...Object.values(machines)].flat();
    for (const word of words) expect(advice(RELEASE, [], did)).toContain(word);
    expect(advice(RELEASE, [update], did)).not.toContain("to write there");
  });
});

test("a name of a resource that AWS has no second of: the update is refused half-way", async () => {
  const another = (each: any) => (each.name === RULE ? renamed(each, "http", "web") : each);
  const { refusals } = await updated(withState(await released("eip"), another));
  expect(refusals).toEqual([expect.stringContaining("InvalidPermission.Duplicate")]);
});

test("the advice names the file that is another", async () => {
  const did = await updated(await released("eip"), otherByte(/-a-1$/));
  expect(did.files).toEqual({ "a-1": ["/usr/local/sbin/pptp-fleet-fetch"] });
  expect(advice(RELEASE, [], did)).toBe(
    `an update from ${RELEASE} does to eip what test/engine/releases/changes.ts does not say
other files on a-1: /usr/local/sbin/pptp-fleet-fetch
to write there: eip: { replaced: ["Instance <server>"] }
while ${RELEASE} has no tag, npm run record-release in place of it`,
  );
  // All servers is not one of them.
  expect(said([{ change: "this", nlb: NOTHING, eip: SERVERS }], did)).not.toEqual(did.touched);
});

describe("a list", () => {
  const nothing = async () => updated(await released("eip"));

  test("that says more than happens is wrong", async () => {
    const list = [{ change: "this", nlb: NOTHING, eip: SERVERS }];
    expect(said(list, await nothing())).toEqual({ replaced: ["Instance a-1", "Instance b-1"] });
  });

  test("whose words mean nothing is wrong, of what is made too", async () => {
    const eip = { updated: ["Listener"], created: ["MetricAlarm <server>-clients"] };
    expect(meaningless([{ change: "this", nlb: NOTHING, eip }], [await nothing()])).toEqual([
      "MetricAlarm <server>-clients",
      "Listener",
    ]);
  });

  test("is of some stacks where it says so", async () => {
    const update: Update = { change: "this", stacks: ["routed"], nlb: SERVERS, eip: SERVERS };
    const did = await nothing();
    expect(said([update], did)).toEqual({});
    expect(said([update], { ...did, stack: "routed" })).not.toEqual({});
  });
});

describe("a protected fleet", () => {
  const run = otherByte(/-[ab]-1$/);
  const servers = ["Instance a-1", "Instance b-1"];

  test("is told whole what an update would do, and nothing is done", async () => {
    const did = await updated(await released("prod"), run);
    expect(did.touched).toEqual({ replaced: servers });
    expect(did.refusals).toEqual(servers.map((each) => `${each} is to be replaced and is protected`));
    expect((await standingOf(await released("prod"), run).up()).done).toEqual([]);
  });

  test("is refused by AWS where the protection goes in the update itself", async () => {
    const { refusals, done } = await standingOf(await released("prod"), run).up({
      terminationProtection: false,
    });
    expect(refusals).toEqual([expect.stringContaining("OperationNotPermitted")]);
    expect(done.filter((each) => servers.some((server) => each.endsWith(server)))).toEqual([]);
  });

  test("is updated where the version that stands has taken the protection away before", async () => {
    const before = standingOf(await released("prod"));
    const off = { terminationProtection: false };
    expect((await before.up(off)).replaced).toEqual([]);
    const stack = standingOf({ ...(await released("prod")), resources: [...before.state.values()] }, run);
    const { replaced, refusals } = await stack.up(off);
    expect([replaced, refusals]).toEqual([servers, []]);
  });
});

describe("docs/upgrade.md", () => {
  const versions = { "@pulumi/aws": "7.0.0", "@pulumi/pulumi": "3.0.0" };

  test("has a row for each, in the words of docs/changes.md", async () => {
    const stacks = (["eip", "nlb", "routed"] as const).map(async (stack) => updated(await released(stack)));
    const list: Update[] = [
      { change: "Echoes each 20 s", nlb: SERVERS, eip: SERVERS },
      { change: "Names", stacks: ["routed"], nlb: { updated: ["Record <zone>"] }, eip: NOTHING },
    ];
    const text = section("0.0.9", list, await Promise.all(stacks), [versions, versions]);
    expect(text).toBe(`### From 0.0.9

| change | behind \`nlb\` | behind \`eip\` |
| --- | --- | --- |
| Echoes each 20 s | replaces instance a-1, b-1. **Tunnels on a-1, b-1 end**. | replaces instance a-1, b-1. **Tunnels on a-1, b-1 end**. |
| Names | updates record a, b. Tunnels live on. | – |

0.0.9 has \`@pulumi/aws\` 7.0.0 and \`@pulumi/pulumi\` 3.0.0; so has this version.`);
  });

  test("says which provider is another", () => {
    expect(section("0.0.9", [], [], [versions, { ...versions, "@pulumi/aws": "7.1.0" }])).toContain(
      "this version `@pulumi/aws` 7.1.0: what that alone makes of a resource is not seen here; a preview says it.",
    );
  });
});
