/** Poptop's daemon: pptpd, and the pptpctrl that it starts for each connection. */
import type { Topic } from "./trap.ts";

const LIMITS = "lab/server/limits.test.ts";
const PPTPD = "pptpd 1.5.0, Debian 13";

export const ofPptpd = {
  "pptpd-stays-down": {
    seen: "Debian installs pptpd disabled, and its unit has no `Restart=`: once pptpd has died nobody starts it again. The package loads nf_nat_pptp at boot by /etc/modules-load.d/pptpd.conf.",
    versions: PPTPD,
    answer:
      "The first apply enables the unit, a drop-in restarts it for ever, and /etc/modules-load.d/pptpd.conf is ours.",
    test: "lab/first-boot/server.test.ts: pptpd comes back by itself when it dies",
  },
  "stimeout-unheard-in-file": {
    seen: "pptpd ignores `stimeout` in pptpd.conf; it hears `--stimeout` on its command line.",
    versions: "pptpd 1.5.0, and before",
    answer: "/etc/default/pptpd says it, in DAEMON_OPTS.",
    test: `${LIMITS}: pptpd runs with the time that a silent client may take`,
  },
  "one-new-client-at-a-time": {
    seen: "pptpd reads the first packet of one new connection at a time, and whoever is slow with it keeps the others waiting: a real dial waited for 31 s.",
    versions: "pptpd 1.5.0, and before",
    answer:
      "A short time for the first packet, and nftables limits of dials, connections and silent connections by source and in all. They bound how often it happens and do not end it.",
    test: `${LIMITS}: do not keep another address out`,
  },
  "backlog-of-three": {
    seen: "pptpd listens with a backlog of 3, whatever net.core.somaxconn says.",
    versions: PPTPD,
    answer: "The limits of nftables stand before it, and the comment at somaxconn says so.",
    test: `${LIMITS}: pptpd's backlog is 3, whatever somaxconn says`,
  },
  "dial-dropped-by-signal": {
    seen: "pptpd drops one or two of a hundred connections made one after the other as a “slow initial connection”, where a signal interrupts its wait for the first packet.",
    versions: "Debian's pptpd",
    answer:
      "Clients dial again. The health check and the probe try a second connection before they complain.",
    test: "probe/legs/control.test.ts: a connection that the server drops before its first answer: another, and no more than three",
  },
  "control-without-keepalive": {
    seen: "pptpd sets no SO_KEEPALIVE, so the tcp_keepalive sysctls do nothing for its control connections. PPTP's own echo comes after 60 s of quiet, fixed in pptpd.",
    versions: "Debian's pptpd",
    answer:
      "The timers of control connections are planned from PPTP's echo. The sysctls serve other sockets, and say so.",
    test: "lab/vpc/idle.test.ts: a quiet tunnel outlives the balancer's limit by PPTP's echo",
  },
  "debug-logs-every-packet": {
    seen: "pptpd's `debug`, which recipes set, logs every GRE packet.",
    versions: PPTPD,
    answer: "It is not set.",
    test: "lab/server/journal/debug.test.ts: logs every packet where it is on; here it is off",
  },
  "call-id-of-a-live-session": {
    seen: "pptpd counts its call IDs up and around without a look at which are in use. A new call can get the one that a live session of the same address has, and that session ends.",
    versions: "Debian's pptpd",
    answer:
      "A wrapper of pptpctrl gives each call an ID of the server's own range that no live session has: a lock each.",
    test: "lab/server/sessions/call-ids.test.ts: leave out each that a live session holds, whatever number pptpd has come to",
  },
  "title-in-argv": {
    seen: "pptpctrl tells who is connected in its own argv[0] and has no more room than the path that it was started under: a wrapper with a shorter path cuts the title off. There is no other place to read it: on Debian 13 pptpd and pppd log to the journal only.",
    versions: PPTPD,
    answer: "The wrapper pads the path that it starts pptpctrl under. Whatever reads logs reads the journal.",
    test: "lab/server/sessions/call-ids.test.ts: stand in the title of the session's process, whole",
  },
  "gre-socket-bound-to-peer": {
    seen: "pptpd binds a session's GRE socket to the address of its TCP peer. Behind a balancer that shows its own address no GRE of the client's is heard.",
    versions: PPTPD,
    answer: "The balancer keeps the client's address, and speaks no proxy protocol.",
    test: "lab/vpc/mutations.test.ts: the same with a group that lets anybody in: pptpd looks for GRE from its TCP peer",
  },
  "packet-buffer-of-8196": {
    seen: "pptpd's packet buffer is 8,196 bytes.",
    versions: "pptpd's source",
    answer: "A larger `pathMtu` is refused, by that name.",
    test: "settings/keys.test.ts: a path beyond pptpd's buffer",
  },
  "full-socket-answers-unreachable": {
    seen: "A GRE packet that finds pptpd's raw socket full, or its session just gone, is answered by the server's own kernel with ICMP protocol unreachable. That ends the client's end of the tunnel.",
    versions: "Linux 6.12, Debian 13",
    answer: "A rule drops the error on its way out, and the socket has a receive buffer of 1 MiB.",
    test: "lab/server/path/icmp.test.ts: is not sent by the server, for a packet of no session",
  },
  "new-pptpd-deals-addresses-again": {
    seen: "pptpd has no reload, and a new one beside live sessions deals out addresses from the first again: three clients had one address, and two of them heard nothing.",
    versions: "pptpd 1.5.0",
    answer: "Sessions end with the pptpd that knows their addresses: the unit's `KillMode=control-group`.",
    test: "lab/server/service.test.ts: a session ends with its pptpd, as the next one deals its address out again",
  },
} satisfies Topic;
