/** `keepalive`: how a tunnel is kept alive through what forgets quiet flows, and how a dead one is found. */
import { z } from "zod";
import { CONTROL } from "../../protocols/pptp/flows.ts";
import { group } from "../tuning.ts";

const READ_BACK = "lab/first-boot/server.test.ts: has the kernel settings that its file says";
const CHAINS = "plan/timers.test.ts: a config that breaks a chain is refused";
const SOCKETS =
  "Serves sockets that ask for keepalive, sshd's for one. pptpd does not ask: PPTP's own echo, after 60 s of quiet, keeps its control connection.";

export const keepalive = group(
  "keepalive",
  {
    lcpEchoInterval: z.int().min(1).max(600).default(20),
    lcpEchoFailure: z.int().min(1).max(30).default(3),
    lcpEchoAdaptive: z.boolean().default(false),
    clientNatGre: z.int().min(1).max(86_400).default(60),
    clientNatTcp: z.int().min(1).max(864_000).default(300),
    nlbTcpIdle: z.int().min(60).max(6000).default(350),
    tcpTime: z.int().min(10).max(32_767).default(120),
    tcpIntvl: z.int().min(1).max(32_767).default(30),
    tcpProbes: z.int().min(1).max(127).default(5),
  },
  {
    lcpEchoInterval: {
      description: "Seconds between the LCP echoes that the server sends into each tunnel.",
      allowed: "a whole number of seconds from 1 to 600, below every timer that forgets GRE",
      example: "20",
      sets: "pppd lcp-echo-interval",
      own: "0, none; Debian's /etc/ppp/options says 30",
      why: "Keeps GRE's state in every NAT and security group on the path, and finds the client that is gone.",
      costs: "a small packet each way, each session and interval",
      source: "trap 10; pppd(8)",
      test: "lab/server/dead-sessions.test.ts: without LCP echo",
    },
    lcpEchoFailure: {
      description: "Unanswered LCP echoes that end a session.",
      allowed: "a whole number from 1 to 30",
      example: "3",
      sets: "pppd lcp-echo-failure",
      own: "0, none; Debian's /etc/ppp/options says 4",
      why: "A client that vanished gives its slot back after the interval times one more than this, at most.",
      costs: "a path that is gone for as long ends its sessions",
      source: "trap 10; pppd(8)",
      test: "lab/server/dead-sessions.test.ts: with LCP echo its session has ended",
    },
    lcpEchoAdaptive: {
      description: "Whether an LCP echo is sent only where nothing came from the client since the last one.",
      allowed: "true or false",
      example: "true",
      sets: "pppd lcp-echo-adaptive",
      own: "off",
      why: "Off: the echo is also what keeps a NAT's state when traffic goes one way. On, it saves the packets of busy tunnels.",
      costs: "the echo's packets in busy tunnels",
      source: "pppd(8)",
      test: "lab/server/readers.test.ts: pppd takes the options",
    },
    clientNatGre: {
      description:
        "Seconds after which the most forgetful NAT among your clients' routers drops a quiet GRE flow.",
      allowed: "a whole number of seconds from 1 to 86400, above lcpEchoInterval",
      example: "60",
      sets: "the plan's GRE chain; nothing on a machine",
      own: "usually 60 to 300; Linux 180",
      why: "What LCP echo must be faster than. Routers differ; this is the shortest of the usual.",
      costs: "nothing",
      source: "kernel: nf_conntrack-sysctl; trap 19",
      test: CHAINS,
    },
    clientNatTcp: {
      description:
        "Seconds after which the most forgetful NAT among your clients' routers drops a quiet TCP connection.",
      allowed:
        "a whole number of seconds above 120: PPTP's echo, 60 s of quiet and 60 s for the answer, is fixed in pptpd",
      example: "300",
      sets: `the plan's ${CONTROL.title} chain; nothing on a machine`,
      own: "usually 300 and more; RFC 5382 asks for 7440",
      why: "What PPTP's echo must be faster than, which nobody can speed up.",
      costs: "nothing",
      source: "RFC 5382, REQ-5; trap 19",
      test: CHAINS,
    },
    nlbTcpIdle: {
      description: "Seconds after which the balancer forgets a quiet TCP connection (frontDoor nlb).",
      allowed: "a whole number of seconds from 60 to 6000, above PPTP's echo and its answer, 120 s",
      example: "350",
      sets: "the listener's tcp.idle_timeout.seconds",
      own: "350",
      why: "A control connection that the balancer forgets ends its tunnel with the next echo.",
      costs: "nothing",
      source: "trap 19; AWS: NLB, listener attributes",
      test: "program/nlb.test.ts: the listener forgets as the timers say",
    },
    tcpTime: {
      description: "Seconds of quiet before TCP keepalive asks, on sockets that want it.",
      allowed: "a whole number of seconds from 10 to 32767",
      example: "120",
      sets: "net.ipv4.tcp_keepalive_time",
      own: "7200",
      why: SOCKETS,
      costs: "a packet each way for such a socket that is quiet",
      source: "trap 11; tcp(7)",
      test: READ_BACK,
    },
    tcpIntvl: {
      description: "Seconds between keepalive's questions that go unanswered.",
      allowed: "a whole number of seconds from 1 to 32767",
      example: "30",
      sets: "net.ipv4.tcp_keepalive_intvl",
      own: "75",
      why: "As tcp_keepalive_time.",
      costs: "nothing more",
      source: "trap 11; tcp(7)",
      test: READ_BACK,
    },
    tcpProbes: {
      description: "Unanswered questions of keepalive that end such a connection.",
      allowed: "a whole number from 1 to 127",
      example: "5",
      sets: "net.ipv4.tcp_keepalive_probes",
      own: "9",
      why: "As tcp_keepalive_time.",
      costs: "nothing more",
      source: "trap 11; tcp(7)",
      test: READ_BACK,
    },
  },
);
