/**
 * The VPC lab that all of its tests share: three servers in two zones behind the front door `nlb`, booted once, in free
 * CIDRs of a VPC that exists (offline/existing-vpc.ts). A VPC of its own would have the same subnets, tables and routes.
 */

import { EIP } from "../../../graph/types.ts";
import { type DialResult, dial, IMPATIENT, type Tunnel } from "../../../lab/client/dial.ts";
import { programRun } from "../../../lab/client/stack.ts";
import { holder } from "../../../lab/client/tunnel.ts";
import { Phases } from "../../../lab/host/phases.ts";
import { waitUntil } from "../../../lab/host/wait.ts";
import { startVpcLab, type VpcLab } from "../../../lab/vpc/lab.ts";
import type { ClientName } from "../../../lab/vpc/network/internet.ts";
import { VPC } from "../../../offline/existing-vpc.ts";
import type { ProgramRun, RecordedResource } from "../../../offline/program.ts";
import type { Failure } from "../../../probe/pppd/log.ts";
import { LOOK_AND_NO_MORE } from "./look.ts";

/** The fleet's name. */
export const NAME = "pptp.example.com";
const STACK = "dev";

/** The servers' own addresses. */
export const A1 = "10.20.128.4";
export const A2 = "10.20.128.5";
export const B1 = "10.20.129.4";

let lab: Promise<VpcLab> | undefined;

/** The VPC's own subnet and route table in which a master would be. */
export const MASTERS = { subnetId: "subnet-0123456789abcdef0", routeTableId: "rtb-0123456789abcdef0" };

/** The stack's config over its file: with another front door, another number of servers, or clients whom masters poll. */
function config({ frontDoor = "nlb", servers = 3, routed = false } = {}): string[] {
  return [
    ...(routed ? ["egress.mode=routed", `egress.routeTableIds=["${MASTERS.routeTableId}"]`] : []),
    ...[`frontDoor=${frontDoor}`, `servers=${servers}`, 'zones=["eu-west-1a","eu-west-1b"]'],
    ...[`vpcId=${VPC}`, 'subnetCidrs=["10.20.128.0/24","10.20.129.0/24"]'],
    ...[`dialName=${NAME}`, "hostedZoneId=Z0123456789ABCDEFGHIJ"],
    // A gateway boots for minutes on a busy machine, where the default is made for 45 s.
    "keepalive.lcpEchoFailure=30",
  ];
}

/**
 * Up and serving; started by the first test file that asks. It ends with the namespace it runs in. Machines do not look at
 * their bundles by themselves: five looks a minute are a good part of what one guest can do. Whoever wants one, begins it.
 */
export function sharedVpc(): Promise<VpcLab> {
  lab ??= startVpcLab({ stack: STACK, config: config(), phases: new Phases() }).then(async (started) => {
    for (const { agent } of Object.values(started.machines))
      await agent.sh(LOOK_AND_NO_MORE, { timeoutMs: 300_000 });
    return started;
  });
  return lab;
}

/** What the program makes of the shared stack with another config: for the same account. */
export async function otherwise(other: Parameters<typeof config>[0]): Promise<RecordedResource[]> {
  return (await runOtherwise(other)).resources;
}

export async function runOtherwise(other: Parameters<typeof config>[0]): Promise<ProgramRun> {
  const { account } = await sharedVpc();
  return programRun(STACK, config(other), account);
}

/** The same with more of its config (`key=value`). */
export async function reconfigured(more: string[]): Promise<RecordedResource[]> {
  const { account } = await sharedVpc();
  return (await programRun(STACK, [...config(), ...more], account)).resources;
}

export interface Call {
  /** @default client */
  from?: ClientName;
  /** The zone's letter whose gateway is dialled. @default a */
  zone?: string;
  /** An address in place of a gateway's. */
  server?: string;
  /** @default 90 s */
  timeoutMs?: number;
  /** More options of pppd. */
  options?: string[];
}

/** The Elastic IP that the program gives a zone's gateway, whether it is on it or not. */
export async function dialled(zone = "a"): Promise<string> {
  const { run } = await sharedVpc();
  const address = run.resources.find(
    ({ type, inputs }) => type === EIP && inputs.tags.gateway === `gateway-${zone}`,
  );
  return address!.state.publicIp;
}

async function call({ from = "client", zone = "a", ...more }: Call = {}): Promise<DialResult> {
  const { clients, account } = await sharedVpc();
  const credentials = { user: account.name, password: account.password };
  return dial(clients[from], {
    ...{ server: await dialled(zone), ...credentials, ...more },
  });
}

