/** `kernel`: sysctls of the server, as /etc/sysctl.d/90-pptp-fleet.conf carries them. */
import { z } from "zod";
import { CONTROL } from "../../protocols/pptp/flows.ts";
import { refusalsOf } from "../keys/refusal.ts";
import { group } from "./tuning.ts";

const READ_BACK = "lab/first-boot/server.test.ts: has the kernel settings that its file says";

const bytes = (least: number) => z.int().min(least).max(2_147_483_647);
/** `[least, default, most]`, rising. */
const sizes = () =>
  z
    .tuple([bytes(1024), bytes(1024), bytes(1024)])
    .check(refusalsOf(([least, usual, most]) => (least <= usual && usual <= most ? undefined : {})));

const BUFFER = "a whole number of bytes from 4608 to 2147483647";
const usual = (most: string) => `a whole number of bytes from 4608 to kernel.${most}`;
const BUFFERS = "three whole numbers of bytes, least, default and most, that rise";
const TCP_HERE = "Reaches TCP that ends on the server itself, never the tunnels' inner packets.";

/** Of the server's own connections: above PPTP's. */
const LEAST_PORT = CONTROL.port + 1;

export const kernel = group(
  "kernel",
  {
    rmemDefault: bytes(4608).default(1_048_576),
    rmemMax: bytes(4608).default(16_777_216),
    wmemDefault: bytes(4608).default(262_144),
    wmemMax: bytes(4608).default(16_777_216),
    tcpRmem: sizes().default([4096, 87_380, 16_777_216]),
    tcpWmem: sizes().default([4096, 65_536, 16_777_216]),
    netdevMaxBacklog: z.int().min(100).max(1_000_000).default(16_384),
    somaxconn: z.int().min(128).max(65_535).default(4096),
    tcpMaxSynBacklog: z.int().min(128).max(1_000_000).default(8192),
    fileMax: z.int().min(65_536).max(1_000_000_000).default(2_097_152),
    ipLocalPortRange: z
      .tuple([z.int().min(LEAST_PORT).max(65_535), z.int().min(LEAST_PORT).max(65_535)])
      .check(refusalsOf(([first, last]) => (first < last ? undefined : {})))
      .default([10_240, 65_535]),
    tcpMtuProbing: z.union([z.literal(0), z.literal(1), z.literal(2)]).default(1),
    tcpCongestionControl: z.enum(["bbr", "cubic"]).default("bbr"),
    defaultQdisc: z.enum(["fq", "fq_codel"]).default("fq"),
  },
  {
    rmemDefault: {
      description: "Bytes that may wait for a reader on a socket, pptpd's GRE sockets among them.",
      allowed: usual("rmemMax"),
      unit: "bytes",
      example: "1048576",
      sets: "net.core.rmem_default",
      own: "212992",
      why: "pptpd never asks for a larger socket buffer, so it has this one, and loses what does not fit.",
      costs: "as much memory for each busy session, at most",
      source:
        "measured, emulated: uploads as fast as the path lost 12 to 288 packets at 212992, 22 at 262144, none at 1048576",
      test: READ_BACK,
    },
    rmemMax: {
      description: "Bytes that a program may ask for as its socket's receive buffer.",
      allowed: BUFFER,
      unit: "bytes",
      example: "16777216",
      sets: "net.core.rmem_max",
      own: "212992",
      why: "The bound of what a program may ask for itself; pptpd and pppd ask for nothing, so no tunnel is faster by it.",
      costs: "nothing until a program asks",
      source: "socket(7); no gain claimed",
      test: READ_BACK,
    },
    wmemDefault: {
      description: "Bytes that may wait on a socket to be sent, on pptpd's GRE sockets among them.",
      allowed: usual("wmemMax"),
      unit: "bytes",
      example: "262144",
      sets: "net.core.wmem_default",
      own: "212992",
      why: "What a burst to a client may queue behind the card before pptpd has to wait.",
      costs: "as much memory for each busy session, at most",
      source: "socket(7); no gain measured",
      test: READ_BACK,
    },
    wmemMax: {
      description: "Bytes that a program may ask for as its socket's send buffer.",
      allowed: BUFFER,
      unit: "bytes",
      example: "16777216",
      sets: "net.core.wmem_max",
      own: "212992",
      why: "As rmem_max, the other way.",
      costs: "nothing until a program asks",
      source: "socket(7); no gain claimed",
      test: READ_BACK,
    },
    tcpRmem: {
      description: "Receive buffer of a TCP socket in bytes: least, default and most.",
      allowed: BUFFERS,
      unit: "bytes",
      example: "'[4096,87380,16777216]'",
      sets: "net.ipv4.tcp_rmem",
      own: "4096 131072 6291456",
      why: `${TCP_HERE} That is PPTP's control connections and Secrets Manager, which fill no buffer.`,
      costs: "memory for a connection that fills it",
      source: "tcp(7); no gain claimed for tunnels",
      test: READ_BACK,
    },
    tcpWmem: {
      description: "Send buffer of a TCP socket in bytes: least, default and most.",
      allowed: BUFFERS,
      unit: "bytes",
      example: "'[4096,65536,16777216]'",
      sets: "net.ipv4.tcp_wmem",
      own: "4096 16384 4194304",
      why: "As tcp_rmem, the other way.",
      costs: "memory for a connection that fills it",
      source: "tcp(7); no gain claimed for tunnels",
      test: READ_BACK,
    },
    netdevMaxBacklog: {
      description: "Packets that may wait for a CPU which RPS chose.",
      allowed: "a whole number of packets from 100 to 1000000",
      unit: "packets",
      example: "16384",
      sets: "net.core.netdev_max_backlog",
      own: "1000",
      why: "RPS hands each packet to a CPU by this queue (nic.rps), and a burst beyond it is dropped.",
      costs: "latency, once a CPU is that far behind",
      source: "kernel: networking/scaling; no gain measured on one emulated CPU, where RPS is off",
      test: READ_BACK,
    },
    somaxconn: {
      description: "Connections that may wait to be accepted, for programs that ask for as many.",
      allowed: "a whole number from 128 to 65535",
      unit: "connections",
      example: "4096",
      sets: "net.core.somaxconn",
      own: "4096",
      why: "The kernel's own default, said so that nothing lower holds. It never reaches pptpd, which listens with a backlog of 3 whatever this says: what protects it are the limits in nftables.conf.",
      costs: "nothing",
      traps: ["backlog-of-three"],
      test: "lab/server/limits.test.ts: pptpd's backlog is 3, whatever somaxconn says",
    },
    tcpMaxSynBacklog: {
      description: "Connections that may be half open on a listener.",
      allowed: "a whole number from 128 to 1000000",
      unit: "connections",
      example: "8192",
      sets: "net.ipv4.tcp_max_syn_backlog",
      own: "by memory, 128 or more",
      why: "Counts only where SYN cookies are off, which they are not; pptpd's own backlog of 3 is the bound. The limit that holds is limits.halfOpen.",
      costs: "nothing",
      traps: ["backlog-of-three"],
      source: "tcp(7); no gain claimed",
      test: READ_BACK,
    },
    fileMax: {
      description: "Files that all processes together may have open.",
      allowed: "a whole number from 65536 to 1000000000",
      unit: "files",
      example: "2097152",
      sets: "fs.file-max",
      own: "9223372036854775807 (systemd)",
      why: "Debian has no bound at all; this one is finite, and far above the 20 or so that each of 500 sessions opens.",
      costs: "nothing",
      source: "proc_sys_fs(5)",
      test: READ_BACK,
    },
    ipLocalPortRange: {
      description: "Ports that the server's own connections leave from: first and last.",
      allowed: `two whole numbers from ${LEAST_PORT} to 65535, the first lower`,
      unit: "ports",
      example: "'[10240,65535]'",
      sets: "net.ipv4.ip_local_port_range",
      own: "32768 60999",
      why: `More ports for the server's own connections; above ${CONTROL.port}, so that none of them can sit on PPTP's port. Clients' NAT does not take its ports from here.`,
      costs: "nothing",
      source: "ip(7); no gain claimed for tunnels",
      test: READ_BACK,
    },
    tcpMtuProbing: {
      description:
        "Whether the server's own TCP finds the path's MTU by trying: 0 no, 1 when a path swallows packets, 2 always.",
      allowed: "0, 1 or 2",
      example: "1",
      sets: "net.ipv4.tcp_mtu_probing",
      own: "0",
      why: "ip_no_pmtu_disc takes path MTU discovery from this machine's own TCP; this gives it a way around a path that swallows large packets.",
      costs: "a few small segments on such a path",
      source: "RFC 4821; tcp(7)",
      test: READ_BACK,
    },
    tcpCongestionControl: {
      description: "Congestion control of the server's own TCP.",
      allowed: "bbr or cubic",
      example: "bbr",
      sets: "net.ipv4.tcp_congestion_control",
      own: "cubic",
      why: `${TCP_HERE} Inside a tunnel the two ends decide.`,
      costs: "the module tcp_bbr, loaded at boot",
      source: "kernel: tcp_bbr.c; no gain claimed for tunnels",
      test: READ_BACK,
    },
    defaultQdisc: {
      description: "Queue discipline of interfaces that come up from now on: the tunnels' own.",
      allowed: "fq or fq_codel",
      example: "fq",
      sets: "net.core.default_qdisc",
      own: "fq_codel (systemd)",
      why: "Each flow in a tunnel has its turn, and BBR is paced. The card itself has fq_codel (nic.qdisc), as what leaves there is many clients' packets and none of our own.",
      costs: "up to 100 packets may wait for a flow",
      source: "tc-fq(8); no gain measured",
      test: READ_BACK,
    },
  },
);
