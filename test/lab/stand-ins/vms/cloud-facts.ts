/**
 * Stands the cloud up with namespaces for guests, in namespaces of its own, and prints what is observed as JSON:
 * `node lab/enter.ts -- node test/lab/stand-ins/vms/cloud-facts.ts`. The expectations are cloud.test.ts's.
 */

import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { run } from "../../../../lab/host/run.ts";
import { authority } from "../../../../lab/image/image.ts";
import type { GroupRule, LabFleet, LabMachine } from "../../../../lab/network/fleet.ts";
import type { CounterName } from "../../../../lab/network/rules.ts";
import { endpointName, INTERNET } from "../../../../lab/network/topology.ts";
import { startCloud } from "../../../../lab/vms/cloud.ts";
import { arrives, attachStandIns, reaches, received, runIn } from "../../shared/stand-in-machines.ts";
import { BUCKET, rule, sampleFleet } from "../sample-fleet.ts";

const [ICMP, GRE, ESP] = [1, 47, 50];
const DISCOVER = fileURLToPath(new URL("discover.py", import.meta.url));
const runDir = mkdtempSync("/run/cloud-");
const ca = await authority();
const fleet = sampleFleet();
const cloud = await startCloud(fleet, { runDir, ca });
const { network, secretsManager } = cloud;
attachStandIns(network);

const client = network.client.address;
const server = fleet.machines[0]!;
const clientToServer = { protocol: GRE, from: "client", to: "a-1", destination: server.publicAddress };
const serverToClient = { protocol: GRE, from: "a-1", to: "client", destination: client };

/** The fleet with rules taken out: every one of a protocol, in the directions named. */
function without(protocol: string, ...directions: ("ingress" | "egress")[]): LabFleet {
  const machines = fleet.machines.map((machine) => ({ ...machine }));
  for (const machine of machines)
    for (const direction of directions)
      machine[direction] = machine[direction].filter((rule) => rule.protocol !== protocol);
  return { ...fleet, machines };
}

/** With these rules in place of all of a server's own. */
function only(ingress: GroupRule[], egress: GroupRule[]): LabFleet {
  return { ...fleet, machines: fleet.machines.map((machine) => ({ ...machine, ingress, egress })) };
}

/** What the router counts under `name` while `work` runs. */
async function counted(name: CounterName, work: () => Promise<unknown>): Promise<number> {
  const before = network.counters()[name].packets;
  await work();
  return network.counters()[name].packets - before;
}

/** curl in a server: no name service of the host's, what the router's DNS says is given to it. */
async function curl(namespace: string, args: string[], input = ""): Promise<string | undefined> {
  return await runIn(namespace, ["curl", "-s", "--fail", "--max-time", "5", ...args], input);
}

async function resolve(namespace: string, nameServer: string, name: string): Promise<string | undefined> {
  const script = `const r = new (require("node:dns").promises.Resolver)({ timeout: 3000, tries: 1 });
r.setServers(["${nameServer}"]); r.resolve4("${name}").then((a) => console.log(a.join()));`;
  return (await runIn(namespace, [process.execPath, "-"], script))?.trim();
}

const imds = "http://169.254.169.254/latest";
const token =
  (await curl("a-1", ["-X", "PUT", "-H", "X-aws-ec2-metadata-token-ttl-seconds: 60", `${imds}/api/token`])) ??
  "";
const withToken = (path: string) =>
  curl("a-1", ["-H", "@-", `${imds}/${path}`], `X-aws-ec2-metadata-token: ${token}`);

async function roleKeys() {
  const role = await withToken("meta-data/iam/security-credentials/");
  return JSON.parse((await withToken(`meta-data/iam/security-credentials/${role}`)) ?? "{}");
}

async function getSecret(trusted = true): Promise<string | undefined> {
  const keys = await roleKeys();
  const name = network.secretsManagerName;
  const config = `url = "https://${name}/"
user = "${keys.AccessKeyId}:${keys.SecretAccessKey}"
header = "X-Amz-Security-Token: ${keys.Token}"
header = "X-Amz-Target: secretsmanager.GetSecretValue"
header = "Content-Type: application/x-amz-json-1.1"
data = "{\\"SecretId\\":\\"${fleet.secrets[0]!.name}\\"}"`;
  const address = await resolve("a-1", "10.42.0.2", name);
  const signed = ["--aws-sigv4", `aws:amz:${fleet.region}:secretsmanager`];
  if (trusted) signed.push("--cacert", ca.certificate);
  const text = await curl("a-1", [...signed, "--resolve", `${name}:443:${address}`, "--config", "-"], config);
  return text === undefined ? undefined : JSON.parse(text).SecretString;
}

