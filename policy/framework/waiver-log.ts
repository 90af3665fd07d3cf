/** What the policies of one run let pass, for the report at its end. */
import type { Waiver } from "./waivers.ts";

export interface Waived {
  policy: string;
  urn: string;
  problem: string;
  waiver: Waiver;
}

/** One a pack. The engine asks about all resources first, then about the stack, where `take` comes last. */
export class WaiverLog {
  private readonly waived = new Map<string, Waived>();
  private readonly byPolicy = new Map<string, { policy: string; waiver: Waiver }>();
  private readonly used = new Set<string>();

  /** A policy says which waivers its config has. */
  addConfigured(policy: string, waivers: Waiver[]): void {
    for (const waiver of waivers) this.byPolicy.set(keyOf(policy, waiver), { policy, waiver });
  }

  waive(entry: Waived): void {
    this.waived.set([entry.policy, entry.urn, entry.problem].join("\n"), entry);
    this.used.add(keyOf(entry.policy, entry.waiver));
  }

  /** A waiver that is over matched: it waives nothing, and the violation itself says so. */
  addExpired(policy: string, waiver: Waiver): void {
    this.used.add(keyOf(policy, waiver));
  }

  /** All since the last time. */
  take(): { waived: Waived[]; idle: { policy: string; waiver: Waiver }[] } {
    const idle = [...this.byPolicy].filter(([key]) => !this.used.has(key)).map(([, each]) => each);
    const waived = [...this.waived.values()];
    for (const each of [this.waived, this.byPolicy, this.used]) each.clear();
    return { waived, idle };
  }
}

function keyOf(policy: string, { resource, until, reason }: Waiver): string {
  return [policy, resource, until, reason].join("\n");
}
