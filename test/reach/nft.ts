/**
 * A reader of the nftables rules that machines have, which says what becomes of a packet. It knows what those rules use and
 * throws at anything else, so that nothing is passed over. Of a flow it sees the first packet; limits and counts by
 * source are not met. lab/namespaces/reach.test.ts holds it against the kernel.
 */
import { number, type Range, range, within } from "./networks.ts";

/** A packet on its way through a machine; rules change it. */
export interface Packet {
  /** The interface it came by, such as `eth0`. */
  iif: string;
  /** The one it would leave by; empty until it is routed. */
  oif: string;
  source: number;
  destination: number;
  /** IP protocol number. */
  protocol: number;
  /** From the transport's header on. */
  payload: Buffer;
  /** conntrack's state of its flow. */
  state: "new" | "untracked";
  mark: number;
}

export type Verdict = "accept" | "drop";
type Outcome = Verdict | "return" | "stolen" | undefined;
/** A statement of a rule: false ends the rule, an outcome the chain, true goes on. */
type Step = (packet: Packet) => boolean | Exclude<Outcome, undefined>;

interface Chain {
  rules: string[];
  /** Read at the first packet: chains that no question leads through may say what this does not know. */
  steps?: Step[][];
  hook?: string;
  priority: number;
  policy: Verdict;
}

interface Table {
  family: string;
  chains: Map<string, Chain>;
  sets: Map<string, [key: Range, value: string | undefined][]>;
}

/** Debian's names: netfilter's priorities of the families ip and inet. */
const PRIORITIES: Record<string, number> = { raw: -300, mangle: -150, filter: 0, srcnat: 100 };
const PROTOCOLS: Record<string, number> = { icmp: 1, tcp: 6, udp: 17, gre: 47 };
const ICMP_TYPES: Record<string, number> = {
  "echo-reply": 0,
  "destination-unreachable": 3,
  "echo-request": 8,
  "time-exceeded": 11,
  "parameter-problem": 12,
};
const TCP_FLAGS: Record<string, number> = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 };
const STATES = ["new", "established", "related", "untracked", "invalid"];

export class Ruleset {
  private readonly tables: Table[] = [];
  private readonly defined: Record<string, string>;

  /** @param defined What is given by `nft -D`, by name. */
  constructor(files: string[], defined: Record<string, string> = {}) {
    this.defined = { ...defined };
    for (const file of files) this.read(file);
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
    const texts = this.tables.flatMap(({ chains }) => [...chains.values()].flatMap(({ rules }) => rules));
    return texts.flatMap((rule) => rule.match(/\b\d+\.\d+\.\d+\.\d+(\/\d+)?/g) ?? []);
  }

