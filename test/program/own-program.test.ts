/** The fleet in another's program: the very text of docs/program.md, run as it stands there. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { PROJECT, type ProgramRun, runProgram } from "../../offline/program.ts";
import { ROOT } from "../shared/files.ts";
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
  const text = /```ts\n(.*?)```/s.exec(readFileSync(join(ROOT, "docs/program.md"), "utf8"))![1]!;
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
