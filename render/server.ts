/** From the plan to a server's files and user data. */
import { join } from "node:path";
import { fixed } from "../plan/fixed.ts";
import { HEALTH_PORT } from "../plan/health.ts";
import type { FleetPlan, Plan, ServerPlan } from "../plan/plan.ts";
import type { Architecture } from "../plan/site.ts";
import { oncePerInstance, RUNCMD } from "./first-boot.ts";
import { type MachineFile, readOverlay } from "./overlay.ts";
import { type CloudConfig, cloudConfig, userData } from "./user-data.ts";

/** A machine ready to be started. */
export interface Machine {
  name: string;
  files: MachineFile[];
  /** The bytes for EC2: gzip. */
  userData: Buffer;
}

const overlay = readOverlay(join(import.meta.dirname, "../templates/server"));

/** Debian's names for the kernel that has PPP (traps: cloud-kernel-without-ppp). */
const KERNEL: Record<Architecture, string> = { x86_64: "linux-image-amd64", arm64: "linux-image-arm64" };

export function renderServer({ fleet }: Plan, server: ServerPlan): Machine {
  const files = overlay(facts(fleet, server));
  return { name: server.name, files, userData: userData(cloudConfig(firstBoot(fleet, files))) };
}

/**
 * What the templates may ask for. One server's own and what all servers share; nothing that changes when a
 * server, an account or an allowed CIDR comes or goes, since a change of user data replaces the server. `services` is the
 * exception, with egress.mode `routed` alone: whoever may dial or administer from a network that reaches clients too.
 */
export function facts(fleet: FleetPlan, server: ServerPlan) {
  const { sizes, timers, limits, conntrack, kernel, nic, ppp } = fleet;
  return {
    pool: server.clientPool,
    callIds: server.callIds,
    healthPort: HEALTH_PORT,
    administered: fleet.sshPublicKeys.length > 0,
    services: fleet.services,
    sessions: fleet.sessionsPerServer,
    dns: fleet.dns,
    accountsSecret: fleet.accountsSecret,
    sizes,
    limits,
    timers: {
      lcpEchoInterval: timers.lcpEchoInterval,
      lcpEchoFailure: timers.lcpEchoFailure,
      lcpEchoAdaptive: timers.lcpEchoAdaptive,
      vanishedClient: timers.vanishedClient,
      initialPacket: timers.initialPacket,
      accounts: timers.accounts,
      tcpKeepalive: timers.tcpKeepalive,
    },
    kernel,
    conntrack: { ...conntrack, bypass: conntrack.mode === "bypass" },
    nic: {
      ...nic,
      ...switches({ rps: nic.rps, xps: nic.xps, gro: nic.gro, gso: nic.gso, tso: nic.tso }),
    },
    ppp: { ...ppp, mppe: MPPE[ppp.mppe] },
    egress: egressFacts(fleet),
    fixed: Object.fromEntries(Object.entries(fixed).map(([name, { value }]) => [name, value])),
  };
}

/** pppd's word for each strength. Not `require-mppe`: pppd then offers 40 bits alone, and refuses 128 (measured). */
const MPPE = { "128": "require-mppe-128", "40": "require-mppe-40", none: "nomppe" } as const;

function egressFacts({ egress: { mode, ...egress } }: FleetPlan) {
  return { ...egress, nat: mode === "nat", routed: mode === "routed", forwards: mode !== "none" };
}

/** Switches in the words of ethtool. */
function switches<T extends Record<string, boolean>>(set: T): Record<keyof T, "on" | "off"> {
  return Object.fromEntries(Object.entries(set).map(([name, on]) => [name, on ? "on" : "off"])) as Record<
    keyof T,
    "on" | "off"
  >;
}

/** Of apt's lists only those that name packages: no descriptions in other words, no sources. */
const LISTS = ["Acquire::Languages=none", "Acquire::IndexTargets::deb-src::Sources::DefaultEnabled=false"];

/**
 * One reboot, by the packages module itself (`package_reboot_if_required`): `runcmd` comes after that module,
 * so it runs on the second boot, on the kernel that has PPP.
 */
function firstBoot(fleet: FleetPlan, files: MachineFile[]): CloudConfig {
  return {
    ...(fleet.sshPublicKeys.length > 0 ? { ssh_authorized_keys: fleet.sshPublicKeys } : {}),
    // RSA and ECDSA keys take longer than the rest of their stage.
    ssh_genkeytypes: ["ed25519"],
    // The address may be there before its route is (traps: instance-boots-before-its-routes): wait for the mirror itself,
    // five minutes at most.
    bootcmd: [
      // Before the package is there: its pptpctrl then goes where ours starts it, at each update too.
      oncePerInstance(
        "pptp-fleet-divert",
        "dpkg-divert --quiet --local --rename --divert /usr/lib/pptpd/pptpctrl --add /usr/sbin/pptpctrl",
      ),
      oncePerInstance(
        "pptp-fleet-network",
        `for _ in $(seq 60); do apt-get update -qq --error-on=any -o ${LISTS.join(" -o ")} && exit 0; sleep 5; done; exit 1`,
      ),
    ],
    apt: {
      conf: ["APT::Install-Recommends=false", "Acquire::Retries=5", ...LISTS]
        .map((setting) => `${setting.replace("=", ' "')}";\n`)
        .join(""),
    },
    package_update: true,
    package_upgrade: false,
    packages: [
      KERNEL[fleet.architecture],
      "pptpd",
      "ppp",
      "python3",
      "nftables",
      "iproute2",
      "ca-certificates",
      "curl",
      "jq",
      "ethtool",
      ...(fleet.nic.irq === "irqbalance" ? ["irqbalance"] : []),
    ],
    package_reboot_if_required: true,
    write_files: files,
    runcmd: RUNCMD,
  };
}
