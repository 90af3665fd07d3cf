/** Waivers: a violation that somebody answers for until a day. */
import type { Setting } from "./rule.ts";

export interface Waiver {
  /** Name or URN of the resource. */
  resource: string;
  reason: string;
  /** Last day that it holds, in UTC: `2027-01-31`. */
  until: string;
}

/** For each policy's config, beside its own settings. */
export const WAIVERS: Setting = {
  type: "array",
  description: "Violations that are let pass until a day, each with the reason; the report shows them.",
  default: [],
  items: {
    type: "object",
    properties: {
      resource: { type: "string", minLength: 1, description: "Name or URN of the resource." },
      reason: { type: "string", minLength: 10, description: "Why it has to be, and who says so." },
      until: {
        type: "string",
        pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        description: "Last day (UTC) that it holds.",
      },
    },
    required: ["resource", "reason", "until"],
    additionalProperties: false,
  },
};

const DAY = 86_400_000;

/** Whether a waiver is whole and not over: one without reason or with no day at all waives nothing. */
export function holds({ reason, until }: Waiver, today: Date): boolean {
  return typeof reason === "string" && reason !== "" && today.getTime() < Date.parse(until) + DAY;
}