  /** Every port that they name. */
  get ports(): number[] {
    const texts = this.tables.flatMap(({ chains }) => [...chains.values()].flatMap(({ rules }) => rules));
    return texts.flatMap((rule) =>
      [...rule.matchAll(/[sd]port (\d+|\{[^}]*\})/g)].flatMap(([, ports]) =>
        ports!.match(/\d+/g)!.map(Number),
      ),
    );
  }

  private through(table: Table, chain: Chain, packet: Packet): Outcome {
    chain.steps ??= chain.rules.map((rule) => this.compile(table, rule));
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

  private read(file: string): void {
    const lines = file
      .split("\n")
      .map((line) => line.replace(/^#.*|\s#.*/, "").trim())
      .filter((line) => line !== "" && line !== "flush ruleset");
    for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
      const [word, name, value] = line.split(/ = | /);
      if (word === "define") this.defined[name!] = value!;
      else if (word === "table") this.tables.push(this.table(line, lines));
      else throw new Error(`nft: ${line}`);
    }
  }

  private table(head: string, lines: string[]): Table {
    const [, family] = /^table (\w+) \w+ \{$/.exec(head)!;
    const table: Table = { family: family!, chains: new Map(), sets: new Map() };
    for (let line = lines.shift()!; line !== "}"; line = lines.shift()!) {
      const [, kind, name] = /^(set|map|chain|counter|ct helper) (\w+) \{$/.exec(line) ?? [];
      if (kind === undefined) throw new Error(`nft: ${line}`);
      const body: string[] = [];
      for (let inner = lines.shift()!, depth = 0; depth > 0 || inner !== "}"; inner = lines.shift()!) {
        depth += Number(inner.endsWith("{")) - Number(inner === "}");
        body.push(inner);
      }
      if (kind === "chain") table.chains.set(name!, chainOf(body));
      if (kind === "set" || kind === "map") table.sets.set(name!, elements(body));
    }
    return table;
  }

  /** A rule's statements. */
  private compile(table: Table, rule: string): Step[] {
    const words = rule.match(/"[^"]*"|[{}(),|]|[^\s{}(),"|]+/g)!;
    const steps: Step[] = [];
    while (words.length > 0) steps.push(this.statement(table, words, rule));
    return steps;
  }

  private statement(table: Table, words: string[], rule: string): Step {
    const next = () => words.shift()!;
    const unknown = () => new Error(`nft: ${rule}`);
    /** Takes these words where they come next. */
    const take = (...wanted: string[]): boolean => {
      if (!wanted.every((word, i) => words[i] === word)) return false;
      words.splice(0, wanted.length);
      return true;
    };
    /** A value, or several in braces, and whether they are meant by what they are not. */
    const values = (): { list: string[]; not: boolean } => {
      const not = take("!=");
      take("==");
      return { list: (take("{") ? until("}") : [next()]).map((each) => this.meant(each)), not };
    };
    const until = (end: string): string[] => {
      const taken: string[] = [];
      for (let word = next(); word !== end; word = next()) {
        if (word === undefined) throw unknown();
        if (word !== ",") taken.push(word);
      }
      return taken;
    };
    const among = (of: (packet: Packet) => number | undefined, read: (text: string) => Range): Step => {
      const { list, not } = values();
      const ranges = list.map(read);
      return (packet) => {
        const value = of(packet);
        return value !== undefined && ranges.some((each) => within(value, each)) !== not;
      };
    };
    const word = next();
    switch (word) {
      case "accept":
      case "drop":
      case "return":
        return () => word;
      case "jump":
      case "goto": {
        const chain = table.chains.get(next())!;
        // Neither ends but by falling through, and then `goto` goes on where a jump to this chain would: nowhere.
        return (packet) => this.through(table, chain, packet) ?? (word === "goto" ? "return" : true);
      }
      case "counter":
        if (take("name")) next();
        return () => true;
      case "comment":
        next();
        return () => true;
      case "notrack":
        return (packet) => {
          packet.state = "untracked";
          return true;
        };
      case "fwd":
        if (!take("ip", "to")) throw unknown();
        words.splice(0, 3);
        return () => "stolen";
      case "iifname":
      case "oifname": {
        const { list, not } = values();
        const names = list.map((each) => new RegExp(`^${each.replaceAll('"', "").replace("*", ".*")}$`));
        return ({ iif, oif }) => names.some((name) => name.test(word === "iifname" ? iif : oif)) !== not;
      }
      case "fib":
        if (!take("saddr", ".", "iif", "oif", "missing")) throw unknown();
        // Every question of the model is asked from where the source's own packets come.
        return () => false;
      case "meta":
        if (!take("l4proto")) throw unknown();
        return among(({ protocol }) => protocol, protocolOf);
      case "th":
        return this.port(next(), among, () => true);
      case "tcp":
        return this.tcp(next(), words, among, unknown);
      case "icmp": {
        const field = next();
        const at = field === "type" ? 0 : field === "code" ? 1 : undefined;
        if (at === undefined) throw unknown();
        return among(
          ({ protocol, payload }) => (protocol === PROTOCOLS.icmp ? payload[at] : undefined),
          (name) => single(ICMP_TYPES[name] ?? (name === "prot-unreachable" ? 2 : Number(name))),
        );
      }
      case "ct":
        return this.ct(next(), words, values, unknown);
      case "ip":
        return this.ip(table, next(), words, { among, until, take, unknown });
      case "add":
      case "update":
      case "delete": {
        next();
        if (!take("{")) throw unknown();
        const what = until("}");
        // `over`: nobody is yet. An element that is added is there from now on, for a second packet.
        return () => !what.includes("over");
      }
      default:
        if (word.startsWith("@th,") || word === "@th") return this.payload(word, words, among, unknown);
        throw unknown();
    }
  }

  private tcp(field: string, words: string[], among: Among, unknown: () => Error): Step {
    const isTcp = ({ protocol }: Packet) => protocol === PROTOCOLS.tcp;
    switch (field) {
      case "sport":
      case "dport":
        return this.port(field, among, isTcp);
      case "flags": {
        const flags = () => {
          const list = words[0] === "(" ? words.splice(0, words.indexOf(")") + 1) : words.splice(0, 1);
          return list
            .filter((each) => /^\w+$/.test(each))
            .reduce((sum, each) => sum | (TCP_FLAGS[each] ?? 0), 0);
        };
        if (words[0] !== "&") {
          const wanted = flags();
          return (packet) => isTcp(packet) && (packet.payload[13]! & wanted) === wanted;
        }
        words.shift();
        const mask = flags();
        const equal = words.shift() === "==";
        const wanted = flags();
        return (packet) => isTcp(packet) && ((packet.payload[13]! & mask) === wanted) === equal;
      }
      case "option":
        // What becomes of a packet's MSS is no question here.
        words.splice(0);
        return () => true;
      default:
        throw unknown();
    }
  }

  private port(field: string, among: Among, of: (packet: Packet) => boolean): Step {
    const at = field === "sport" ? 0 : 2;
    return among((packet) => (of(packet) ? packet.payload.readUInt16BE(at) : undefined), numbers);
  }

  private ct(field: string, words: string[], values: Values, unknown: () => Error): Step {
    const setting = words[0] === "set";
    if (field === "helper" && setting) {
      words.splice(0, 2);
      return () => true;
    }
    if (field === "mark" && setting) {
      const to = words.splice(0);
      // What follows a computed mark stands on another line; what follows a constant does not matter to a first packet.
      const mark = to[1] === "numgen" ? 1 : Number(this.meant(to[1]!));
      return (packet) => {
        packet.mark = mark;
        return true;
      };
    }
    if (field === "mark") {
      const { list, not } = values();
      return ({ mark }) => list.map(Number).includes(mark) !== not;
    }
    if (field !== "state") throw unknown();
    const { list, not } = values();
    while (words[0] === ",") list.push(...words.splice(0, 2).slice(1));
    if (!list.every((each) => STATES.includes(each))) throw unknown();
    return ({ state }) => list.includes(state) !== not;
  }

  private ip(
    table: Table,
    field: string,
    words: string[],
    {
      among,
      until,
      take,
      unknown,
    }: {
      among: Among;
      until: (end: string) => string[];
      take: (...w: string[]) => boolean;
      unknown: () => Error;
    },
  ): Step {
    switch (field) {
      case "saddr":
      case "daddr": {
        const side = field === "saddr" ? "source" : "destination";
        if (take(".", "ct", "mark")) {
          // A set of those that were seen before: nobody.
          words.shift();
          return () => false;
        }
        if (!take("set")) return among((packet) => packet[side], range);
        if (!words[0]!.startsWith("@th")) {
          const to = number(this.meant(words.shift()!));
          return (packet) => {
            packet[side] = to;
            return true;
          };
        }
        const read = payloadOf(words);
        if (!take("map")) throw unknown();
        const map = table.sets.get(words.shift()!.slice(1))!;
        return (packet) => {
          const key = read(packet);
          const found = map.find(([each]) => key !== undefined && within(key, each));
          if (found === undefined) return false;
          packet[side] = number(found[1]!);
          return true;
        };
      }
      case "protocol": {
        if (!take("vmap", "{")) return among(({ protocol }) => protocol, protocolOf);
        const ways = until("}")
          .join(" ")
          .split(/(?<=goto \w+) /);
        const chains = ways.map((way): [number, Chain] => {
          const [, protocol, chain] = /^(\w+) : goto (\w+)$/.exec(way)!;
          return [PROTOCOLS[protocol!]!, table.chains.get(chain!)!];
        });
        return (packet) => {
          const [, chain] = chains.find(([protocol]) => protocol === packet.protocol) ?? [];
          return chain === undefined ? true : (this.through(table, chain, packet) ?? "return");
        };
      }
      case "length": {
        if (!take(">=")) throw unknown();
        const least = Number(words.shift());
        return ({ payload }) => 20 + payload.length >= least;
      }
      case "frag-off": {
        // No packet of the model is a fragment, and none has DF.
        if (!take("&")) throw unknown();
        words.shift();
        if (!take("==", "0")) throw unknown();
        return () => true;
      }
      default:
        throw unknown();
    }
  }

  private payload(word: string, words: string[], among: Among, unknown: () => Error): Step {
    words.unshift(word);
    const read = payloadOf(words);
    if (words.length === 0) throw unknown();
    return among(read, numbers);
  }

  private meant(word: string): string {
    if (!word.startsWith("$")) return word;
    const value = this.defined[word.slice(1)];
    if (value === undefined) throw new Error(`nft: ${word} is not defined`);
    return value;
  }
}

type Values = () => { list: string[]; not: boolean };
type Among = (of: (packet: Packet) => number | undefined, read: (text: string) => Range) => Step;

const single = (value: number): Range => [value, value];
const protocolOf = (name: string): Range => single(PROTOCOLS[name] ?? Number(name));
/** `1024-2047`, or one number. */
function numbers(text: string): Range {
  const [first, last = first] = text.split("-").map(Number);
  return [first!, last!];
}

/** `@th,offset,bits`, and a mask: how it is read from a packet, undefined where that is too short. */
function payloadOf(words: string[]): (packet: Packet) => number | undefined {
  const [, , offset, , bits] = words.splice(0, 5);
  let mask: number | undefined;
  if (words[0] === "&") mask = Number(words.splice(0, 2)[1]);
  const [from, length] = [Number(offset) / 8, Number(bits) / 8];
  return ({ payload }) => {
    if (payload.length < from + length) return undefined;
    const value = payload.readUIntBE(from, length);
    return mask === undefined ? value : (value & mask) >>> 0;
  };
}

function chainOf(body: string[]): Chain {
  const [, hook, name, more = "0", policy] =
    /^type \w+ hook (\w+)(?: device \S+)? priority (\w+)(?: \+ (\d+))?; policy (\w+);$/.exec(body[0] ?? "") ??
    [];
  if (hook === undefined) return { rules: body, priority: 0, policy: "accept" };
  return {
    hook,
    rules: body.slice(1),
    priority: PRIORITIES[name!]! + Number(more),
    policy: policy as Verdict,
  };
}

/** A map's, or a set's where it has any from the start. */
function elements(body: string[]): [Range, string | undefined][] {
  return body.flatMap((line): [Range, string | undefined][] => {
    const [, key, value] = /^(\d+(?:-\d+)?) : ([\d.]+),$/.exec(line) ?? [];
    return key === undefined ? [] : [[numbers(key), value]];
  });
}
