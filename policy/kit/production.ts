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
  default: "(^|[^a-z])prod(uction)?([^a-z]|$)",
};

export function isProduction(urn: string, { production }: ProductionSettings): boolean {
  return new RegExp(production).test(stackName(urn).toLowerCase());
}
