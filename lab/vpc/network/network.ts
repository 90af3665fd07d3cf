/** The VPC inside its guest: built from its description, and brought to another one while it runs. */

import { gzipSync } from "node:zlib";
import type { Agent } from "../../guest/agent.ts";
import { parseCounters } from "../../network/network.ts";
import type { Eni, Vpc } from "../vpc.ts";
import {
  CONFIG,
  createNode,
  deleteNode,
  healthConfig,
  nodeIdleTimeout,
  nodeRules,
  startHealth,
} from "./balancer.ts";
import { createEni, cutEni, deleteEni, type EniCounter, eniRules, linkEni, plug, unplug } from "./eni.ts";
import { createInternet, internetRoutes, type Outside } from "./internet.ts";
import { changeRoutes, createRouter, routerRules, routes } from "./router.ts";
import { namespaceOf, ROUTER, refuseNames } from "./topology.ts";

/** A first build under emulation takes half a minute. */
const BUILD_TIMEOUT_MS = 180_000;

export class VpcNetwork {
  private readonly agent: Agent;
  private interfaces: Eni[] = [];
  /** Those whose machine is off. */
  private readonly unplugged = new Set<string>();
  /** Those that are gone from the VPC, with a machine that was on when they went. */
  private readonly cut = new Map<string, Eni>();
  /** What stands, by what it is of. */
  private parts = new Map<string, string>();
  private routes: string[] = [];

  constructor(agent: Agent) {
    this.agent = agent;
  }

  /** What does not depend on the VPC: its router, the internet, the clients. */
  async build(where: Outside): Promise<void> {
    await this.run([createInternet(where), createRouter(), internetRoutes()]);
  }

  /**
   * Makes the VPC this one. New interfaces come with a namespace for their machine; those that are gone take theirs along,
   * unless their machine is on: it is cut off, and gets its interface back when it is in the VPC again. Of the rest what
   * differs is replaced, and no packet of the others lost. Tracked connections live on, flows of GRE through an interface
   * whose rules change are forgotten.
   */
  async apply(vpc: Vpc): Promise<void> {
    refuseNames(vpc);
    const same = (a: Eni) => (b: Eni) => identity(a) === identity(b);
    const gone = this.interfaces.filter((each) => !vpc.interfaces.some(same(each)));
    const fresh = vpc.interfaces.filter((each) => !this.interfaces.some(same(each)));
    const wanted = parts(vpc);
    const scripts = [
      ...gone.flatMap((each) => this.takeAway(each)),
      ...fresh.flatMap((each) => this.bring(each)),
      ...vpc.nodes.filter(({ name }) => isOf(fresh, name)).map((node) => createNode(node, vpc)),
      changeRoutes(
        this.routes.filter((line) => !gone.some(({ name }) => line.includes(` dev ${name} `))),
        routes(vpc),
      ),
      ...[...wanted].filter(([part, script]) => this.parts.get(part) !== script).map(([, script]) => script),
      ...vpc.nodes.filter(({ name }) => isOf(fresh, name)).map(({ name }) => startHealth(name)),
    ];
    await this.run(scripts);
    this.interfaces = vpc.interfaces;
    this.parts = wanted;
    this.routes = routes(vpc);
  }

  private takeAway(eni: Eni): string[] {
    const { name } = eni;
    const isNode = this.parts.has(`node ${name}`);
    for (const part of this.parts.keys()) if (part.endsWith(` ${name}`)) this.parts.delete(part);
    const off = this.unplugged.delete(name);
    if (isNode) return [deleteNode(eni), cutEni(eni), deleteEni(eni)];
    if (off) return [cutEni(eni), deleteEni(eni)];
    this.cut.set(name, eni);
    return [cutEni(eni)];
  }

  private bring(eni: Eni): string[] {
    const before = this.cut.get(eni.name);
    this.cut.delete(eni.name);
    if (before === undefined) return [createEni(eni)];
    return identity(before) === identity(eni) ? [linkEni(eni)] : [deleteEni(before), createEni(eni)];
  }

  /** Takes a machine that ended off its interface: what its kernel held would forward on without it. */
  async unplug(name: string): Promise<void> {
    if (this.unplugged.has(name)) return;
    await this.run([unplug(this.interface(name))]);
    this.unplugged.add(name);
  }

