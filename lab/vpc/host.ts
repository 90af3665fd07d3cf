/**
 * What lies outside of the VPC's guest, in the namespace that `enter.ts` made: AWS's stand-ins and the far hosts.
 *
 *     guest ─ eth0 ─ lab-net ─┬─ internet0 ── namespace `internet`: iperf3, Secrets Manager, packages, S3
 *                             │                  198.19.0.2              .3               .4        .5
 *     guest ─ eth1 ─ lab-aws ─┴─ 169.254.169.254 metadata, 169.254.169.253 and VPC + 2 resolver
 *
 * Packages are an empty archive: the machines have theirs already. What their first boot waits for is S3's answer, by the VPC's
 * endpoint or else through their gateway. No Debian mirror is asked.
 */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Aws, startAws } from "../aws/aws.ts";
import { endpointRecords } from "../aws/dns.ts";
import { type MetadataService, startMetadata } from "../aws/imds.ts";
import { insideLab } from "../host/inside.ts";
import { type Daemon, run } from "../host/run.ts";
import { startService } from "../host/service.ts";
import type { Authority } from "../image/image.ts";
import { addressAt } from "../network/addresses.ts";
import { startPackages, startThroughputServers } from "../network/internet.ts";
import { internetLinks, ROUTER_SYSCTLS } from "../network/network.ts";
import {
  type Attachment,
  INTERNET,
  INTERNET_LINK,
  INTERNET_MTU,
  LAB_RANGE,
  LINK_LOCAL_RESOLVER,
  METADATA,
} from "../network/topology.ts";
import type { Outside } from "./network/internet.ts";
import { AWS_LINK, ELASTIC, NET_LINK } from "./network/topology.ts";
import type { Vpc } from "./vpc.ts";

export interface Host extends Pick<Aws, "secretsManager" | "s3"> {
  /** AWS knows these machines from now on, and no others. */
  knowMachines(vpc: Vpc): Promise<void>;
  /** What a name resolves to from now on, in the VPC and for clients: none, and it has no address. */
  resolve(name: string, addresses: string[]): void;
  stop(): Promise<void>;
}

/** The links that the guest's cards are put on, and the namespace `internet`. @throws Error outside the lab's namespaces. */
export async function buildLinks(vpc: Vpc, where: Outside): Promise<void> {
  if (!insideLab()) throw new Error("the lab's network is built inside `node lab/enter.ts -- …` only");
  await run("sysctl", ["-q", "-w", ...ROUTER_SYSCTLS]);
  await run("nft", ["-f", "-"], { input: guard(vpc) });
  await run("ip", ["netns", "add", INTERNET.namespace]);
  await run("ip", ["-batch", "-"], { input: links(vpc, where) });
  await run("ip", ["-n", INTERNET.namespace, "-batch", "-"], { input: internetLinks() });
}

