/** The fleet in another's program: the very text of docs/program.md, run as it stands there, and what else such a program may do. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { deployFleet } from "../../components/deploy.ts";
import { INSTANCE } from "../../graph/types.ts";
import { PROJECT, type ProgramRun, runProgram } from "../../offline/program.ts";
import { ROOT, read } from "../shared/files.ts";
import { ACCOUNT, one } from "./run.ts";

const CONFIG = {
  "aws:region": "eu-west-1",
  [`${PROJECT}:allowedCidrs`]: '["198.51.100.0/24"]',
  [`${PROJECT}:servers`]: "3",
  [`${PROJECT}:users`]: JSON.stringify([ACCOUNT]),
  "plant:servers": "a key of the other's own",
};

const plant = (config: Record<string, string> = CONFIG): Promise<ProgramRun> =>
  runProgram({ project: "plant", stack: "site-1", config, secretKeys: [`${PROJECT}:users`] }, program);

/** The page's program, in a file that finds ours where the page has it. */
const program = async (): Promise<unknown> => {
  const text = /```ts\n(.*?)```/s.exec(read("docs/program.md"))![1]!;
  const ours = '"./pptp-fleet/components/deploy.ts"';
  expect(text).toContain(ours);
  const folder = join(ROOT, "out/own-program");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "index.ts");
  writeFileSync(file, text.replace(ours, `"${join(ROOT, "components/deploy.ts")}"`));
  return (await import(pathToFileURL(file).href)).default();
};

let run: ProgramRun;
beforeAll(async () => {
  run = await plant();
});

test("it has the fleet of its keys, and its own resource knows the addresses", () => {
  expect(Object.keys(run.outputs.servers)).toEqual(["a-1", "b-1", "a-2"]);
  expect(run.outputs.dial).toHaveLength(2);
  expect(one(run, "Parameter", "dial").inputs.value).toBe(run.outputs.dial.join(","));
});

test("the page names each output", () => {
  const page = read("docs/program.md");
  const named = /are the outputs: (.*?)\. \[/s.exec(page)![1]!.matchAll(/`(\w+)`/g);
  // `name` where the config has a dialName.
  const outputs = [...Object.keys(run.outputs), "name"];
  expect([...named].map(([, output]) => output).toSorted()).toEqual(outputs.toSorted());
});

test("the fleet bears the project's name, and nothing of it is on the other's resource", () => {
  expect(one(run, "Vpc", "plant").inputs.tags).toMatchObject({ project: "plant", stack: "site-1" });
  expect(one(run, "Parameter", "dial").inputs.tags).toBeUndefined();
});

test("its secret is not that of a stack called the same in a project called otherwise", () => {
  expect(one(run, "Secret", "plant").inputs.name).toBe("plant/site-1/accounts");
});

test("a mistake is told under the fleet's namespace", async () => {
  const { [`${PROJECT}:allowedCidrs`]: _, ...without } = CONFIG;
  await expect(plant(without)).rejects.toThrow(/pptp-fleet:allowedCidrs/);
});

describe("a program whose own keys are the fleet's", () => {
  afterEach(() => vi.restoreAllMocks());

  /** Those that the page's program has under our namespace. */
  const own = (config: Record<string, string>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(config).map(([key, value]) => [key.replace(`${PROJECT}:`, "plant:"), value]),
    );
  const { "plant:servers": _, ...KEYS } = CONFIG;
  const fleet = (config: Record<string, string>, program = () => deployFleet()): Promise<ProgramRun> =>
    runProgram({ project: "plant", stack: "site-1", config, secretKeys: ["plant:users"] }, program);

  test("is told of its mistakes by the names that they have there, with commands that set these", async () => {
    const config = { ...own(KEYS), "plant:allowedCidrs": '["0.0.0.0"]', "plant:servrs": "3" };
    const error: Error = await fleet(config).then(
      () => new Error("nothing is refused"),
      (error) => error,
    );
    expect(error.message).toMatch(/^2 mistakes/);
    expect(error.message).toContain("  plant:allowedCidrs[0]\n");
    expect(error.message).toContain("pulumi config rm plant:servrs");
    expect(error.message).not.toContain(PROJECT);
  });

  test("is warned by these names, and told how administration opens", async () => {
    const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
    const { outputs } = await fleet({
      ...own(KEYS),
      "plant:allowedCidrs": '["0.0.0.0/0"]',
      "plant:servers": "1",
    });
    const warned = warn.mock.calls.map(([text]) => text);
    expect(warned).toContainEqual("plant:allowedCidrs opens the fleet to the whole internet");
    expect(warned).toContainEqual(expect.stringMatching(/ has gateway-b and no server: set plant:servers /));
    expect([outputs.administer, ...warned].join("\n")).not.toContain(PROJECT);
  });

  test("has its own word on the fleet's tags by a transformation of the whole stack", async () => {
    const { resources } = await fleet(own(KEYS), async () => {
      pulumi.runtime.registerStackTransformation(({ props, opts }) =>
        "tagsAll" in props
          ? { props: { ...props, tags: { ...props.tags, Name: "ours", owner: "works" } }, opts }
          : undefined,
      );
      return deployFleet();
    });
    const tagged = resources.filter(({ inputs }) => inputs.tags !== undefined);
    const wanted = { project: "plant", stack: "site-1", Name: "ours", owner: "works" };
    expect(tagged.length).toBeGreaterThan(20);
    expect(tagged.map(({ inputs }) => inputs.tags)).toEqual(
      tagged.map(() => expect.objectContaining(wanted)),
    );
    const server = resources.find(({ type, name }) => type === INSTANCE && name === "plant-a-1");
    expect(server!.inputs.tags.server).toBe("a-1");
  });

  test("has no second fleet, and no other stack's run knows of the first", async () => {
    const twice = fleet(own(KEYS), async () => [await deployFleet(), await deployFleet()] as never);
    await expect(twice).rejects.toThrow(/deployFleet is called twice/);
    const together = fleet(
      own(KEYS),
      async () => (await Promise.all([deployFleet(), deployFleet()])) as never,
    );
    await expect(together).rejects.toThrow(/deployFleet is called twice/);
    expect(Object.keys((await fleet(own(KEYS))).outputs.servers)).toHaveLength(3);
  });
});
