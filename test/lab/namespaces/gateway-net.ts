/**
 * A zone in network namespaces, around a gateway with its rendered files and Debian 13's nft. The VPC's router leads
 * by the subnet that a packet comes from, as route tables do; no internet gateway, so the client dials the private
 * address.
 *
 *     client 198.18.9.2 ──┐              ┌── servers  10.42.0.4 … .65   (default route: the gateway)
 *                         ├── router ────┤
 *     gateway 10.42.16.20 ┘              └── balancer 10.42.16.4        (default route: the gateway)
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../../lab/host/run.ts";
import { makePlan } from "../../../plan/plan.ts";
import { renderGateway } from "../../../render/machine.ts";
import { givenFacts, givenSettings } from "../../shared/given.ts";
import { debianRoot } from "../shared/debian-root.ts";
import { GRE, type Packet } from "../shared/gateway-traffic.ts";

export const OWN = "10.42.16.20";
export const CLIENT = "198.18.9.2";
export const plan = makePlan(givenSettings({ frontDoor: "nlb" }), givenFacts(), "dev");
export const gateway = plan.gateways[0]!;

/** Each with its interface `eth0`, its addresses, and the router's address there. */
const HOSTS = {
  "zone-client": { addresses: [`${CLIENT}/24`], router: "198.18.9.1/24", mtu: 1500 },
  "zone-gateway": { addresses: [`${OWN}/28`], router: "10.42.16.17/28", mtu: 9001 },
  "zone-balancer": { addresses: [`${gateway.balancerAddress}/28`], router: "10.42.16.1/28", mtu: 9001 },
  "zone-servers": {
    addresses: gateway.servers.map(({ address }) => `${address}/20`),
    router: "10.42.0.1/20",
    mtu: 9001,
  },
};
export type Host = keyof typeof HOSTS;

let root: string;

let zone: Promise<void> | undefined;

/** The zone, built by the first test file that asks; it ends with the namespace it runs in. */
export function sharedZone(): Promise<void> {
  zone ??= buildZone();
  return zone;
}

/** With the gateway's settings read by systemd and its rules by its own script. */
async function buildZone(): Promise<void> {
  const names = Object.keys(HOSTS) as Host[];
  await ip(["zone-router", ...names].map((name) => `netns add ${name}`));
  for (const name of names) {
    const { addresses, router, mtu } = HOSTS[name];
    const link = name.slice("zone-".length);
    await ip([
      `link add eth0 mtu ${mtu} netns ${name} type veth peer name ${link} mtu ${mtu} netns zone-router`,
    ]);
    await ip([`address add ${router} dev ${link}`, `link set ${link} up`], "zone-router");
    await ip(
      [
        "link set lo up",
        ...addresses.map((address) => `address add ${address} dev eth0`),
        "link set eth0 up",
        `route add default via ${router.split("/")[0]}`,
      ],
      name,
    );
  }
  // What is sent to the VPC itself has its local route; all else from a private subnet has the gateway.
  const subnets = {
    servers: gateway.serversCidr,
    balancer: gateway.balancerCidr,
    gateway: gateway.subnetCidr,
  };
  await ip(
    [
      ...Object.entries(subnets).map(([link, cidr]) => `route add ${cidr} dev ${link} table 100`),
      `route add default via ${OWN} table 100`,
      ...["balancer", "servers"].map((link) => `rule add iif ${link} pref 100 table 100`),
    ],
    "zone-router",
  );
  const loose = ["all", "servers", "balancer"].map((link) => `net.ipv4.conf.${link}.rp_filter=0`);
  await inside("zone-router", ["sysctl", "-qw", "net.ipv4.ip_forward=1", ...loose]);
  root = await debianRoot(renderGateway(plan, gateway));
  await onGateway("/usr/lib/systemd/systemd-sysctl", "/etc/sysctl.d/90-pptp-fleet.conf");
  await onGateway("pptp-fleet-gateway", "shut");
  await onGateway("pptp-fleet-gateway", "open");
}

async function ip(commands: string[], namespace?: string): Promise<void> {
  const where = namespace ? ["-n", namespace] : [];
  await run("ip", [...where, "-batch", "-"], { input: `${commands.join("\n")}\n` });
}

/** What a command prints in a host's network. @throws Error where it fails. */
export async function inside(host: Host | "zone-router", argv: string[], input = ""): Promise<string> {
  return (await run("ip", ["netns", "exec", host, ...argv], { input })).stdout;
}

/** The same with the gateway's files, in Debian 13. */
export function onGateway(...argv: string[]): Promise<string> {
  return inside("zone-gateway", ["chroot", root, ...argv]);
}

/** What each counter says. */
async function counters(): Promise<Record<string, number>> {
  const { nftables } = JSON.parse(await onGateway("nft", "-j", "list", "counters"));
  const sums: Record<string, number> = {};
  for (const { counter } of nftables)
    if (counter) sums[counter.name] = (sums[counter.name] ?? 0) + counter.packets;
  return sums;
}

/** Which counters `work` moves, and by how much. */
export async function counted(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await counters();
  await work();
  const after = await counters();
  return Object.fromEntries(
    Object.entries(after).flatMap(([name, value]) =>
      value === before[name] ? [] : [[name, value - before[name]!]],
    ),
  );
}

/** Runs `work` while the rules are what `change` makes of them. @throws Error where that changes nothing. */
export async function withRules<T>(change: (rules: string) => string, work: () => Promise<T>): Promise<T> {
  const path = join(root, "etc/pptp-fleet/gateway.nft");
  const rules = readFileSync(path, "utf8");
  const changed = change(rules);
  if (changed === rules) throw new Error("the rules have nothing that could be changed");
  writeFileSync(path, changed);
  try {
    await onGateway("pptp-fleet-gateway", "open");
    return await work();
  } finally {
    writeFileSync(path, rules);
    await onGateway("pptp-fleet-gateway", "open");
  }
}

/** Everything, for the readers of it. */
export const gatewayRoot = () => root;

/** GRE to the gateway's address. */
export const fromClient = (payload: string, more: Partial<Packet> = {}): Packet => ({
  ...{ source: CLIENT, destination: OWN, protocol: GRE, payload },
  ...more,
});

/** The first server of the zone. */
export const server = gateway.servers[0]!;

/** GRE of the first server to the client. */
export const fromServer = (payload: string, more: Partial<Packet> = {}): Packet => ({
  ...{ source: server.address, destination: CLIENT, protocol: GRE, payload },
  ...more,
});
