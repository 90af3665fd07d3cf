/**
 * Builds the lab's network in the namespace that `lab/enter.ts` made, which is the router itself:
 *
 *    client guest                                                               server guests
 *   198.51.100.1/32                                                          10.42.0.4   10.42.0.5
 *         │ 1500                                                                  │ 9001      │
 *      client0 ──── router: internet gateway, security groups (rules.ts) ── br-a ─┴─ tap-a-1 ─┴─ tap-a-2
 *   198.19.255.1     │ 169.254.169.254 metadata (lab/aws/)              10.42.0.1 router
 *                    │ DHCP, DNS (lab/aws/)                             10.42.0.2 resolver
 *                    ├── internet0 198.19.0.1 ── namespace `internet`: 198.19.0.2 iperf3, 198.19.0.3 Secrets Manager
 *                    └── uplink0 ── this machine's network, for Debian's mirrors
 *
 * A tap carries every protocol, GRE too. Servers of one subnet do not see each other's frames: the router answers
 * ARP for all, so that what they say to each other passes their groups, as on EC2.
 */

import { execFileSync } from "node:child_process";
import { appendFileSync } from "node:fs";
import { insideLab } from "../host/inside.ts";
import { addressAt, overlap } from "./addresses.ts";
import type { LabFleet } from "./fleet.ts";
import { type CounterName, ruleset } from "./rules.ts";
import {
  type Attachment,
  CLIENT_ROUTER,
  INTERNET,
  INTERNET_LINK,
  INTERNET_MTU,
  LAB_RANGE,
  LINK_LOCAL_RESOLVER,
  METADATA,
  type Topology,
  topology,
  UPLINK,
  UPLINK_CIDR,
  VPC_MTU,
} from "./topology.ts";

export interface Counter {
  packets: number;
  bytes: number;
}

export interface Network extends Topology {
  /** slirp4netns's DNS, which knows what this machine knows. */
  uplinkDns: string;
  /**
   * Puts the rules of `fleet` in place of those before, in one transaction. Flows of GRE are forgotten, as if 600 s
   * of quiet had passed; what conntrack tracks lives on, as on EC2. Counters begin at 0.
   *
   * @throws Error where `fleet` has other servers.
   */
  applyRules(fleet: LabFleet): void;
  counters(): Record<CounterName, Counter>;
}

/**
 * @param logFile What is run is written there.
 * @throws Error outside the lab's namespaces, or with the words of the command that failed.
 */
export function buildNetwork(fleet: LabFleet, logFile: string): Network {
  if (!insideLab()) throw new Error("the lab's network is built inside `node lab/enter.ts -- …` only");
  const plan = topology(fleet);
  const run = (command: string, args: string[], input = "") => {
    appendFileSync(logFile, `# ${command} ${args.join(" ")}\n${input}`);
    return execFileSync(command, args, { input, encoding: "utf8", stdio: ["pipe", "pipe", "pipe"] });
  };
  const uplinkDns = nameServer(plan, run("ip", ["-json", "-4", "address", "show", "dev", UPLINK]));

  // The rules come first: nothing passes before they stand, and loading them loads conntrack.
  run("nft", ["-f", "-"], ruleset(plan));
  run("sysctl", ["-q", "-w", ...ROUTER_SYSCTLS]);
  run("ip", ["netns", "add", INTERNET.namespace]);
  run("ip", ["-batch", "-"], links(plan));
  run(
    "bridge",
    ["-batch", "-"],
    plan.attachments.map(({ tap }) => `link set dev ${tap} isolated on\n`).join(""),
  );
  run("sysctl", [
    "-q",
    "-w",
    ...plan.subnets.map(({ bridge }) => `net.ipv4.conf.${bridge}.proxy_arp_pvlan=1`),
  ]);
  run("ip", ["-n", INTERNET.namespace, "-batch", "-"], internetLinks());

  return {
    ...plan,
    uplinkDns,
    applyRules: (changed) =>
      run("nft", ["-f", "-"], ruleset({ ...plan, attachments: withRulesOf(plan, changed) })),
    counters: () => parseCounters(run("nft", ["-json", "list", "counters", "table", "ip", "lab"])),
  };
}