/** A call that must succeed. */
export async function tunnelUp(options: Call = {}): Promise<Tunnel> {
  const result = await call(options);
  if (!result.up) throw new Error(`${result.failure.stage}: ${result.failure.reason}\n${result.failure.log}`);
  return result.tunnel;
}

/** A new one each time that the machine boots; and when cloud-init last did what it does on a first boot alone. */
export async function boots(name: string): Promise<{ boot: string; first: string }> {
  const { machines } = await sharedVpc();
  const said = await machines[name]!.agent.sh(
    "cat /proc/sys/kernel/random/boot_id; stat -c %y /var/lib/cloud/instance/sem/bootper.pptp_fleet_bootstrap.instance",
  );
  const [boot, first] = said.trim().split("\n");
  return { boot: boot!, first: first! };
}

/** pptpd drops a connection that comes while the process of another ends: whoever dials, dials again. Here it is waited for. */
export async function quiet(): Promise<void> {
  const { servers } = await sharedVpc();
  const sessions = () => Promise.all(servers.map(({ agent }) => agent.sh("ps -C pptpctrl -o pid= || true")));
  const none = async () => (await sessions()).every((pids) => pids.trim() === "");
  await waitUntil("servers without a session", none, { timeoutMs: 120_000, everyMs: 1_000 });
}

/** A call that must fail. It gives up sooner than a client would. @returns how. */
export async function refused(options: Call = {}): Promise<Failure> {
  const result = await call({ timeoutMs: 20_000, options: IMPATIENT, ...options });
  if (!result.up) return result.failure;
  await result.tunnel.hangUp();
  throw new Error(`the dial succeeded, and should not have`);
}

/** Which server holds the session of a tunnel, by its clients' pool. */
export async function serverOf(tunnel: Tunnel): Promise<string> {
  const { servers } = await sharedVpc();
  return (await holder(servers, tunnel)).name;
}

/** A change of the program's resources, such as AWS would be left with if the program made them so. */
export type Mutation = (resources: RecordedResource[]) => RecordedResource[];

/** Those that are not of this type and name (or whatever `which` says). */
export const without =
  (type: string, which: (resource: RecordedResource) => boolean): Mutation =>
  (resources) => {
    const kept = resources.filter((each) => !(each.type === type && which(each)));
    if (kept.length === resources.length)
      throw new Error(`no ${type} to take out: the mutation does nothing`);
    return kept;
  };

/** Every resource of this type and kind with other inputs. */
export const changed =
  (
    type: string,
    which: (resource: RecordedResource) => boolean,
    change: (inputs: RecordedResource["inputs"]) => RecordedResource["inputs"],
  ): Mutation =>
  (resources) => {
    if (!resources.some((each) => each.type === type && which(each)))
      throw new Error(`no ${type} to change: the mutation does nothing`);
    return resources.map((each) =>
      each.type === type && which(each)
        ? { ...each, inputs: { ...each.inputs, ...change(each.inputs) } }
        : each,
    );
  };

/** Runs `work` while the VPC is what the mutated resources say, and puts the program's own back. */
export async function mutated<T>(mutations: Mutation[], work: () => Promise<T>): Promise<T> {
  const lab = await sharedVpc();
  await lab.apply(mutations.reduce((resources, mutation) => mutation(resources), lab.run.resources));
  try {
    return await work();
  } finally {
    await lab.apply(lab.run.resources);
  }
}

/** Waits until the node of a zone sees its targets as `expected` says, by `address:port`. */
export async function targetHealth(
  zone: string,
  expected: Record<string, "initial" | "healthy" | "unhealthy">,
): Promise<void> {
  const { network } = await sharedVpc();
  let seen = {};
  await waitUntil(
    `balancer-${zone}: ${JSON.stringify(expected)}`,
    async () => {
      seen = await network.health(`balancer-${zone}`);
      return Object.entries(expected).every(([target, state]) => (seen as typeof expected)[target] === state);
    },
    { timeoutMs: 120_000, everyMs: 1_000, evidence: () => JSON.stringify(seen) },
  );
}

/** What a gateway has counted, by verdict. */
export async function gatewayCounters(zone = "a"): Promise<Record<string, number>> {
  const { machines } = await sharedVpc();
  const listed = await machines[`gateway-${zone}`]!.agent.sh("nft -j list counters");
  const counters: { counter?: { name: string; packets: number } }[] = JSON.parse(listed).nftables;
  // The fast way has its own, of the same names.
  const sums: Record<string, number> = {};
  for (const { counter } of counters)
    if (counter) sums[counter.name] = (sums[counter.name] ?? 0) + counter.packets;
  return sums;
}
