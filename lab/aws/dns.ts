/**
 * A stand-in for a VPC's DHCP and its resolver: dnsmasq in the router's namespace.
 *
 * Hands each server its private address, the router, the resolver and the MTU by its MAC address, and answers for
 * the endpoints of Secrets Manager and S3 with the stand-ins' addresses. Every other name goes to this machine's own resolver.
 * Leaves out: private hosted zones, reverse names, DNSSEC, the limit of 1,024 packets a second.
 */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Daemon, run } from "../host/run.ts";
import { startService } from "../host/service.ts";
import type { Network } from "../network/network.ts";
import { endpointName, INTERNET, LINK_LOCAL_RESOLVER, VPC_MTU } from "../network/topology.ts";

/** dnsmasq's configuration file. */
export function dnsmasqConf(network: Pick<Network, "subnets" | "attachments" | "region" | "uplinkDns">) {
  const { subnets, attachments, region, uplinkDns } = network;
  return [
    "keep-in-foreground",
    "log-facility=-",
    "log-dhcp",
    "user=root",
    "pid-file=",
    "no-hosts",
    "no-resolv",
    `server=${uplinkDns}`,
    "bind-dynamic",
    "except-interface=lo",
    ...subnets.map(({ bridge }) => `interface=${bridge}`),
    ...[LINK_LOCAL_RESOLVER, ...subnets.map(({ resolver }) => resolver)].map(
      (each) => `listen-address=${each}`,
    ),
    "leasefile-ro",
    "dhcp-authoritative",
    `domain=${region}.compute.internal`,
    ...subnets.flatMap(({ bridge, cidr, router, resolver }) => [
      `dhcp-range=set:${bridge},${cidr.split("/")[0]},static,${netmask(cidr)},3600`,
      `dhcp-option=tag:${bridge},option:router,${router}`,
      `dhcp-option=tag:${bridge},option:dns-server,${resolver}`,
      `dhcp-option=tag:${bridge},option:mtu,${VPC_MTU}`,
    ]),
    ...attachments.map(
      ({ mac, machine, hostName }) => `dhcp-host=${mac},${machine.privateAddress},${hostName.split(".")[0]}`,
    ),
    ...attachments.map(({ hostName, machine }) => `host-record=${hostName},${machine.privateAddress}`),
    ...endpointRecords(region),
    "",
  ].join("\n");
}

/** The names of AWS's endpoints, as lines for dnsmasq: of S3's, every bucket's too. IPv4 only, and nobody else is asked. */
export function endpointRecords(region: string): string[] {
  const s3 = endpointName("s3", region);
  return [
    `host-record=${endpointName("secretsmanager", region)},${INTERNET.secretsManager}`,
    `address=/${s3}/${INTERNET.s3}`,
    `local=/${s3}/`,
  ];
}

function netmask(cidr: string): string {
  const bits = Number(cidr.split("/")[1]);
  return [0, 8, 16, 24].map((from) => 256 - 2 ** (8 - Math.min(8, Math.max(0, bits - from)))).join(".");
}

/** Runs until stopped; serves once its socket listens. Configuration and log lie in `runDir`. */
export async function startDns(network: Network, runDir: string): Promise<Daemon> {
  const conf = join(runDir, "dnsmasq.conf");
  writeFileSync(conf, dnsmasqConf(network));
  const address = network.subnets[0]!.resolver;
  return await startService({
    name: "dnsmasq",
    argv: ["dnsmasq", `--conf-file=${conf}`],
    log: join(runDir, "dnsmasq.log"),
    ready: async () => (await run("ss", ["-Hlun", `src ${address}:53`])).stdout.trim() !== "",
  });
}
