/** The command, apart from the process that it runs in: arguments in, lines and an exit code out. */

import { faultsFirst, notes } from "../aws/faults.ts";
import { readCounters } from "../legs/gateway.ts";
import type { DialingMachine } from "../machines/dialing-machine.ts";
import { type ProbeOptions, probe, type Report } from "../probe.ts";
import { readAccount } from "./account.ts";
import { type Arguments, readArguments, USAGE, Usage } from "./arguments.ts";
import { conclusion, legLine, type OnAws } from "./show.ts";

export interface Surroundings {
  /** The machine that dials. */
  machine: DialingMachine;
  out(text: string): void;
  error(text: string): void;
  signal?: AbortSignal;
  /** Comes before anything is tried, once the arguments are right. */
  prepare?(): void;
  /** For tests: how long answers are waited for. */
  times?: Pick<ProbeOptions, "answerMs" | "dialMs">;
}

/** @returns 0 when all legs are ok, 1 when one is not, 2 when nothing was tried. */
export async function cli(argv: string[], surroundings: Surroundings): Promise<number> {
  const { machine, out, error, signal, prepare, times } = surroundings;
  if (argv.includes("--help")) {
    out(USAGE);
    return 0;
  }
  try {
    const args = readArguments(argv);
    const { gateway, address, mppe, json } = args;
    const account = await readAccount(args.account);
    prepare?.();
    const report = await probe({
      ...{ machine, address, account, mppe },
      ...(gateway === undefined ? {} : { counters: () => readCounters(machine.run, gateway) }),
      ...(json ? {} : { onLeg: (result) => out(legLine(result)) }),
      ...(signal ? { signal } : {}),
      ...times,
    });
    const found = args.aws ? await onAws(args, report) : undefined;
    if (json) out(JSON.stringify({ ...report, ...found }, null, 2));
    else out(`\n${conclusion(report, found)}`);
    return report.ok ? 0 : 1;
  } catch (failure) {
    const usage = failure instanceof Usage;
    const words = (failure as Error).message;
    error(usage ? `${words}\n\n${USAGE}` : words);
    return usage ? 2 : 1;
  }
}

/** The faults in the account, first those that break the leg that failed, and what machines wait for. */
async function onAws(args: Arguments, { dialled, failed }: Report): Promise<OnAws> {
  try {
    // AWS's SDK takes a second to load, and only this needs it.
    const { fetchInventory } = await import("../aws/fetch.ts");
    const inventory = await fetchInventory({ ...args, dialled });
    const faults = faultsFirst(inventory, { from: args.from, dialled, failed });
    return { faults, notes: notes(inventory) };
  } catch (error) {
    const wrong = `it cannot be read: ${(error as Error).message}`;
    const fix = "check credentials, --region and --stack";
    return { faults: [{ id: "unreadable", resource: "the account", wrong, fix }], notes: [] };
  }
}
