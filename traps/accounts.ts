/** chap-secrets, and the addresses of accounts. */
import type { Topic } from "./trap.ts";

export const ofAccounts = {
  "line-without-address-shuts-all-out": {
    seen: "A line of chap-secrets that is not whole can keep everybody out: pppd ends before LCP, and its reason is on stderr and not in its log. An account with an address that is none comes up and ends in IPCP.",
    versions: "pppd 2.5.2",
    answer: "Servers write all four words of every line, for every account that they can read, or none.",
    test: "lab/server/sessions/accounts.test.ts: that change let the new one in and the old one no more",
  },
  "quote-takes-lines-along": {
    seen: "In chap-secrets quotes reach over ends of lines: one that is not meant as a quote takes the accounts below it along, and the log only says that these have no secret.",
    versions: "Debian's pppd",
    answer:
      "Every word is quoted. The lab's own account has a quote, a backslash and a space, so each of its dials proves it.",
    test: "lab/server/sessions/accounts.test.ts: that change let the new one in and the old one no more",
  },
  "name-beyond-ascii-never-logs-in": {
    seen: "A name with anything outside of ASCII never logs in: pppd rewrites it (`M-CM-<`) before it looks it up. Names and passwords of more than 255 bytes are cut.",
    versions: "Debian's pppd",
    answer: "Config refuses both, with what is allowed.",
    test: "settings/keys.test.ts: a name beyond ASCII",
  },
  "first-line-of-a-name-wins": {
    seen: "Of several lines for one name the first wins, and an exact name beats `*`. 20,000 accounts cost a dial nothing that shows.",
    versions: "Debian's pppd",
    answer: "A name that is there twice is refused, and so is `*`.",
    test: "settings/keys.test.ts: a name twice",
  },
  "log-escapes-names": {
    seen: "pppd's log escapes names one way and its debug lines another. PEERNAME in ip-up is raw, and dash's `echo` changes its backslashes.",
    versions: "Debian's pppd and dash",
    ahead: "Tools that want a name read PEERNAME by `printf %s`, never the log.",
  },
  "address-is-whatever-is-free": {
    seen: "A device's address is whatever is free: after a redial its old one may be another device's.",
    versions: "Debian's pptpd",
    ahead: "A device that is polled by its address wants one that belongs to its account.",
  },
  "two-sessions-with-one-address": {
    seen: "Two sessions with one fixed address are both accepted, and packets go to the older one's interface.",
    versions: "Debian's pppd",
    ahead: "Where accounts have addresses, the older session is ended first.",
  },
} satisfies Topic;
