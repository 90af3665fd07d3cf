/** For the tests of keys with members: a config, read. */
import { expect } from "vitest";
import type { Mistake } from "../../../settings/mistakes.ts";
import { readSettings } from "../../../settings/read.ts";
import type { Settings } from "../../../settings/schema.ts";

/** Config by key, values as a person writes them. */
export type Groups = Partial<Record<keyof Settings, unknown>>;

/** A config handed over as the CLI does: texts as they are, the rest as JSON. */
export function rawOf(config: Groups): Record<string, string> {
  const given: Groups = { allowedCidrs: ["198.51.100.0/24"], ...config };
  const raw = Object.entries(given).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries(raw);
}

export function result(config: Groups) {
  return readSettings(rawOf(config), new Set());
}

export function read(config: Groups): Settings {
  const found = result(config);
  if ("mistakes" in found) throw new Error(JSON.stringify(found.mistakes));
  return found.settings;
}

/** The only mistake as `key | value | allowed | fix`. */
export function only(config: Groups): string {
  const found = result(config);
  const mistakes: Mistake[] = "mistakes" in found ? found.mistakes : [];
  expect(mistakes).toHaveLength(1);
  const { key, value, allowed, fix } = mistakes[0]!;
  return [key, value, allowed, fix].join(" | ");
}

/** An existing VPC. */
export const EXISTING = {
  frontDoor: "eip",
  vpcId: "vpc-0123456789abcdef0",
  subnetIds: ["subnet-0123456789abcdef0"],
};