async function secrets() {
  const first = await getSecret();
  await secretsManager.put(fleet.secrets[0]!.name, "second value");
  const second = await getSecret();
  await secretsManager.stop();
  const stopped = (await getSecret()) ?? null;
  await secretsManager.start();
  const restarted = await getSecret();
  const untrusted = (await getSecret(false)) ?? null;
  network.applyRules(without("tcp", "egress"));
  const closed = (await getSecret()) ?? null;
  network.applyRules(fleet);
  return { first, second, stopped, restarted, untrusted, closed };
}

async function gre() {
  const explicit = { in: await arrives(clientToServer), out: await arrives(serverToClient) };
  network.applyRules(without("47", "ingress"));
  const unasked = await arrives(clientToServer);
  await arrives(serverToClient);
  const answered = await arrives(clientToServer);
  network.applyRules(without("47", "ingress", "egress"));
  const closed = { in: await arrives(clientToServer), out: await arrives(serverToClient) };
  const refused = network.counters().gre_refused.packets;
  network.applyRules(fleet);
  return { explicit, unasked, answered, closed, refused, again: await arrives(clientToServer) };
}

/** What a server's own packet lets in, besides that packet's own address and protocol, and for how long. */
async function greFlows() {
  network.applyRules(without("47", "ingress"));
  await arrives(serverToClient);
  const stranger = await arrives({ ...clientToServer, source: "100.64.9.7" });
  const protocol = await arrives({ ...clientToServer, protocol: ESP });
  const { stdout } = await run("nft", ["-j", "list", "set", "ip", "lab", "flows"]);
  const { timeout } = JSON.parse(stdout).nftables.find((each: { set?: object }) => each.set).set;
  const flow = `{ ${server.privateAddress} . ${client} . ${GRE} }`;
  const before = await arrives(clientToServer);
  await run("nft", [`delete element ip lab flows ${flow}`]);
  const afterQuiet = await arrives(clientToServer);
  network.applyRules(without("47", "egress"));
  const unasked = await arrives(serverToClient);
  await arrives(clientToServer);
  const answered = await arrives(serverToClient);
  network.applyRules(fleet);
  return { stranger, protocol, timeout, before, afterQuiet, unasked, answered };
}

/** Protocols that no rule of a server names, with rules for all. */
async function everyProtocol() {
  const all = [rule("-1", "0.0.0.0/0")];
  network.applyRules(only(all, all));
  const seen = {
    in: await arrives({ ...clientToServer, protocol: ESP }),
    out: await arrives({ ...serverToClient, protocol: ESP }),
    nobodys: await arrives({ ...clientToServer, destination: "198.18.0.99" }),
  };
  network.applyRules(fleet);
  return seen;
}

/** What a server sends that is larger than the internet's links: in pieces, or refused in favour of what fits. */
async function large() {
  const packet = { ...serverToClient, bytes: 2900 };
  const pieces = await counted("fragments_out", async () => arrives(packet));
  const whole = await arrives(packet);
  let uncut: unknown;
  const answer = await received("a-1", ICMP, 28, async () => {
    uncut = await arrives({ ...packet, df: true });
  });
  return { pieces, whole, uncut, answer };
}

/** The VPC's own services, and all else, where groups have no rule at all. */
async function closedGroups() {
  network.applyRules(only([], []));
  const refused = await counted("refused", async () => reaches("a-1", INTERNET.host, 443));
  const seen = {
    refused,
    token:
      (await curl("a-1", [
        "-X",
        "PUT",
        "-H",
        "X-aws-ec2-metadata-token-ttl-seconds: 60",
        `${imds}/api/token`,
      ])) ?? null,
    resolved: await resolve("a-1", "10.42.0.2", network.secretsManagerName),
    offered: (await runIn("a-2", ["/usr/bin/python3", DISCOVER, network.attachments[2]!.mac]))?.trim(),
    stranger: (await runIn("a-2", ["/usr/bin/python3", DISCOVER, "02:00:00:00:00:63"]))?.trim(),
  };
  network.applyRules(fleet);
  return seen;
}

