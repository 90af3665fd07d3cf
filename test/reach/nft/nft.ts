/**
 * A reader of the nftables rules that machines have, which says what becomes of a packet. It knows what those rules use and
 * throws at anything else, so that nothing is passed over. Of a flow it sees the first packet; limits and counts by
 * source are not met. lab/namespaces/reach.test.ts holds it against the kernel.
 */
import { type Chain, readFile, type Table } from "./file.ts";
import type { Outcome, Packet, Verdict } from "./packet.ts";
import { type Scope, statement } from "./statements.ts";
import { Words } from "./words.ts";

export class Ruleset {
  private readonly tables: Table[];
  private readonly defined: Record<string, string>;

  /** @param defined What is given by `nft -D`, by name. */
  constructor(files: string[], defined: Record<string, string> = {}) {
    this.defined = { ...defined };
    this.tables = files.flatMap((file) => readFile(file, this.defined));
  }

  /** What the chains of a hook make of a packet, in their order. `stolen`: it left already, by `fwd`. */
  at(hook: "ingress" | "prerouting" | "input" | "forward", packet: Packet): Verdict | "stolen" {
    const chains = this.tables.flatMap((table) =>
      [...table.chains.values()].filter((chain) => chain.hook === hook).map((chain) => ({ table, chain })),
    );
    for (const { table, chain } of chains.sort((a, b) => a.chain.priority - b.chain.priority)) {
      // The families ip and inet see IPv4, ip6 does not.
      if (table.family === "ip6") continue;
      const outcome = this.through(table, chain, packet) ?? chain.policy;
      if (outcome === "drop" || outcome === "stolen") return outcome;
    }
    return "accept";
  }

  /** Every CIDR and address that the rules name. */
  get networks(): string[] {
    return this.rules.flatMap((rule) => rule.match(/\b\d+\.\d+\.\d+\.\d+(\/\d+)?/g) ?? []);
  }

  /** Every port that they name. */
  get ports(): number[] {
    return this.rules.flatMap((rule) =>
      [...rule.matchAll(/[sd]port (\d+|\{[^}]*\})/g)].flatMap(([, ports]) =>
        ports!.match(/\d+/g)!.map(Number),
      ),
    );
  }

  private get rules(): string[] {
    return this.tables.flatMap(({ chains }) => [...chains.values()].flatMap(({ rules }) => rules));
  }

  private through(table: Table, chain: Chain, packet: Packet): Outcome {
    chain.steps ??= chain.rules.map((rule) => {
      const words = new Words(rule, this.defined);
      const steps = [];
      while (!words.done) steps.push(statement(words, this.scope(table)));
      return steps;
    });
    for (const steps of chain.steps) {
      for (const step of steps) {
        const outcome = step(packet);
        if (outcome === false) break;
        if (outcome === "return") return undefined;
        if (outcome !== true) return outcome;
      }
    }
    return undefined;
  }

  private scope(table: Table): Scope {
    const known = <T>(of: Map<string, T>, name: string): T => {
      const found = of.get(name);
      if (found === undefined) throw new Error(`nft: ${name} is not there`);
      return found;
    };
    return {
      chain: (name) => {
        const chain = known(table.chains, name);
        return (packet) => this.through(table, chain, packet);
      },
      elements: (name) => known(table.sets, name),
    };
  }
}
