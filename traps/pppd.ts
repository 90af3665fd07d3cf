/** pppd, and what it negotiates. */
import type { Topic } from "./trap.ts";

const PPPD = "pppd 2.5.2, Debian 13";

export const ofPppd = {
  "option-that-pppd-refuses": {
    seen: "pppd refuses `nomppe-56`, `mppe-128` and `mppe-stateless`, which recipes set, and then every dial fails. Nothing tells before the first dial.",
    versions: PPPD,
    answer:
      "None of them is set, and a test gives every rendered options file to the real `pppd notty dryrun file …`, on a kernel with PPP: without a tty argument it fails for another reason.",
    test: "lab/server/sessions/mppe.test.ts: in pppd's options, and none without it",
  },
  "mppe-takes-four-bytes": {
    seen: "pppd takes 4 bytes off `mtu` for MPPE: 1400 gives an interface of 1396.",
    versions: PPPD,
    answer: "The plan computes with it.",
    test: "lab/server/path/mtu.test.ts: give an interface of 4 bytes less than pppd's mtu, which the plan reckons with",
  },
  "lower-of-mtu-and-mru": {
    seen: "pppd takes the lower of `mtu` and `mru` for its own interface: an `mru` 4 below `mtu` costs 4 bytes at both ends.",
    versions: PPPD,
    answer: "Both are the plan's, and alike where nobody sets one.",
    test: "lab/server/path/mtu.test.ts: bytes pass whole, and TCP fragments nothing",
  },
  "dead-session-keeps-slot": {
    seen: "Without LCP echo a client that vanished holds its slot for 128 s. `persist`, which recipes set on servers too, keeps a dead session's pppd and its slot.",
    versions: "pptpd 1.5.0 and pppd 2.5.2, Debian 13",
    answer: "LCP echo, and no `persist` on the server.",
    test: "lab/server/sessions/dead-sessions.test.ts: without LCP echo the session is still there",
  },
  "peers-ask-for-stateless-mppe": {
    seen: "A stock peer always asks for stateless MPPE.",
    versions: PPPD,
    answer: "No stateful option is offered.",
    test: "render/server.test.ts: of pppd hold nothing that makes every dial fail or a dead session stay",
  },
  "package-defaults-of-ppp": {
    seen: "pppd negotiates IPv6CP unless it is told `noipv6`, and Debian's /etc/ppp/options carries an LCP echo of its own, 30 s and 4.",
    versions: "pppd 2.5",
    answer: "Whatever we mean is set; nothing rests on a package's default.",
    test: "lab/server/sessions/tunnel.test.ts: compresses nothing and speaks no IPv6, though the client would",
  },
  "ppp-queue-of-three": {
    seen: "A ppp interface comes up with a txqueuelen of 3.",
    versions: "Linux 6.12, Debian 13",
    answer: "A script of ip-up sets the plan's.",
    test: "lab/server/sessions/tunnel.test.ts: has the plan's queue length at the server, which the kernel would make 3",
  },
  "killed-pppd-says-nothing": {
    seen: "TERM, HUP and USR2 end pppd with an LCP Terminate, and its client is gone within 0.5 to 0.9 s. KILL ends it without a word. USR1 switches its debug. Options are read at each dial.",
    versions: "Debian's pppd",
    ahead: "Whoever ends single sessions uses TERM, and KILL only for what is left.",
  },
} satisfies Topic;
