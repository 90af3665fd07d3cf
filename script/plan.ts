/**
 * npm run plan -- --stack dev [--config key=value …]
 *
 * Runs the program offline and shows what it would make: the resources as a tree, the plan, the sizes. Writes
 * the same to out/<stack>/. Exit 1 with the errors on stderr for a config that the program refuses.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { recordedMachines, recordedPlan } from "../offline/machines.ts";
import { runProgram } from "../offline/program.ts";
import { planText, resourceTree, sizesText } from "../offline/show.ts";
import { stackInput } from "../offline/stack.ts";
import { writeRun } from "../offline/write.ts";

const OPTIONS = {
  stack: { type: "string", default: "dev" },
  config: { type: "string", multiple: true, default: [] as string[] },
} as const;

async function main(): Promise<void> {
  const { stack, config } = parseArgs({ options: OPTIONS }).values;
  const input = stackInput(stack, config);
  const run = await runProgram(input);
  const folder = join("out", stack);
  writeRun(run, join(import.meta.dirname, "..", folder));
  const sections = [
    resourceTree(run.resources),
    planText(recordedPlan(run)),
    sizesText(recordedMachines(run)),
  ];
  console.log(sections.join("\n\n"));
  for (const key of input.sealed)
    console.log(`\n${key} is encrypted in the stack's file: a stand-in takes its place here`);
  console.log(
    `\nAWS's answers are made up (offline/answers.ts). Written to ${folder}/: resources.json, plan.json, <machine>/`,
  );
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
