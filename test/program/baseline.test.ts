/**
 * What each example stack makes of AWS and of its machines, held by hashes: a change of the code alone changes none. What is
 * meant to change a machine or a resource rewrites them:
 *
 *     npx vitest run --project unit test/program/baseline.test.ts -u
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import { recordedMachines } from "../../offline/machines.ts";
import { type ProgramRun, runProgram } from "../../offline/program.ts";
import { stackInput, stacks } from "../../offline/stack.ts";
import { shownResources } from "../../offline/write.ts";
import { CARVED, NAMED, PUBLIC, ROUTED } from "../shared/existing-vpc.ts";
import { ED25519 } from "../shared/public-keys.ts";
import { ACCOUNT, type Config, run } from "./run.ts";

const ADMIN = { adminCidrs: ["203.0.113.0/24"], sshPublicKeys: [ED25519] };

/** Configs in which something comes or goes: files, lines of files, packages, resources. */
const VARIANTS: Record<string, Config> = {
  "servers dialled themselves": { frontDoor: "eip" },
  "interrupts set once": { nic: { irq: "spread" } },
  "a card left alone": { nic: { irq: "keep", rps: false, ring: "keep", moderation: "off" } },
  "clients reach nothing": { egress: { mode: "none" } },
  "clients reach each other": { egress: { clientToClient: true } },
  "clients reach some networks": {
    egress: { mode: "nat", cidrs: ["10.9.0.0/16"] },
    dns: ["9.9.9.9", "10.9.0.53"],
  },
  "clients routed": { egress: { mode: "routed" }, dns: ["10.9.0.53"], ...ADMIN },
  "clients routed, subnets of a VPC": { ...NAMED, ...ROUTED },
  "GRE tracked": { conntrack: { mode: "track" } },
  "GRE tracked without helper": { conntrack: { mode: "track", helper: false } },
  administration: ADMIN,
  "administration, servers dialled themselves": { frontDoor: "eip", ...ADMIN },
  "free CIDRs of a VPC": CARVED,
  "public subnets of a VPC": PUBLIC,
  Graviton: { instanceType: "c7gn.large", gatewayInstanceType: "c7gn.large" },
  "pppd's options": {
    keepalive: { lcpEchoAdaptive: true },
    ppp: { mppe: "none", trafficMayBeRead: true, idleTimeout: 3600, sessionLimit: 7200, wins: ["10.9.0.9"] },
    pathMtu: 1400,
  },
  "more servers, and a name": {
    servers: 3,
    zones: ["eu-west-1a", "eu-west-1b"],
    dialName: "pptp.example.org",
    hostedZoneId: "Z0123456789ABCDEFGHIJ",
  },
};

interface Hashed {
  /** The machine's name, or `resources`. */
  where: string;
  /** A file's path, or a resource's type. */
  what: string;
  hash: string;
}

function hashes(run: ProgramRun): Hashed[] {
  return [...ofResources(run), ...ofMachines(run)];
}

function ofResources(run: ProgramRun): Hashed[] {
  const resources = shownResources(run);
  const byType = Object.entries(Object.groupBy(resources, ({ type }) => type)).toSorted();
  return [["all", resources] as const, ...byType].map(([what, some]) => ({
    where: "resources",
    what,
    hash: hash(JSON.stringify(some)),
  }));
}

function ofMachines(run: ProgramRun): Hashed[] {
  return recordedMachines(run).flatMap(({ name: where, userData, packed, files }) => [
    { where, what: "user data", hash: hash(userData) },
    { where, what: "bundle", hash: hash(packed) },
    ...files.map(({ path, permissions, content }) => ({
      where,
      what: path,
      hash: hash(`${permissions} ${content}`),
    })),
  ]);
}

const hash = (text: string | Buffer) => createHash("sha256").update(text).digest("hex");

/** `title | machines | file | hash` for all that differs from `base`; `none` for what `base` alone has. */
function lines(title: string, found: Hashed[], base: Hashed[] = []): string[] {
  const same = (one: Hashed) => (other: Hashed) => one.where === other.where && one.what === other.what;
  const differ = found.filter((each) => base.find(same(each))?.hash !== each.hash);
  const gone = base.filter((each) => !found.some(same(each))).map((each) => ({ ...each, hash: "none" }));
  const alike = Map.groupBy([...differ, ...gone], ({ what, hash }) => `${what} | ${hash}`);
  return [...alike].map(([rest, some]) => `${title} | ${some.map(({ where }) => where).join(" ")} | ${rest}`);
}

test("resources and machines are what they were (npx vitest run --project unit test/program/baseline.test.ts -u)", async () => {
  const base = hashes(await run());
  const text = lines("defaults", base);
  for (const stack of stacks())
    for (const frontDoor of ["nlb", "eip"]) {
      const input = stackInput(stack, [`frontDoor=${frontDoor}`, `users=${JSON.stringify([ACCOUNT])}`]);
      text.push(...lines(`${stack}, ${frontDoor}`, hashes(await runProgram(input)), base));
    }
  for (const [title, config] of Object.entries(VARIANTS))
    text.push(...lines(title, hashes(await run(config)), base));
  await expect(`${text.join("\n")}\n`).toMatchFileSnapshot(join(import.meta.dirname, "baseline.txt"));
});
