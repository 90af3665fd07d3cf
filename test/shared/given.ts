/** Settings, and what AWS says, to start a test from: all defaults, one zone's worth of what is required. */
import type { AwsFacts } from "../../plan/place/aws-facts.ts";
import { readSettings } from "../../settings/read.ts";
import type { Settings } from "../../settings/schema.ts";

export function givenSettings(changes: Partial<Settings> = {}): Settings {
  const read = readSettings({ allowedCidrs: '["198.51.100.0/24"]' }, new Set());
  if ("mistakes" in read) throw new Error("the defaults are refused");
  return { ...read.settings, ...changes };
}

/** Zones by letter in eu-west-1, with the subnets that the plan gives them in 10.42.0.0/16. */
export function givenFacts(letters = "ab"): AwsFacts {
  const third = (letter: string) => (letter.charCodeAt(0) - 97) * 32;
  return {
    account: "111122223333",
    region: "eu-west-1",
    architecture: "x86_64",
    vcpus: 2,
    amiId: "ami-0123456789abcdef0",
    vpcCidr: "10.42.0.0/16",
    zones: [...letters].map((letter) => ({
      name: `eu-west-1${letter}`,
      subnetCidr: `10.42.${third(letter)}.0/20`,
    })),
  };
}