  /** Puts a machine that begins on its interface, where it is not. */
  async plug(name: string): Promise<void> {
    if (this.unplugged.delete(name)) await this.run([plug(this.interface(name))]);
  }

  private interface(name: string): Eni {
    const found = this.interfaces.find((each) => each.name === name);
    if (!found) throw new Error(`the VPC has no interface ${name}`);
    return found;
  }

  /** What an interface has counted since its rules were last applied. */
  async counters(name: string): Promise<Record<EniCounter, number>> {
    const listed = await this.agent.sh(
      `ip netns exec ${namespaceOf({ name })} nft -j list counters table ip eni`,
    );
    const packets = Object.entries(parseCounters(listed)).map(([name, { packets }]) => [name, packets]);
    return Object.fromEntries(packets);
  }

  /** What a node's health checks have found, by `address:port`. */
  async health(node: string): Promise<Record<string, "initial" | "healthy" | "unhealthy">> {
    return JSON.parse(await this.agent.sh(`cat ${CONFIG}/${node}.state`));
  }

  /** How many of each zone's targets are healthy, as the zone's own node sees them. */
  async healthByZone(): Promise<Map<string, number>> {
    const counts = this.interfaces
      .filter(({ name }) => this.parts.has(`node ${name}`))
      .map(async ({ name, subnet }): Promise<[string, number]> => {
        const states = Object.values(await this.health(name));
        return [subnet.zone, states.filter((state) => state === "healthy").length];
      });
    return new Map(await Promise.all(counts));
  }

  /** From now on a client may meet another target: as after a day, or at another balancer. */
  async forgetStickiness(): Promise<void> {
    await this.inNodes("flush map ip balancer sticky");
  }

  /** As if the client's address had met this target before. */
  async stick(client: string, target: string): Promise<void> {
    const [, , third, fourth] = target.split(".").map(Number);
    await this.inNodes(
      `flush map ip balancer sticky; add element ip balancer sticky { ${client} : ${third! * 256 + fourth!} }`,
    );
  }

  private async inNodes(command: string): Promise<void> {
    const nodes = [...this.parts.keys()].flatMap((part) => /^node (.*)/.exec(part)?.[1] ?? []);
    await this.run(nodes.map((node) => `ip netns exec ${node} nft '${command}'\n`));
  }

  private async run(scripts: string[]): Promise<void> {
    const script = scripts.join("");
    if (script === "") return;
    // Packed: what the agent takes in one go is small.
    const unpack = "zcat >/run/lab-apply && exec bash -e /run/lab-apply";
    const { code, stdout, stderr } = await this.agent.exec(["/bin/bash", "-c", unpack], {
      ...{ input: gzipSync(`${script}true\n`), timeoutMs: BUILD_TIMEOUT_MS },
    });
    if (code !== 0) throw new Error(`the VPC cannot be built (code ${code}):\n${stderr || stdout}`);
  }
}

function isOf(interfaces: Eni[], name: string): boolean {
  return interfaces.some((each) => each.name === name);
}

/** An interface that differs in these is another one. */
function identity({ name, id, privateAddress, subnet, mac }: Eni): string {
  return [name, id, privateAddress, subnet.cidr, mac].join(" ");
}

/** Everything that can be replaced, each as a script; `<what> <interface>` is of that interface. */
function parts(vpc: Vpc): Map<string, string> {
  const nft = (namespace: string, rules: string) =>
    `ip netns exec ${namespace} nft -f - <<'END'\n${rules}END\n`;
  return new Map([
    ["router", nft(ROUTER, routerRules(vpc))],
    ...vpc.interfaces.map((eni): [string, string] => [
      `interface ${eni.name}`,
      nft(namespaceOf(eni), eniRules(eni, vpc)),
    ]),
    ...vpc.nodes.flatMap((node): [string, string][] => [
      [`node ${node.name}`, nft(node.name, nodeRules(node, vpc))],
      [`idle ${node.name}`, nodeIdleTimeout(node)],
      [`health ${node.name}`, write(`${CONFIG}/${node.name}.json`, healthConfig(node))],
    ]),
  ]);
}

function write(path: string, text: string): string {
  return `cat >${path}.new <<'END'\n${text}\nEND\nmv ${path}.new ${path}\n`;
}
