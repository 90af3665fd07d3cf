/** nft: what it takes and does not do. */
import type { Topic } from "./trap.ts";

export const ofNftables = {
  "match-that-nft-miscompiles": {
    seen: "nft takes some matches on raw bits of a payload, says nothing, and compiles them into what matches no packet. A map by six bits of the call ID delivered with one version and not with the next; the same by a shift delivered with neither.",
    versions: "nft 1.0.6 and 1.1.3",
    answer:
      "The map is one of intervals over all 16 bits, in the fast way of masked ones, and tests count packets that arrive, not rules that load.",
    test: "lab/namespaces/gateway.test.ts: goes to the server of its call ID, exactly at the edges of each of 62 ranges",
  },
  "two-braces-on-a-line": {
    seen: "nft refuses two closing braces on one line.",
    versions: "nft 1.0.6 and 1.1.3",
    answer: "Each closing brace has its own line.",
    test: "render/gateway.test.ts: have each closing brace on its own line, as nft wants them",
  },
  "reload-keeps-or-forgets": {
    seen: "`flush table` keeps the elements of sets, named counters and `ct count`, also of what the new file has no more, and fails on a set that has changed its type. `destroy table` and `flush ruleset` forget `ct count`, so an address gets its number of connections once more. Live flows go on in each case.",
    versions: "Debian 13's nft",
    answer:
      "The files flush and destroy what they bring anew, and keep sets and named counters; another type of a set is given another name.",
    test: "lab/namespaces/apply/reload.test.ts: keeps what an address has, and its limit",
  },
} satisfies Topic;
