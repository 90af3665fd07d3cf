/**
 * Names that hold the project's and the stack's name, made so that AWS takes them: Pulumi lets each have 100 characters,
 * with dots, underscores and hyphens in any place. A name that fits is never touched.
 */
import { createHash } from "node:crypto";
import { type Form, misfit } from "../settings/aws-texts.ts";

/** Hex digits that tell shortened names apart. */
export const DIGITS = 8;

/** A text that AWS takes: itself, or what fits of it with a hash of the whole, the same each time. */
export function fitted(form: Form, text: string): string {
  return misfit(form, text) === undefined ? text : hashed(form, text, text);
}

/** What AWS takes of a text, and a hash of `whole`. */
export function hashed(form: Form, text: string, whole: string): string {
  const hash = createHash("sha256").update(whole).digest("hex").slice(0, DIGITS);
  const clean = [...text].map((each) => (form.wrong.test(each) ? "-" : each)).join("");
  const start = withoutBeginnings(clean, ["-", ...(form.beginsNot ?? [])]);
  const room = form.longest - DIGITS - 1;
  return [start.slice(0, room).replace(/-+$/, ""), hash].filter((part) => part !== "").join("-");
}

function withoutBeginnings(text: string, beginnings: string[]): string {
  const found = beginnings.find((each) => text.toLowerCase().startsWith(each));
  return found === undefined ? text : withoutBeginnings(text.slice(found.length), beginnings);
}
