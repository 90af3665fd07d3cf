/**
 * Boots the dev stack's gateway as EC2 would, in namespaces of its own, and prints what is seen of it as JSON:
 * `node lab/enter.ts -- node test/lab/emulated/gateway-boot-facts.ts`. The expectations are gateway-boot.test.ts's.
 *
 *    client ─── router: internet gateway, groups, ──┬── gateway-a    guest: an AMI's disk, the program's user data
 *   namespace   metadata, DHCP, DNS, Debian's mirror├── a-1          namespace ┐ their route tables lead to the
 *                                                   └── balancer-a   namespace ┘ gateway
 */
import { mkdtempSync, readFileSync } from "node:fs";
import { labAccount, programRun } from "../../../lab/client/stack.ts";
import { wholeMachine } from "../../../lab/guest/accel.ts";
import { READY_UNIT } from "../../../lab/guest/first-boot.ts";
import { crashes } from "../../../lab/guest/guest.ts";
import { Phases } from "../../../lab/host/phases.ts";
import { run } from "../../../lab/host/run.ts";
import { waitUntil } from "../../../lab/host/wait.ts";
import { amiImage, authority, toolsImage } from "../../../lab/image/image.ts";
import type { LabMachine } from "../../../lab/network/fleet.ts";
import { INTERNET, VPC_MTU } from "../../../lab/network/topology.ts";
import { startCloud } from "../../../lab/vms/cloud.ts";
import { bootedOnce } from "../../../lab/vms/snapshot.ts";
import { readVpc } from "../../../lab/vpc/read/read.ts";
import type { Eni } from "../../../lab/vpc/vpc.ts";
import { recordedPlan } from "../../../offline/machines.ts";
import { exchange, GRE, gre, type Packet } from "../shared/gateway-traffic.ts";
import { attachStandIns, reaches } from "../shared/stand-in-machines.ts";

const phases = new Phases();
const account = labAccount();
const program = await phases.run("program", () => programRun("dev", ["frontDoor=nlb"], account));
const plan = recordedPlan(program).gateways[0]!;
const vpc = readVpc(program.resources);
const named = (name: string): Eni => vpc.interfaces.find((each) => each.name === name)!;
const [own, server, node] = [named(plan.name), named("a-1"), named("balancer-a")];

/** The server first: the client's address is one that its rules admit to 1723. */
const machines = [server, own, node].map(asMachine);
const runDir = mkdtempSync("/run/gateway-boot-");
const ca = await authority();
const cloud = await phases.run("network and AWS's stand-ins", async () =>
  startCloud({ ...vpc, machines, secrets: [] }, { runDir, ca }),
);
const { network } = cloud;
const link = network.attachments.find(({ machine }) => machine.name === own.name)!;
attachStandIns({ ...network, attachments: network.attachments.filter((each) => each !== link) });
await leadByRouteTables();

const [ami, tools] = [await amiImage(), await toolsImage()];
const accel = await wholeMachine(tools);
// For gateway-boot.test.ts, whose process knows nothing of this one's guests.
process.on("exit", () => {
  for (const crash of crashes) console.error(`a guest crashed: ${crash.split("\n")[0]}`);
});
const guest = await bootedOnce({
  name: own.name,
  boot: { kind: "ami", instanceType: link.machine.instanceType },
  disk: ami.disk,
  nics: [{ tap: link.tap, mac: link.mac, mtu: VPC_MTU }],
  // As a server's (lab/vms/lab.ts): what the smallest type that is allowed has, less what EC2 keeps.
  ...{ memoryMiB: 2048, accel, runDir, phases },
  inputs: [
    link.machine.userData,
    JSON.stringify(vpc.bucket?.objects),
    JSON.stringify(network),
    readFileSync(ca.certificate),
  ],
});
const sh = (script: string) => guest.agent.sh(script, { timeoutMs: 300_000 });
const lines = async (script: string) => (await sh(script)).trimEnd().split("\n");

