/** The gateway's counters around the parts of a probe. */
import { type Counters, growth } from "./gateway.ts";

export class Watch {
  /** How much they grew during each part. */
  readonly grown: { control?: Counters; tunnel?: Counters } = {};
  /** What they say, in words. */
  readonly findings: string[] = [];
  private read: (() => Promise<Counters>) | undefined;

  /** @param read Without it nothing is watched. */
  constructor(read: (() => Promise<Counters>) | undefined) {
    this.read = read;
  }

  /** @param findings What the growth means, once `work` is done. Counters that cannot be read end no probe. */
  async during<T>(
    part: "control" | "tunnel",
    work: () => Promise<T>,
    findings: (grown: Counters) => string[],
  ): Promise<T> {
    const before = await this.counters();
    const result = await work();
    const after = await this.counters();
    const grown = before && after && growth(before, after);
    if (grown) {
      this.grown[part] = grown;
      this.findings.push(...findings(grown));
    } else if (before && after)
      this.findings.push("the counters went back: the rules were loaded anew meanwhile; probe again");
    return result;
  }

  private async counters(): Promise<Counters | undefined> {
    try {
      return await this.read?.();
    } catch (error) {
      this.findings.push((error as Error).message);
      this.read = undefined; // once is enough
      return undefined;
    }
  }
}
