/** From the plan to a gateway's files and user data. */
import { join } from "node:path";
import { fixed } from "../plan/fixed.ts";
import type { GatewayPlan } from "../plan/gateways.ts";
import type { FleetPlan, Plan } from "../plan/plan.ts";
import { oncePerInstance, RUNCMD } from "./first-boot.ts";
import { type MachineFile, readOverlay } from "./overlay.ts";
import type { Machine } from "./server.ts";
import { type CloudConfig, cloudConfig, userData } from "./user-data.ts";

const overlay = readOverlay(join(import.meta.dirname, "../templates/gateway"));

export function renderGateway({ fleet }: Plan, gateway: GatewayPlan): Machine {
  const files = overlay(facts(fleet, gateway));
  return { name: gateway.name, files, userData: userData(cloudConfig(firstBoot(fleet, files))) };
}

/**
 * What the templates may ask for: nothing that changes when a server, an account or an allowed CIDR comes or goes, unless
 * that lies in the VPC or, with egress.mode `routed`, among the clients.
 */
function facts(
  { conntrack, sshPublicKeys }: FleetPlan,
  { zone, serversCidr, balancerAddress, servers, own, services }: GatewayPlan,
): object {
  return {
    zone,
    serversCidr,
    balancerAddress,
    servers,
    own,
    services,
    administered: sshPublicKeys.length > 0,
    tcpTimeoutEstablished: conntrack.tcpTimeoutEstablished,
    fixed: Object.fromEntries(Object.entries(fixed).map(([name, { value }]) => [name, value])),
  };
}

/**
 * The image as it is, with nftables, as fast as may be: where a gateway is replaced, this is the gap that sessions
 * have to live through. So nothing waits for cloud-init's later stages; and from here on the machine is silent.
 */
function firstBoot(fleet: FleetPlan, files: MachineFile[]): CloudConfig {
  return {
    ...(fleet.sshPublicKeys.length > 0 ? { ssh_authorized_keys: fleet.sshPublicKeys } : {}),
    // RSA and ECDSA keys take longer than all the rest of this stage.
    ssh_genkeytypes: ["ed25519"],
    bootcmd: [
      oncePerInstance("pptp-fleet-silence", SILENCE),
      oncePerInstance("pptp-fleet-nftables", NFTABLES),
      oncePerInstance("pptp-fleet-start", START),
    ],
    write_files: files,
    runcmd: RUNCMD,
  };
}

/**
 * Clients may be led here already, and there is no nft yet: the kernel would answer their GRE with an ICMP error and
 * their TCP with a reset, and either ends a tunnel (traps: icmp-error-ends-tunnel). Routing rules need no package: what
 * finds no route, where nothing is forwarded, is dropped without a word. pptp-fleet-first-boot takes them away.
 */
const SILENCE = `ip rule add pref 1 ipproto 47 type blackhole
ip rule add pref 2 ipproto tcp dport 1723 type blackhole
ip rule add pref 3 lookup local
ip rule del pref 0`;

/**
 * Debian's image may have nft; the only package there is to fetch. The address may be there before its route is
 * (traps: instance-boots-before-its-routes): five minutes at most. Of apt's lists only the one that names packages.
 */
const NFTABLES = `export DEBIAN_FRONTEND=noninteractive
for _ in $(seq 60); do
  command -v nft && exit 0
  { apt-get update -qq --error-on=any -o Acquire::http::Timeout=10 -o Acquire::Languages=none \\
    -o Acquire::IndexTargets::deb-src::Sources::DefaultEnabled=false &&
    apt-get install -qy --no-install-recommends nftables; } || sleep 2
done
exit 1`;

/**
 * runcmd comes last in a boot. This is queued here and starts when the stage that writes the files is over, beside
 * all that comes after it: systemd has its units wait for sysinit.target, and that for cloud-init's network stage.
 */
const START = `systemd-run --no-block --collect --unit=pptp-fleet-first-boot sh ${RUNCMD[0]![0]}`;
