/** The probe's result as a person reads it. */
import type { Fault, Note } from "../aws/inventory.ts";
import { growthText } from "../legs/gateway.ts";
import { LEGS, type LegResult } from "../legs/legs.ts";
import type { Report } from "../probe.ts";

const WIDTH = Math.max(...Object.values(LEGS).map((title) => title.length));

/** `ok       TCP 1723            0.03 s  …`. */
export function legLine({ leg, state, seconds, detail }: LegResult): string {
  const time = seconds === undefined ? "" : `${seconds.toFixed(2)} s`;
  return `${state.padEnd(8)} ${LEGS[leg].padEnd(WIDTH)}  ${time.padStart(8)}  ${detail}`;
}

/** What was found in the account. */
export interface OnAws {
  faults: Fault[];
  notes: Note[];
}

/** What comes after the lines of the legs. `found` is undefined where nobody looked. */
export function conclusion({ ok, failed, causes, findings, grown }: Report, found?: OnAws): string {
  const verdict = ok
    ? ["All legs are ok."]
    : [failed === undefined ? "Not all legs were tried." : `It fails at ${LEGS[failed]}.`];
  const counters = [
    ...(grown.control ? [`up to the call: ${growthText(grown.control)}`] : []),
    ...(grown.tunnel ? [`after it: ${growthText(grown.tunnel)}`] : []),
    ...findings,
  ];
  return [
    ...verdict,
    ...section("The gateway counted", counters),
    ...(found === undefined ? [] : onAws(found)),
    ...section(
      "What usually causes this, the likeliest first",
      causes.map(({ cause, fix }, i) => `${i + 1}. ${cause}\n     → ${fix}`),
    ),
  ].join("\n");
}

function onAws({ faults, notes }: OnAws): string[] {
  const waiting = section(
    "Machines wait, and tunnels do not",
    notes.map(({ resource, says }) => `${resource}: ${says}`),
  );
  if (faults.length === 0)
    return ["", "On AWS everything is as the fleet needs it, as far as this probe looks.", ...waiting];
  return [
    ...section(
      "At fault on AWS",
      faults.map(
        ({ resource, wrong, fix, leg }) =>
          `${resource}: ${wrong}${leg === undefined ? "" : ` (breaks ${LEGS[leg]})`}\n     → ${fix}`,
      ),
    ),
    ...waiting,
  ];
}

function section(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : ["", `${title}:`, ...lines.map((line) => `  ${line}`)];
}