/** @throws Error that says which part did not come up. */
export async function startHost(vpc: Vpc, runDir: string, ca: Authority): Promise<Host> {
  const running: Pick<Daemon, "stop">[] = [];
  let metadata: MetadataService | undefined;
  const stop = async () => {
    await Promise.all([metadata?.stop(), ...running.splice(0).map((each) => each.stop())]);
  };
  try {
    const names = await startNames(vpc, runDir);
    running.push(names.daemon, ...(await startThroughputServers(runDir)), await startPackages(runDir));
    const { region, machines } = vpc;
    const aws = await startAws({ region, machines, stores: vpc, ca, runDir });
    running.push(aws);
    const { secretsManager, s3, credentials } = aws;
    return {
      ...{ secretsManager, s3 },
      resolve: names.resolve,
      async knowMachines(now) {
        aws.know(now.machines);
        await metadata?.stop();
        metadata = await startMetadata(attachments(now), { credentials, logFile: join(runDir, "imds.log") });
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Nobody on the internet reaches an address of the VPC, its metadata service or its resolver, though all meet here; but S3
 * answers who asks it by the VPC's own endpoint, on the VPC's link.
 */
function guard({ cidr }: Vpc): string {
  return `table ip outside {
  counter to_private_address {
  }
  chain from_internet {
    type filter hook prerouting priority raw; policy accept;
    iifname "${INTERNET_LINK}" ip saddr ${INTERNET.s3} tcp sport 443 ip daddr ${cidr} accept
    iifname { "${NET_LINK.tap}", "${INTERNET_LINK}" } ip daddr { ${cidr}, ${METADATA}, ${LINK_LOCAL_RESOLVER} } counter name to_private_address drop
  }
}
`;
}

function links({ cidr }: Vpc, { client, nat }: Outside): string {
  const tap = (link: typeof NET_LINK, reach: string[]) => `tuntap add dev ${link.tap} mode tap
address add ${link.host}/30 dev ${link.tap}
link set ${link.tap} mtu ${INTERNET_MTU} up
${reach.map((each) => `route add ${each} via ${link.guest} dev ${link.tap}\n`).join("")}`;
  return `address add ${METADATA}/32 dev lo
address add ${LINK_LOCAL_RESOLVER}/32 dev lo
address add ${addressAt(cidr, 2)}/32 dev lo
route add blackhole ${LAB_RANGE}
${tap(NET_LINK, [ELASTIC, `${client}/32`, `${nat}/32`])}${tap(AWS_LINK, [cidr])}link add ${INTERNET_LINK} mtu ${INTERNET_MTU} type veth peer name eth0 netns ${INTERNET.namespace}
address add ${INTERNET.router}/24 dev ${INTERNET_LINK}
link set ${INTERNET_LINK} up
`;
}

/** The resolver: AWS's own names, and those that `resolve` sets. It asks no other. */
async function startNames(vpc: Vpc, runDir: string) {
  const file = join(runDir, "hosts");
  const conf = join(runDir, "dnsmasq.conf");
  writeFileSync(file, "");
  const own = addressAt(vpc.cidr, 2);
  writeFileSync(
    conf,
    [
      "keep-in-foreground",
      "log-facility=-",
      "user=root",
      "pid-file=",
      "no-hosts",
      "no-resolv",
      "bind-interfaces",
      "local-ttl=1",
      // The last is the clients': the internet's resolver.
      ...[own, LINK_LOCAL_RESOLVER, NET_LINK.host].map((each) => `listen-address=${each}`),
      `addn-hosts=${file}`,
      "local=/#/",
      ...vpc.interfaces.map(
        (eni) => `host-record=${hostName(vpc, eni.privateAddress)},${eni.privateAddress}`,
      ),
      ...endpointRecords(vpc.region),
      "",
    ].join("\n"),
  );
  const daemon = await startService({
    name: "dnsmasq",
    argv: ["dnsmasq", `--conf-file=${conf}`],
    log: join(runDir, "dnsmasq.log"),
    ready: async () => (await run("ss", ["-Hlun", `src ${own}:53`])).stdout.trim() !== "",
  });
  const named = new Map<string, string[]>();
  const resolve = (name: string, addresses: string[]) => {
    named.set(name, addresses);
    writeFileSync(file, [...named].flatMap(([name, all]) => all.map((each) => `${each} ${name}\n`)).join(""));
    process.kill(daemon.pid, "SIGHUP");
  };
  return { daemon, resolve };
}

function hostName({ region }: Pick<Vpc, "region">, address: string): string {
  return `ip-${address.replaceAll(".", "-")}.${region}.compute.internal`;
}

/** The machines as the metadata service wants them. */
function attachments(vpc: Vpc): Attachment[] {
  return vpc.machines.map((machine) => {
    const eni = vpc.interfaces.find(({ name }) => name === machine.name)!;
    const { privateAddress, publicAddress = "", mac, subnet } = eni;
    return {
      machine: {
        ...machine,
        ...{ privateAddress, publicAddress, zone: subnet.zone, subnet: subnet.cidr },
        ...{ ingress: eni.ingress, egress: eni.egress },
      },
      subnet: {
        cidr: subnet.cidr,
        prefix: Number(subnet.cidr.split("/")[1]),
        bridge: "",
        router: addressAt(subnet.cidr, 1),
        resolver: addressAt(vpc.cidr, 2),
      },
      tap: "",
      mac,
      hostName: hostName(vpc, privateAddress),
    };
  });
}
