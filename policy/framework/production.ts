/** Which stacks are production, by their names. */
import type { Setting } from "./rule.ts";
import { stackName } from "./stack.ts";

export interface ProductionSettings {
  production: string;
}

/** A setting of the policies that hold there. */
export const PRODUCTION: Setting = {
  type: "string",
  format: "regex",
  description: "Regular expression, in lower case, of the names of production stacks.",
  // Not `product`; but also `preprod` and `euprod`, as too strict is the safer mistake.
  default: "prod(uction)?([^a-z]|$)",
};

/** Words that say that a stack is none. RE2, by which Pulumi checks the setting, has no way to say it there. */
const DENIALS = /no[nt]?[^a-z]?prod(uction)?/g;

export function isProduction(urn: string, { production }: ProductionSettings): boolean {
  return new RegExp(production).test(stackName(urn).toLowerCase().replace(DENIALS, ""));
}
