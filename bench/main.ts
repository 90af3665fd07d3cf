/**
 * npm run bench [-- tunnels] [gateway] [dials] [apply [--machines N]] [plan [--against FOLDER]] [--rounds N] [--quick]
 * [--write-docs]: measures, and judges nothing. Needs root, but for plan.
 *
 * --rounds N     @default 5
 * --quick        two rounds: a look, no result
 * --machines N   with apply: how many change at once. @default 62
 * --against FOLDER
 *                with plan: in place of the bare engine, another checkout of the program, with its own node_modules
 * --write-docs   puts the result into docs/ too
 */
import { parseArgs } from "node:util";
import { enter } from "../lab/enter.ts";
import { insideLab } from "../lab/host/inside.ts";
import { apply } from "./apply/apply.ts";
import { dials } from "./dials/dials.ts";
import { gateway } from "./gateway/gateway.ts";
import { builds } from "./plan/builds.ts";
import { plan } from "./plan/plan.ts";
import { needGnuplot } from "./tunnels/plot.ts";
import { tunnels } from "./tunnels/tunnels.ts";

const OPTIONS = {
  rounds: { type: "string" },
  quick: { type: "boolean", default: false },
  against: { type: "string" },
  machines: { type: "string" },
  "write-docs": { type: "boolean", default: false },
} as const;

interface Options {
  rounds: number;
  writeDocs: boolean;
  machines: number;
}

type Bench = (options: Options) => Promise<void>;

/** By subcommand; without one, all of them. */
const BENCHES: Record<string, Bench> = { tunnels, gateway, dials, apply, plan };

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const rounds = Number(values.rounds ?? (values.quick ? 2 : 5));
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`--rounds ${values.rounds}: a count from 1`);
  const chosen = (positionals.length > 0 ? positionals : Object.keys(BENCHES)).map((name) => {
    const bench = BENCHES[name];
    if (!bench) throw new Error(`no bench ${name}; there are ${Object.keys(BENCHES).join(", ")}`);
    return bench;
  });
  const machines = Number(values.machines ?? 62);
  if (!Number.isInteger(machines) || machines < 2)
    throw new Error(`--machines ${values.machines}: a count from 2`);
  if (values.machines !== undefined && !chosen.includes(apply)) throw new Error("--machines goes with apply");
  // Only machines need the lab, and so root.
  if (chosen.some((bench) => bench !== plan) && !insideLab()) {
    await needGnuplot();
    return enter([process.execPath, import.meta.filename, ...process.argv.slice(2)]);
  }
  const { against, "write-docs": writeDocs } = values;
  if (against !== undefined && !chosen.includes(plan)) throw new Error("--against goes with plan");
  for (const bench of chosen) {
    if (bench === plan && against !== undefined) await builds({ rounds, writeDocs }, against);
    else await bench({ rounds, writeDocs, machines });
  }
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