const facts = {
  own: own.privateAddress,
  router: link.subnet.router,
  elasticIp: own.publicAddress!,
  server: server.privateAddress,
  client: network.client.address,
  accelerated: accel.kind,
  // Its code says whether there were errors, as its text does.
  cloudInit: JSON.parse(await sh("cloud-init status --wait --format json || true")),
  kernel: (await sh("uname -r")).trim(),
  boots: JSON.parse(await sh("journalctl --list-boots -o json")).length,
  failedUnits: await sh("systemctl --failed --no-legend"),
  ready: await sh(`systemctl is-active ${READY_UNIT} || true; systemctl show -P StatusText ${READY_UNIT}`),
  learnt: (await sh("pptp-fleet-gateway own")).trim(),
  prerouting: await sh("nft list chain ip pptp_fleet prerouting"),
  map: JSON.parse(await sh("nft -j list map ip pptp_fleet server_of_call")).nftables[1].map.elem.length,
  fast: await sh("nft list chain netdev pptp_fleet ingress"),
  forward: (await sh("cat /proc/sys/net/ipv4/ip_forward")).trim(),
  sendRedirects: await lines("cat /proc/sys/net/ipv4/conf/{all,default,eth0}/send_redirects"),
  acceptRedirects: await lines("cat /proc/sys/net/ipv4/conf/{all,default,eth0}/accept_redirects"),
  routingRules: await lines("ip rule"),
  // Where a secret would lie had it come along; the plan's own words have to be found there.
  holds: {
    account: await holding(account.name),
    // Its random half: the rest may be written otherwise in a file that quotes.
    password: await holding(account.password.split(" ")[0]!),
    balancer: await holding(plan.balancerAddress),
  },
  greIn: await passed("client", "a-1", {
    ...{ source: network.client.address, destination: own.publicAddress! },
    ...{ protocol: GRE, payload: gre(plan.servers[0]!.last) },
  }),
  greOut: await passed("a-1", "client", {
    ...{ source: server.privateAddress, destination: network.client.address },
    ...{ protocol: GRE, payload: gre(7) },
  }),
  control: await reaches("client", own.publicAddress!, 1723),
  outside: await reaches("a-1", INTERNET.host, 443),
  counters: await counters(),
  // Seconds since the kernel's start.
  seconds: {
    silent: await since("pptp-fleet-shut.service", "ActiveEnter"),
    forwarding: await since("pptp-fleet-gateway.service", "ActiveEnter"),
    ready: await since(READY_UNIT, "ActiveEnter"),
    cloudInit: await since("cloud-final.service", "ActiveEnter"),
  },
};
await guest.stop();
await cloud.stop();
console.log(JSON.stringify(facts));

/** An interface of the VPC as what the single-machine lab puts on a link. */
function asMachine(eni: Eni): LabMachine {
  const instance = vpc.machines.find(({ name }) => name === eni.name);
  return {
    ...{ instanceType: "", userData: Buffer.alloc(0), role: "", policies: [], files: [], ...instance },
    ...{ name: eni.name, zone: eni.subnet.zone, subnet: eni.subnet.cidr, privateAddress: eni.privateAddress },
    // Who has no Elastic IP is not translated, and would be seen outside under an address that nobody expects.
    publicAddress: eni.publicAddress ?? eni.privateAddress,
    ...{ ingress: eni.ingress, egress: eni.egress },
  };
}

/** What the program's route tables send to an instance, the router sends there; the rest it knows already. */
async function leadByRouteTables(): Promise<void> {
  const local = network.subnets.map(({ cidr, bridge }) => `route add ${cidr} dev ${bridge} table 100\n`);
  const led = [server, node].flatMap(({ subnet }) => {
    const { routes } = vpc.routeTables.find(({ id }) => id === subnet.routeTable)!;
    const { bridge } = network.subnets.find(({ cidr }) => cidr === subnet.cidr)!;
    return routes.flatMap(({ destination, via }) => {
      const next = "networkInterface" in via && vpc.interfaces.find(({ id }) => id === via.networkInterface);
      return next
        ? `route replace ${destination} via ${next.privateAddress} table 100\nrule add iif ${bridge} pref 100 table 100\n`
        : [];
    });
  });
  await run("ip", ["-batch", "-"], { input: [...local, ...led].join("") });
}

/** What arrives of a packet; the first ones may wait for their neighbours' addresses. */
async function passed(from: string, to: string, packet: Packet) {
  const arrival = async () => (await exchange(from, [packet], [to, packet.protocol]))[0]![0];
  return waitUntil(`GRE from ${from} to ${to}`, arrival, { timeoutMs: 30_000 }).catch(() => null);
}

/** By table's family and counter's name: packets. */
async function counters(): Promise<Record<string, number>> {
  const { nftables } = JSON.parse(await sh("nft -j list counters"));
  return Object.fromEntries(
    nftables.flatMap(({ counter }: any) =>
      counter ? [[`${counter.family} ${counter.name}`, counter.packets]] : [],
    ),
  );
}

/** Whether any file that user data or a program of the first boot could have written holds these words. */
async function holding(words: string): Promise<boolean> {
  const search = `import gzip, pathlib, sys
words = sys.stdin.buffer.read()
for folder in ("/etc", "/var/lib/cloud", "/var/log", "/run", "/root", "/usr/local"):
    for path in pathlib.Path(folder).rglob("*"):
        if path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            if words in (gzip.decompress(data) if data[:2] == b"\\x1f\\x8b" else data): print(path); sys.exit()`;
  const { code, stdout, stderr } = await guest.agent.exec(["/usr/bin/python3", "-c", search], {
    input: words,
    timeoutMs: 120_000,
  });
  if (code !== 0) throw new Error(`the search for secrets failed: ${stderr}`);
  return stdout !== "";
}

async function since(unit: string, event: string): Promise<number> {
  return Number(await sh(`systemctl show -P ${event}TimestampMonotonic ${unit}`)) / 1e6;
}
