/**
 * A server's and a gateway's rules in a kernel, as Debian 13's nft loads them, against what test/reach/ reads out of their
 * text: whom they let reach the machine itself, a server's clients and what lies behind, for one address of each piece that
 * they tell apart. TCP only, and no security group is here: what it would stop comes this far. Namespaces as in reach-net.ts.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RecordedMachine, recordedMachines } from "../../../offline/machines.ts";
import { type Config, run } from "../../program/run.ts";
import type { Machine } from "../../reach/model.ts";
import { range, text } from "../../reach/networks.ts";
import { reachOf } from "../../reach/read.ts";
import { ED25519 } from "../../shared/public-keys.ts";
import { debianRoot } from "../shared/debian-root.ts";
import {
  type Asked,
  CONTROL,
  compared,
  HEALTH,
  inside,
  OTHER,
  opened,
  outside,
  PORTS,
  putGateway,
  SSH,
  setUp,
  tearDown,
} from "./reach-net.ts";

/** Whoever may dial or administer from where clients are reached too, and from elsewhere. */
const ROUTED: Config = {
  servers: 1,
  zones: ["eu-west-1a"],
  allowedCidrs: ["198.51.100.0/24", "10.9.8.0/24"],
  adminCidrs: ["203.0.113.0/24", "10.9.7.0/24"],
  sshPublicKeys: [ED25519],
  egress: { mode: "routed", cidrs: ["10.9.0.0/16", "10.42.0.0/16"] },
};
const CLOSED: Config = { ...ROUTED, frontDoor: "eip", adminCidrs: [], sshPublicKeys: [] };

interface Recorded {
  machine: Machine;
  recorded: RecordedMachine;
}
let machines: Recorded[];
let gateway: Recorded;

beforeAll(async () => {
  const machineOf = async (config: Config, wanted: Machine["kind"]) => {
    const fleet = await run(config);
    const machine = reachOf(fleet).machines.find(({ kind }) => kind === wanted)!;
    return { machine, recorded: recordedMachines(fleet).find(({ name }) => name === machine.name)! };
  };
  machines = await Promise.all([ROUTED, CLOSED].map((config) => machineOf(config, "server")));
  gateway = await machineOf(ROUTED, "gateway");
  await setUp(machines[0]!.machine);
});
afterAll(tearDown);

describe.each([
  ["with administration open, behind the balancer", 0],
  ["with administration closed, under an Elastic IP", 1],
])("%s", (_, index) => {
  let server: Machine;
  let root: string;
  const load = () => inside("reach-server", ["chroot", root, "nft", "-f", "/etc/nftables.conf"]);
  beforeAll(async () => {
    server = machines[index]!.machine;
    root = await debianRoot(machines[index]!.recorded);
    await load();
  });

  test("whom a server's clients are reached from reaches nothing of the server that is not opened to him", async () => {
    const own = server.address;
    const client = server.tunnels!.clients[0]![0];
    const administered = index === 0;
    const expected: [source: string, destination: number, ports: number[]][] = [
      ["10.9.1.1", client, PORTS],
      ["10.9.1.1", own, []],
      ["10.9.1.1", server.tunnels!.end, []],
      ["10.9.8.1", own, [CONTROL]],
      ["10.9.7.1", own, administered ? [SSH] : []],
      // A gateway's, and a balancer's, whose place is open with or without one.
      ["10.42.16.20", own, administered ? [SSH] : []],
      ["10.42.16.4", own, [HEALTH]],
    ];
    expect(await opened(expected)).toEqual(expected.map(([, , ports]) => ports));
    // The same without the one rule: it is this that closes them.
    const rule = /^.*"routed to the server itself"$/m;
    const path = join(root, "etc/nftables.conf");
    const rules = readFileSync(path, "utf8");
    expect(rules).toMatch(rule);
    writeFileSync(path, rules.replace(rule, ""));
    await load();
    const open = administered ? [SSH, CONTROL, HEALTH] : [CONTROL, HEALTH];
    const without = (await opened(expected)).slice(1, 2);
    writeFileSync(path, rules);
    await load();
    expect(without).toEqual([open]);
  });

  test("the kernel lets the same come in and through as the model", async () => {
    const destinations = [server.address, server.tunnels!.clients[0]![0]];
    const asked = outside(server).flatMap((source) =>
      destinations.flatMap((destination) => PORTS.map((port): Asked => [source, destination, port])),
    );
    const { apart, open } = await compared("reach-outside", "eth0", server, asked);
    expect(apart).toEqual([]);
    expect(open).toBeGreaterThan(10);
    expect(asked.length - open).toBeGreaterThan(10);
  });

  test("and the same leave a tunnel", async () => {
    const client = server.tunnels!.clients[0]![0];
    const destinations = [server.address, server.tunnels!.end, ...outside(server)];
    const asked = destinations.flatMap((destination) =>
      PORTS.map((port): Asked => [client, destination, port]),
    );
    const { apart, open } = await compared("reach-client", "ppp0", server, asked);
    expect(apart).toEqual([]);
    expect(open).toBeGreaterThan(3);
    expect(asked.length - open).toBeGreaterThan(10);
  });
});

describe("a gateway, where clients are routed", () => {
  beforeAll(async () => {
    const { machine, recorded } = gateway;
    const own = text(machine.address);
    await putGateway(own);
    const root = await debianRoot(recorded);
    const load = (file: string, ...given: string[]) =>
      inside("reach-server", [
        "chroot",
        root,
        "nft",
        ...[`own=${own}`, ...given].flatMap((each) => ["-D", each]),
        ...["-f", `/etc/pptp-fleet/${file}`],
      ]);
    // A server's, of the tests above, are no gateway's.
    await inside("reach-server", ["nft", "flush", "ruleset"]);
    await load("gateway.nft");
    await load("fast.nft", "card=eth0", "router=192.0.2.1");
  });

  test("opens its ports to the same as in the model, and leads the same to the balancer", async () => {
    const { machine } = gateway;
    const asked = outside(machine).flatMap((source) =>
      PORTS.map((port): Asked => [source, machine.address, port]),
    );
    const { apart, open } = await compared("reach-outside", "eth0", machine, asked);
    expect(apart).toEqual([]);
    expect(open).toBeGreaterThan(10);
    expect(asked.length - open).toBeGreaterThan(10);
    const dialled = await opened([
      ["203.0.113.1", machine.address],
      ["192.0.2.9", machine.address],
      // Servers and clients go through it, and dial nothing.
      ["10.42.0.9", machine.address],
      ["10.9.7.1", machine.address],
    ]);
    expect(dialled).toEqual([[SSH, CONTROL], [SSH, CONTROL], [], [SSH, CONTROL]]);
  });

  test("passes on what servers and routed clients send, but to the metadata service, and nobody else's", async () => {
    const { machine } = gateway;
    const destinations = ["203.0.113.9", "10.9.1.1", "169.254.169.254"].map((each) => range(each)[0]);
    const asked = outside(machine).flatMap((source) =>
      destinations.map((destination): Asked => [source, destination, OTHER]),
    );
    const { apart, open } = await compared("reach-outside", "eth0", machine, asked);
    expect(apart).toEqual([]);
    expect(open).toBeGreaterThan(3);
    expect(asked.length - open).toBeGreaterThan(10);
  });
});