/** The same links with the rules of `changed`. The client stays where it is, whether a rule still admits it or not. */
function withRulesOf({ attachments }: Topology, changed: LabFleet): Attachment[] {
  const rules = new Map(changed.machines.map(({ name, ingress, egress }) => [name, { ingress, egress }]));
  if (rules.size !== attachments.length || !attachments.every(({ machine }) => rules.has(machine.name)))
    throw new Error("only the rules of a fleet can change while the lab runs, not its servers");
  return attachments.map((each) => ({
    ...each,
    machine: { ...each.machine, ...rules.get(each.machine.name) },
  }));
}

/** No reverse path filter (the client's address may be anywhere), no redirects, no IPv6 on what is made later. */
export const ROUTER_SYSCTLS = [
  "net.ipv4.ip_forward=1",
  "net.ipv4.conf.all.rp_filter=0",
  "net.ipv4.conf.default.rp_filter=0",
  "net.ipv4.conf.all.send_redirects=0",
  "net.ipv4.conf.default.send_redirects=0",
  "net.ipv6.conf.default.disable_ipv6=1",
];

function links({ subnets, attachments, client }: Topology): string {
  const vpc = subnets.map(
    ({ bridge, router, resolver, prefix }) => `link add ${bridge} mtu ${VPC_MTU} type bridge forward_delay 0
address add ${router}/${prefix} dev ${bridge}
address add ${resolver}/32 dev ${bridge}
link set ${bridge} up
`,
  );
  const servers = attachments.map(
    ({ tap, subnet }) => `tuntap add dev ${tap} mode tap
link set ${tap} mtu ${VPC_MTU} master ${subnet.bridge} up
`,
  );
  return `address add ${METADATA}/32 dev lo
address add ${LINK_LOCAL_RESOLVER}/32 dev lo
route add blackhole ${LAB_RANGE}
${vpc.join("")}${servers.join("")}tuntap add dev ${client.tap} mode tap
address add ${CLIENT_ROUTER}/32 dev ${client.tap}
link set ${client.tap} mtu ${INTERNET_MTU} up
route add ${client.address}/32 dev ${client.tap} src ${CLIENT_ROUTER}
link add ${INTERNET_LINK} mtu ${INTERNET_MTU} type veth peer name eth0 netns ${INTERNET.namespace}
address add ${INTERNET.router}/24 dev ${INTERNET_LINK}
link set ${INTERNET_LINK} up
`;
}

/** The far hosts. Their programs ask for their own name at their start: nobody there knows it, and says so at once. */
export function internetLinks(): string {
  return `link set lo up
${[INTERNET.host, INTERNET.secretsManager, INTERNET.packages, INTERNET.s3].map((each) => `address add ${each}/24 dev eth0\n`).join("")}link set eth0 mtu ${INTERNET_MTU} up
route add default via ${INTERNET.router}
route add unreachable ${UPLINK_CIDR}
`;
}

/** slirp4netns puts its DNS at the third address of its network. */
function nameServer({ subnets, client }: Topology, addresses: string): string {
  const [info] = JSON.parse(addresses)[0].addr_info;
  const uplink = `${info.local}/${info.prefixlen}`;
  const hit = [...subnets.map(({ cidr }) => cidr), `${client.address}/32`].find((each) =>
    overlap(each, uplink),
  );
  if (hit) throw new Error(`${hit} overlaps the lab's uplink ${uplink}: choose another`);
  return addressAt(uplink, 3);
}

/** `nft -json list counters`, by name. */
export function parseCounters(json: string): Record<CounterName, Counter> {
  const listed: { counter?: Counter & { name: string } }[] = JSON.parse(json).nftables;
  const named = listed.flatMap(({ counter }) =>
    counter ? [[counter.name, { packets: counter.packets, bytes: counter.bytes }]] : [],
  );
  return Object.fromEntries(named) as Record<CounterName, Counter>;
}
