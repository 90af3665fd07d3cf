/** The report that shows each waiver. */
import type { StackValidationPolicy } from "@pulumi/policy";
import type { WaiverLog } from "./waiver-log.ts";

/** Tells what was waived, and which waivers nothing needs. It comes last, and stops nothing. */
export function reportOf(log: WaiverLog): StackValidationPolicy {
  return {
    name: "waivers",
    description: "Shows each waiver in use, with its reason and its last day, and each that waives nothing.",
    enforcementLevel: "advisory",
    severity: "low",
    validateStack: (_, reportViolation) => {
      const { waived, idle } = log.take();
      for (const { policy, urn, problem, waiver } of waived)
        reportViolation(
          `${policy} is waived until ${waiver.until}: ${problem}. The reason given: ${waiver.reason}`,
          urn,
        );
      for (const { policy, waiver } of idle)
        reportViolation(
          `${policy} has a waiver until ${waiver.until} for ${waiver.resource} that waives nothing: take it out of the policy config`,
        );
    },
  };
}
