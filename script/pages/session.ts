/** README.md's example session: what `npm run plan` prints of the plan of a stack. */
import { recordedPlan } from "../../offline/machines.ts";
import { runProgram } from "../../offline/program.ts";
import { planText } from "../../offline/show.ts";
import { stackInput } from "../../offline/stack.ts";
import { withMarked } from "./marked.ts";

const OVERRIDES = ["servers=3", "pathMtu=1492"];

export async function withSession(readme: string): Promise<string> {
  const options = OVERRIDES.map((override) => `--config ${override}`).join(" ");
  const run = await runProgram(stackInput("prod", OVERRIDES));
  const lines = planText(recordedPlan(run)).replace(/^(?=.)/gm, "    ");
  const session = `    $ npm run plan -- --stack prod ${options}
    … first each resource, as a tree …
${lines}
    … then what each machine's user data and bundle take, and warnings …`;
  return withMarked(readme, "session", session);
}
