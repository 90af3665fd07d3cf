/**
 * Names and tags that hold the project's and the stack's name, made so that AWS takes them: Pulumi lets each have 100
 * characters, with dots, underscores and hyphens in any place. A name that fits is never touched.
 */
import { createHash } from "node:crypto";
import { CONTROL } from "../protocols/pptp/flows.ts";
import type { BalancedFlow } from "../protocols/protocol.ts";
import { type Form, misfit } from "../settings/aws-texts.ts";

/** What AWS's provider makes of a resource's own name where the program gives none: a hyphen and seven hex digits more. */
const APPENDED = 8;
/** Hex digits that tell shortened names apart. */
const DIGITS = 8;

/**
 * The name of a resource that the provider names after it.
 *
 * @param form What AWS takes.
 * @returns `name` itself where AWS takes it with what is appended; else what AWS takes of it, and a hash of the whole.
 */
export function autoNamed(form: Form, name: string): string {
  return fitted({ ...form, longest: form.longest - APPENDED, endsNot: [] }, name);
}

/** A name for what each balanced flow has: `base` itself for PPTP's, which was there before there were others. */
export function flowName(base: string, { name }: Pick<BalancedFlow, "name">): string {
  return name === CONTROL.name ? base : `${base}-${name}`;
}

/** A text that AWS takes: itself, or what fits of it with a hash of the whole, the same each time. */
export function fitted(form: Form, text: string): string {
  if (misfit(form, text) === undefined) return text;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, DIGITS);
  const clean = [...text].map((each) => (form.wrong.test(each) ? "-" : each)).join("");
  const start = withoutBeginnings(clean, ["-", ...(form.beginsNot ?? [])]);
  const room = form.longest - DIGITS - 1;
  return [start.slice(0, room).replace(/-+$/, ""), hash].filter((part) => part !== "").join("-");
}

function withoutBeginnings(text: string, beginnings: string[]): string {
  const found = beginnings.find((each) => text.toLowerCase().startsWith(each));
  return found === undefined ? text : withoutBeginnings(text.slice(found.length), beginnings);
}
