/** A rule between keys. */
import type { Refusal } from "../keys/refusal.ts";
import type { Key, Settings } from "../schema.ts";

/** Judged where none of its keys has a mistake of its own. */
export interface CrossRule {
  keys: Key[];
  /** The key, or the group's member, to name and why; undefined where the rule is kept. */
  judge(
    settings: Settings,
  ): (Required<Pick<Refusal, "allowed" | "fix">> & { key: Key; member?: string }) | undefined;
}
