/** AWS's reference, and all calls that test/ci decides, by whose they are. */
import type { Call } from "../../ci/iam/call.ts";
import { open, questions, write } from "../../ci/iam/calls/pulumi.ts";
import { type Fleets, fleets } from "../../ci/iam/fleets.ts";
import { fetchCalls, flowLogCalls, machineCalls } from "../../ci/iam/program-roles.ts";
import { Reference } from "./reference.ts";

export interface Decided {
  reference: Reference;
  all: Fleets;
  calls: Record<"provider" | "program" | "machines", Call[]>;
}

export async function decided(): Promise<Decided> {
  const reference = await Reference.installed();
  const all = await fleets();
  return {
    reference,
    all,
    calls: {
      provider: distinct(all.operations.flatMap((operation) => operation.calls)),
      program: [...Object.values(questions).flat(), ...open, ...write],
      machines: all.runs.flatMap((run) => {
        const machines = Object.entries(machineCalls(run));
        return [
          ...machines.flatMap(([machine, own]) => [...own, ...fetchCalls(run, machine)]),
          ...flowLogCalls(run),
        ];
      }),
    },
  };
}

function distinct(calls: Call[]): Call[] {
  return [...new Map(calls.map((call) => [JSON.stringify(call), call])).values()];
}
