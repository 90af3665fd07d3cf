/**
 * A whole fleet in one guest: the program's own resources as a VPC of network namespaces, its machines as containers
 * with their own user data, clients on the internet beside it.
 *
 *     Pulumi.<stack>.yaml ─▶ index.ts ─▶ resources ─▶ Vpc (read/) ─▶ links, routes, rules, balancer (network/)
 *                                                          └───────▶ machines (machines.ts), metadata, secrets (host.ts)
 *
 * Runs inside `enter.ts` only: all of it goes with the namespace.
 */

import { Graph } from "../../graph/graph.ts";
import { machineName } from "../../graph/machines.ts";
import { INSTANCE } from "../../graph/types.ts";
import type { ProgramRun, RecordedResource } from "../../offline/program.ts";
import type { Account } from "../../settings/keys/accounts.ts";
import { labAccount, programRun } from "../client/stack.ts";
import type { Agent } from "../guest/agent.ts";
import type { Guest } from "../guest/guest.ts";
import { writePlaces } from "../guest/places.ts";
import type { Phases } from "../host/phases.ts";
import { ARCHIVE } from "../image/machine-root.ts";
import type { Host } from "./host.ts";
import { Machines, type RunningMachine } from "./machines.ts";
import { CLIENTS, type ClientName, type Outside } from "./network/internet.ts";
import type { VpcNetwork } from "./network/network.ts";
import { readVpc } from "./read/read.ts";
import { type Metric, route53Answers } from "./read/route53.ts";
import { startTestbed } from "./testbed.ts";
import type { Vpc, VpcMachine } from "./vpc.ts";

export interface VpcLabOptions {
  stack: string;
  /** `key=value` over the stack's file, as `npm run plan` takes them. */
  config?: string[];
  phases: Phases;
}

export interface VpcLab {
  run: ProgramRun;
  /** As it stands now. */
  readonly vpc: Vpc;
  network: VpcNetwork;
  host: Host;
  guest: Guest;
  /** Those that were started, by name. */
  machines: Record<string, RunningMachine>;
  readonly gateways: RunningMachine[];
  readonly servers: RunningMachine[];
  clients: Record<ClientName, Agent>;
  where: Outside;
  /** Sockets and logs. */
  runDir: string;
  /** Made for this run; no stack's file holds it. */
  account: Account;
  /**
   * Makes the VPC and the bucket what these resources say; machines that are new in them are not started yet, and those that run
   * fetch what is theirs by themselves.
   */
  apply(resources: RecordedResource[]): Promise<void>;
  /** Starts machines of the VPC and waits until they serve. */
  launch(names: string[]): Promise<void>;
  /**
   * Has the fleet's name answered as Route 53 would now: by the instances that run and the targets that are healthy.
   *
   * @returns the addresses by name; none, where the stack has no name.
   */
  refreshNames(): Promise<Map<string, string[]>>;
  /** Pulls a machine's plug; its interface stays. `launch` starts it again, with its disk. */
  kill(name: string): Promise<void>;
  /** As for a reboot: the machine shuts itself down; `launch` starts it again, with its disk. */
  shutDown(name: string): Promise<void>;
  /** As EC2 terminates an instance: its disk goes, and what is launched under its name is another machine. */
  terminate(name: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startVpcLab({ stack, config = [], phases }: VpcLabOptions): Promise<VpcLab> {
  const account = labAccount();
  const run = await phases.run("program", () => programRun(stack, config, account));
  let vpc = readVpc(run.resources);
  const { guest, host, network, where, runDir, stop } = await startTestbed(vpc, { phases });
  try {
    const { agent, lost } = guest;
    const machines = new Machines(agent, lost);
    await phases.run("VPC", async () => {
      await machines.prepare(vpc.machines, ARCHIVE);
      await network.build(where);
      await network.apply(vpc);
      await host.knowMachines(vpc);
    });
    const started: Record<string, RunningMachine> = {};
    const launch = async (wanted: VpcMachine[]) => {
      if (wanted.length === 0) return;
      for (const each of wanted) started[each.name] = machines.of(each);
      await phases.run(`boot of ${wanted.map(({ name }) => name).join(", ")}`, async (report) => {
        for (const { name } of wanted) await network.plug(name);
        await machines.boot(wanted);
        await machines.ready(wanted, report);
      });
    };
    // Gateways first: until they forward, the first boot of a server gets no further than its network.
    const kinds: VpcMachine["kind"][] = ["gateway", "server"];
    await launch(kinds.flatMap((kind) => vpc.machines.filter((each) => each.kind === kind)));
    const of = (kind: RunningMachine["kind"]) => Object.values(started).filter((each) => each.kind === kind);
    const clients = CLIENTS.map((name): [ClientName, Agent] => [
      name,
      agent.at({ prefix: ["ip", "netns", "exec", name], namespace: name }),
    ]);
    const agents = [
      ...clients,
      ...Object.entries(started).map(([name, each]) => [name, each.agent] as const),
    ];
    writePlaces(runDir, "fleet", Object.fromEntries(agents.map(([name, { place }]) => [name, place])));
    let resources = run.resources;
    return {
      ...{ run, network, host, guest, where, account, runDir, stop, machines: started },
      clients: Object.fromEntries(clients) as Record<ClientName, Agent>,
      get vpc() {
        return vpc;
      },
      get gateways() {
        return of("gateway");
      },
      get servers() {
        return of("server");
      },
      async apply(changed) {
        const next = readVpc(changed);
        await network.apply(next);
        vpc = next;
        resources = changed;
        await host.knowMachines(vpc);
        if (vpc.bucket) await host.s3.publish(vpc.bucket);
      },
      launch: (names) => launch(vpc.machines.filter(({ name }) => names.includes(name))),
      async refreshNames() {
        const named = route53Answers(resources, await metrics(resources, network, machines));
        for (const [name, addresses] of named) host.resolve(name, addresses);
        return named;
      },
      async kill(name) {
        await machines.kill(name);
        await network.unplug(name);
      },
      async shutDown(name) {
        await machines.shutDown(name);
        await network.unplug(name);
      },
      async terminate(name) {
        await machines.shutDown(name);
        await network.unplug(name);
        await machines.discard(name);
        delete started[name];
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What CloudWatch would know now. */
async function metrics(
  resources: RecordedResource[],
  network: VpcNetwork,
  machines: Machines,
): Promise<Metric> {
  const graph = new Graph(resources);
  const up = await machines.running();
  const health = await network.healthByZone();
  return (name, dimensions) => {
    switch (name) {
      case "StatusCheckFailed": {
        const instance = graph.find(INSTANCE, dimensions.InstanceId!);
        return up.includes(machineName(instance)) ? 0 : 1;
      }
      case "HealthyHostCount":
        return health.get(dimensions.AvailabilityZone!);
      default:
        throw new Error(`the lab knows no metric ${name}`);
    }
  };
}
