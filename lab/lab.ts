/**
 * A stack on the embedded lab: the program's own resources stood up on this machine, and a client beside them.
 *
 *     Pulumi.<stack>.yaml ─▶ index.ts ─▶ resources ─▶ network, groups, metadata, secrets   (cloud.ts)
 *                                              └────▶ a guest for each instance            (guest.ts)
 *                                                     a guest for the client, that dials   (dial.ts)
 *
 * Runs inside `enter.ts` only: all of it goes with the namespace.
 */
import { mkdtempSync } from "node:fs";
import type { ProgramRun } from "../offline/program.ts";
import type { Account } from "../settings/accounts.ts";
import { acceleration } from "./accel.ts";
import { type BootOptions, bootGuest } from "./boot.ts";
import { configureClient } from "./client.ts";
import { type Cloud, startCloud } from "./cloud.ts";
import { firstBoot } from "./first-boot.ts";
import { type LabFleet, labFleet } from "./fleet.ts";
import type { Guest } from "./guest.ts";
import { amiImage, authority, toolsImage } from "./image.ts";
import type { Phases } from "./phases.ts";
import { labAccount, programRun } from "./stack.ts";
import { VPC_MTU } from "./topology.ts";

export interface LabOptions {
  stack: string;
  /** `key=value` over the stack's file, as `npm run plan` takes them. */
  config?: string[];
  phases: Phases;
}

export interface Lab {
  run: ProgramRun;
  fleet: LabFleet;
  cloud: Cloud;
  /** One for each instance, in the fleet's order, after its first boot. */
  servers: Guest[];
  client: Guest;
  /** Made for this run; no stack's file holds it. */
  account: Account;
  /** Sockets and logs. */
  runDir: string;
  /** Shuts a server down and boots its disk in another machine, as a change of the instance's type does. */
  changeMachine(server: number, machine: "q35" | "pc"): Promise<void>;
  stop(): Promise<void>;
}

/** MiB: what the smallest type that is allowed has, less what EC2 keeps; the client does less. */
const SERVER_MEMORY = 2048;
const CLIENT_MEMORY = 512;

export async function startLab({ stack, config = [], phases }: LabOptions): Promise<Lab> {
  const account = labAccount();
  const run = await phases.run("program", () => programRun(stack, config, account));
  const fleet = labFleet(run.resources);
  const tools = await phases.run("image of the client", toolsImage);
  const ami = await phases.run("image of the server", amiImage);
  const accel = await phases.run("virtualization", async (report) => {
    const found = await acceleration(tools);
    report(found.reason);
    return found;
  });
  const runDir = mkdtempSync("/run/pptp-fleet-lab-");
  const guests: Guest[] = [];
  const cloud = await phases.run("network and AWS's stand-ins", async () =>
    startCloud(fleet, { runDir, ca: await authority() }),
  );
  const stop = async () => {
    await Promise.all(guests.map((guest) => guest.stop()));
    await cloud.stop();
  };
  try {
    const { attachments, client: link } = cloud.network;
    const started = (guest: Guest) => guests.push(guest);
    const boot = (options: Omit<BootOptions, "accel" | "runDir">) =>
      bootGuest({ ...options, accel, runDir, started });
    const clientReady = phases.run("client's boot", (report) =>
      boot({
        name: "client",
        boot: { kind: "tools", image: tools },
        disk: tools.disk,
        nics: [{ tap: link.tap, mac: link.mac }],
        memoryMiB: CLIENT_MEMORY,
        report,
        upTo: async (client) => {
          await client.ready();
          await configureClient(client.agent, link);
        },
      }),
    );
    const bootServer = (at: number, what: string, from: Pick<BootOptions, "disk" | "machine">) => {
      const { machine, tap, mac } = attachments[at]!;
      return phases.run(`${machine.name}: ${what}`, (report) =>
        boot({
          name: machine.name,
          boot: { kind: "ami", instanceType: machine.instanceType },
          nics: [{ tap, mac, mtu: VPC_MTU }],
          memoryMiB: SERVER_MEMORY,
          ...from,
          report,
          upTo: (server) => firstBoot(server, report),
        }),
      );
    };
    const serversReady = attachments.map((_, at) => bootServer(at, "first boot", { disk: ami.disk }));
    const [client, ...servers] = await Promise.all([clientReady, ...serversReady]);
    const changeMachine = async (at: number, machine: "q35" | "pc") => {
      const disk = await servers[at]!.shutDown();
      servers[at] = await bootServer(at, `boot as ${machine}`, { disk, machine });
    };
    return { run, fleet, cloud, servers, client, account, runDir, changeMachine, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