/** A connection to 1723 that is open while its rule is taken out, and one that is tried then. */
async function tcp() {
  const listener = `import socket; s = socket.create_server(("0.0.0.0", 1723)); print("ready", flush=True)
while True:
  c, a = s.accept(); c.sendall((a[0] + "\\n").encode()); c.recv(1); c.sendall(b"alive\\n"); c.close()`;
  const python = ["netns", "exec", "a-1", "/usr/bin/python3", "-c", listener];
  const serving = spawn("ip", python, { stdio: ["ignore", "pipe", "ignore"] });
  await new Promise((ready) => serving.stdout.once("data", ready));
  const dialer = `import socket, sys
f = (s := socket.create_connection(("${server.publicAddress}", 1723), 3)).makefile()
print(f.readline().strip(), flush=True); sys.stdin.readline(); s.sendall(b"x"); print(f.readline().strip())`;
  const dialing = spawn("ip", ["netns", "exec", "client", "/usr/bin/python3", "-c", dialer], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  let output = "";
  dialing.stdout.on("data", (text) => (output += text));
  await new Promise((dialed) => dialing.stdout.once("data", dialed));
  network.applyRules(without("tcp", "ingress"));
  const ended = new Promise((close) => dialing.once("close", close));
  dialing.stdin.end("go\n");
  await ended;
  const afterwards = await reaches("client", server.publicAddress, 1723);
  network.applyRules(fleet);
  const restored = await reaches("client", server.publicAddress, 1723);
  serving.kill();
  const [seenAs, established] = output.trim().split("\n");
  return { seenAs, established, afterwards, restored };
}

/** One server to another of its subnet, with the group's rules and with one more each way. */
async function neighbours() {
  const dial = () => reaches("a-2", server.privateAddress, 1723);
  let withoutRule: unknown;
  const refused = await counted("refused", async () => {
    withoutRule = await dial();
  });
  const open = rule("tcp", server.subnet, 1723);
  const opened = ({ ingress, egress, ...each }: LabMachine) => ({
    ...each,
    ingress: [...ingress, open],
    egress: [...egress, open],
  });
  network.applyRules({ ...fleet, machines: fleet.machines.map(opened) });
  const withRule = await dial();
  network.applyRules(fleet);
  return { withoutRule, refused, withRule };
}

async function fragments() {
  network.applyRules(fleet);
  await arrives({ ...clientToServer, bytes: 2900 });
  return network.counters().fragments_in.packets;
}

/** Bytes that reached the other end in a second. */
async function throughput(...options: string[]): Promise<number> {
  const command = ["iperf3", "-c", INTERNET.host, "-p", "443", "-t", "1", "--json", ...options];
  return JSON.parse((await runIn("a-1", command)) ?? "{}").end?.sum_received?.bytes ?? 0;
}

const facts = {
  imds: {
    region: await withToken("meta-data/placement/region"),
    accessKey: (await roleKeys()).AccessKeyId,
    untold: (await curl("a-1", [`${imds}/meta-data/`])) ?? null,
    client: await reaches("client", "169.254.169.254", 80),
    internet: await reaches("internet", "169.254.169.254", 80),
    hops: (await received("a-1", 6, 20, () => curl("a-1", [`${imds}/meta-data/`])))?.ttl,
  },
  dns: {
    secretsManager: await resolve("a-1", "10.42.0.2", network.secretsManagerName),
    bucket: await resolve("a-1", "10.42.0.2", `${BUCKET}.${endpointName("s3", fleet.region)}`),
    linkLocal: await resolve("a-1", "169.254.169.253", network.attachments[1]!.hostName),
    client: (await resolve("client", "198.19.255.1", network.secretsManagerName)) ?? null,
  },
  dhcp: (await runIn("a-2", ["/usr/bin/python3", DISCOVER, network.attachments[2]!.mac]))?.trim(),
  groups: {
    https: await reaches("a-1", INTERNET.host, 443),
    ssh: await reaches("a-1", INTERNET.host, 22),
    clientSsh: await reaches("client", server.publicAddress, 22),
    refused: await counted("refused", async () => {
      await reaches("a-1", INTERNET.host, 22);
      await reaches("client", server.publicAddress, 22);
    }),
    clientDials: await reaches("client", server.publicAddress, 1723),
    clientToInternet: await reaches("client", INTERNET.host, 443),
    clientToPrivate: await reaches("client", server.privateAddress, 1723),
  },
  neighbours: await neighbours(),
  elasticIp: {
    foreignSource: await arrives({ ...serverToClient, source: "10.64.0.2" }),
    counted: network.counters().no_elastic_ip.packets,
  },
  everyProtocol: await everyProtocol(),
  large: await large(),
  closedGroups: await closedGroups(),
  gre: await gre(),
  greFlows: await greFlows(),
  tcp: await tcp(),
  fragments: await fragments(),
  throughput: { up: await throughput(), down: await throughput("-R") },
  secrets: await secrets(),
};
await cloud.stop();
console.log(JSON.stringify(facts));
