/**
 * npm run plan -- --stack dev [--config key=value …]
 *
 * Runs the program offline and shows what it would make: the resources as a tree, the plan, the sizes; with --config
 * also which servers that keeps, ends and makes, and how it reaches the machines that it keeps. Writes the same to out/<stack>/. Exit 1 with the errors on stderr for a config that the program refuses.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { assumptions } from "../offline/answers.ts";
import { recordedMachines, recordedPlan } from "../offline/machines.ts";
import { type ProgramRun, runProgram } from "../offline/program.ts";
import { machinesText, planText, resourceTree, serversText, sizesText } from "../offline/show.ts";
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
  if (config.length > 0) await compare(stack, run);
  for (const assumption of assumptions(run.questions)) console.log(`\n${assumption}`);
  for (const key of input.sealed)
    console.log(`\n${key} is encrypted in the stack's file: a stand-in takes its place here`);
  console.log(
    `\nAWS's answers are made up (offline/answers.ts). Written to ${folder}/: resources.json, plan.json, <machine>/`,
  );
}

/** What the overrides do to the machines of the stack's file, where that is a whole config by itself. */
async function compare(stack: string, after: ProgramRun): Promise<void> {
  // Its warnings would be told twice.
  console.warn = () => {};
  try {
    const before = await runProgram(stackInput(stack, []));
    const texts = [
      serversText(recordedPlan(before), recordedPlan(after)),
      machinesText(recordedMachines(before), recordedMachines(after)),
    ];
    for (const text of texts) if (text !== undefined) console.log(`\n${text}`);
  } catch (error) {
    console.log(`\nThe stack's file alone is refused, so nothing is compared: ${(error as Error).message}`);
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
