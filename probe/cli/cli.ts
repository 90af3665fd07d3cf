/** The command, apart from the process that it runs in: arguments in, lines and an exit code out. */

import { faultsFirst } from "../aws/faults.ts";
import type { Fault } from "../aws/inventory.ts";
import { readCounters } from "../legs/gateway.ts";
import type { DialingMachine } from "../machines/dialing-machine.ts";
import { type ProbeOptions, probe, type Report } from "../probe.ts";
import { readAccount } from "./account.ts";
import { type Arguments, readArguments, USAGE, Usage } from "./arguments.ts";
import { conclusion, legLine } from "./show.ts";

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
    const faults = args.aws ? await onAws(args, report) : undefined;
    if (json) out(JSON.stringify({ ...report, ...(faults ? { faults } : {}) }, null, 2));
    else out(`\n${conclusion(report, faults)}`);
    return report.ok ? 0 : 1;
  } catch (failure) {
    const usage = failure instanceof Usage;
    const words = (failure as Error).message;
    error(usage ? `${words}\n\n${USAGE}` : words);
    return usage ? 2 : 1;
  }
}

/** The faults in the account, first those that break the leg that failed. */
async function onAws(args: Arguments, { dialled, failed }: Report): Promise<Fault[]> {
  try {
    // AWS's SDK takes a second to load, and only this needs it.
    const { fetchInventory } = await import("../aws/fetch.ts");
    const inventory = await fetchInventory({ ...args, dialled });
    return faultsFirst(inventory, { from: args.from, dialled, failed });
  } catch (error) {
    const wrong = `it cannot be read: ${(error as Error).message}`;
    const fix = "check credentials, --region and --stack";
    return [{ id: "unreadable", resource: "the account", wrong, fix }];
  }
}
