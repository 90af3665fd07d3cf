/** Names of resources where AWS or its provider has a say in them. */
import { fitted } from "../plan/hashed-names.ts";
import { CONTROL } from "../protocols/pptp/flows.ts";
import type { BalancedFlow } from "../protocols/protocol.ts";
import type { Form } from "../settings/aws-texts.ts";

/** What AWS's provider makes of a resource's own name where the program gives none: a hyphen and seven hex digits more. */
const APPENDED = 8;

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
