/** What each statement of a rule does to a packet. Throws at any word that none of them has. */
import { number, type Range, range, within } from "../networks.ts";
import { among, icmp, numbers, PROTOCOLS, payload, port, protocol, sets, tcp } from "./fields.ts";
import type { Outcome, Packet, Step } from "./packet.ts";
import type { Words } from "./words.ts";

/** What of its table a statement may name. @throws Error for what is not there. */
export interface Scope {
  /** Leads a packet through a chain. */
  chain(name: string): (packet: Packet) => Outcome;
  /** A map's elements, a set's without values. */
  elements(name: string): Element[];
}

export type Element = [key: Range, value: string];

const STATES = ["new", "established", "related", "untracked", "invalid"];
/** What is counted or remembered by source. */
const REMEMBERED =
  /^ip [sd]addr( \. ct mark| limit rate over \d+\/second burst \d+ packets| ct count over \d+)$/;

/** The next one. */
export function statement(words: Words, scope: Scope): Step {
  const word = words.next();
  switch (word) {
    case "accept":
    case "drop":
    case "return":
      return () => word;
    case "jump":
    case "goto": {
      const through = scope.chain(words.next());
      // Neither ends but by falling through, and then `goto` goes on where a jump to this chain would: nowhere.
      return (packet) => through(packet) ?? (word === "goto" ? "return" : true);
    }
    case "counter":
      if (words.take("name")) words.next();
      return () => true;
    case "comment":
      words.next();
      return () => true;
    case "notrack":
      return sets((packet) => {
        packet.state = "untracked";
      });
    case "fwd":
      words.must("ip", "to");
      words.next();
      words.must("device");
      words.next();
      return () => "stolen";
    case "iifname":
    case "oifname": {
      const { list, not } = words.values();
      const names = list.map((each) => new RegExp(`^${each.replaceAll('"', "").replace("*", ".*")}$`));
      return ({ iif, oif }) => names.some((name) => name.test(word === "iifname" ? iif : oif)) !== not;
    }
    case "fib":
      words.must("saddr", ".", "iif", "oif", "missing");
      // Every question of the model is asked from where the source's own packets come.
      return () => false;
    case "meta":
      words.must("l4proto");
      return protocol(words);
    case "th":
      return port(words, words.next(), () => true);
    case "tcp":
      return tcp(words);
    case "icmp":
      return icmp(words);
    case "ct":
      return ct(words);
    case "ip":
      return ip(words, scope);
    case "@th":
      return among(words, payload(words), numbers(words));
    case "add":
    case "update":
    case "delete": {
      words.match(/^@(\w+)$/);
      words.must("{");
      const what = words.until("}").join(" ");
      if (!REMEMBERED.test(what)) throw words.unknown();
      // `over`: nobody is yet. An element that is added is there from now on, for a second packet.
      return () => !/ over /.test(what);
    }
    default:
      throw words.unknown();
  }
}

function ct(words: Words): Step {
  const field = words.next();
  switch (field) {
    case "helper":
      words.must("set");
      words.next();
      return () => true;
    case "mark": {
      if (!words.take("set")) return among(words, ({ mark }) => mark, numbers(words));
      // Of a count, the first.
      const counted = words.take("numgen", "inc", "mod");
      if (counted) {
        words.number();
        words.must("offset");
      }
      const mark = words.number();
      return sets((packet) => {
        packet.mark = mark;
      });
    }
    case "state": {
      const { list, not } = words.values();
      if (!list.every((each) => STATES.includes(each))) throw words.unknown();
      return ({ state }) => list.includes(state) !== not;
    }
    case "status":
      words.must("snat");
      // Of a flow's first packet: not yet.
      return () => false;
    default:
      throw words.unknown();
  }
}

function ip(words: Words, scope: Scope): Step {
  const field = words.next();
  switch (field) {
    case "saddr":
    case "daddr": {
      const side = field === "saddr" ? "source" : "destination";
      if (words.take(".", "ct", "mark")) {
        const [set] = words.match(/^@(\w+)$/);
        if (scope.elements(set!).length > 0) throw words.unknown();
        // Of those that were seen before: nobody.
        return () => false;
      }
      if (words.take("@translated")) {
        if (scope.elements("translated").length > 0) throw words.unknown();
        return () => false;
      }
      if (!words.take("set")) return among(words, (packet) => packet[side], range);
      if (words.take("@th")) return mapped(words, scope, side);
      const to = number(words.next());
      return sets((packet) => {
        packet[side] = to;
      });
    }
    case "protocol":
      return words.take("vmap", "{") ? byProtocol(words, scope) : protocol(words);
    case "length": {
      words.must(">=");
      const least = words.number();
      return ({ payload }) => 20 + payload.length >= least;
    }
    case "frag-off":
      // No packet of the model is a fragment, and none has DF.
      words.must("&");
      words.number();
      words.must("==", "0");
      return () => true;
    default:
      throw words.unknown();
  }
}

/** `@th,48,16 map @name`: an address that the transport's header names; who finds none is not for the rule. */
function mapped(words: Words, scope: Scope, side: "source" | "destination"): Step {
  const read = payload(words);
  words.must("map");
  const elements = scope.elements(words.match(/^@(\w+)$/)[0]!);
  return (packet) => {
    const key = read(packet);
    const found = elements.find(([each]) => key !== undefined && within(key, each));
    if (found === undefined) return false;
    packet[side] = number(found[1]);
    return true;
  };
}

/** `vmap { gre : goto chain, … }` */
function byProtocol(words: Words, scope: Scope): Step {
  const ways = new Map<number, (packet: Packet) => Outcome>();
  while (!words.take("}")) {
    const key = words.numeric(words.next(), PROTOCOLS);
    words.must(":", "goto");
    ways.set(key, scope.chain(words.next()));
    words.take(",");
  }
  return (packet) => {
    const through = ways.get(packet.protocol);
    return through === undefined ? true : (through(packet) ?? "return");
  };
}
