/**
 * A stack on the embedded lab: the program's own resources stood up on this machine, and a client beside them.
 *
 *     Pulumi.<stack>.yaml ─▶ index.ts ─▶ resources ─▶ network, groups, metadata, secrets   (cloud.ts)
 *                                              └────▶ a guest for each instance            (lab/guest/)
 *                                                     a guest for the client, that dials   (lab/client/)
 *
 * Runs inside `lab/enter.ts` only: all of it goes with the namespace.
 */
import { mkdtempSync, readFileSync } from "node:fs";
import type { ProgramRun } from "../../offline/program.ts";
import type { Account } from "../../settings/keys/accounts.ts";
import { configureClient } from "../client/client.ts";
import { labAccount, programRun } from "../client/stack.ts";
import { type Acceleration, virtualization } from "../guest/accel.ts";
import { type BootOptions, bootGuest } from "../guest/boot.ts";
import type { Disk } from "../guest/disk.ts";
import { firstBoot } from "../guest/first-boot.ts";
import type { Guest } from "../guest/guest.ts";
import type { Phases } from "../host/phases.ts";
import { type Authority, amiImage, authority, type ToolsImage, toolsImage } from "../image/image.ts";
import { machineGuest } from "../image/machine-root.ts";
import { type LabFleet, type LabMachine, labFleet } from "../network/fleet.ts";
import { type Attachment, VPC_MTU } from "../network/topology.ts";
import { renewAccounts } from "./awake.ts";
import { type Cloud, startCloud } from "./cloud.ts";
import { bootedOnce, type OnceOptions } from "./snapshot.ts";

export interface LabOptions {
  stack: string;
  /** `key=value` over the stack's file, as `npm run plan` takes them. */
  config?: string[];
  phases: Phases;
  /** What its servers run on; the client's is the fastest that works. @default the same */
  on?: (image: ToolsImage) => Promise<Acceleration>;
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
  /** Of the runs whose first boots the servers are restored from: no server takes them any more. */
  formerAccounts: Account[];
  /** Sockets and logs. */
  runDir: string;
  /** Shuts a server down and boots its disk in another machine, as a change of the instance's type does. */
  changeMachine(server: number, machine: "q35" | "pc"): Promise<void>;
  /**
   * Pulls a server's plug, in the middle of whatever it does, and boots it from its disk as that lies: what its kernel had not written
   * is lost. Resolves when it serves again.
   *
   * @throws Error where it has no disk: under user-mode Linux only what `replace` has made has one.
   */
  powerCut(server: number): Promise<void>;
  /**
   * Another machine in a server's place, by a first boot of its own.
   *
   * @param keeps Whether it has a disk under user-mode Linux (lab/guest/uml.ts says what of one). @default true
   */
  replace(server: number, keeps?: boolean): Promise<void>;
  stop(): Promise<void>;
}

/** MiB: what the smallest type that is allowed has, less what EC2 keeps; the client does less. */
const SERVER_MEMORY = 2048;
const CLIENT_MEMORY = 512;

export async function startLab({ stack, config = [], phases, on }: LabOptions): Promise<Lab> {
  const account = labAccount();
  const run = await phases.run("program", () => programRun(stack, config, account));
  const fleet = labFleet(run.resources);
  const tools = await phases.run("image of the client", toolsImage);
  const clientsAccel = await virtualization(phases, tools);
  const accel = on ? await virtualization(phases, tools, on, "servers") : clientsAccel;
  const ca = await authority();
  const runDir = mkdtempSync("/run/pptp-fleet-lab-");
  const guests: Guest[] = [];
  const cloud = await phases.run("network and AWS's stand-ins", async () =>
    startCloud(fleet, { runDir, ca }),
  );
  const stop = async () => {
    await Promise.all(guests.map((guest) => guest.stop()));
    await cloud.stop();
  };
  try {
    const { attachments, client: link } = cloud.network;
    const started = (guest: Guest) => guests.push(guest);
    const boot = (options: Omit<BootOptions, "runDir">) => bootGuest({ ...options, runDir, started });
    const clientReady = phases.run("client's boot", (report) =>
      boot({
        name: "client",
        accel: clientsAccel,
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
    const image = accel.kind === "uml" ? ofTools(tools, runDir, ca) : await ofAmi(phases);
    const formerAccounts: Account[] = [];
    const server = ({ machine, tap, mac }: Attachment) => ({
      name: machine.name,
      nics: [{ tap, mac, mtu: VPC_MTU }],
      memoryMiB: SERVER_MEMORY,
    });
    const firstBooted = (attachment: Attachment, keeps: boolean) =>
      bootedOnce({
        ...server(attachment),
        ...image(attachment.machine),
        ...{ accel, runDir, started, phases, keeps },
        inputs: [
          ...[attachment.machine.userData, JSON.stringify(cloud.network), readFileSync(ca.certificate)],
          // What makes the machine what it is: user data only fetches it.
          JSON.stringify(fleet.bucket),
        ],
        anew: async (guest, report) => void formerAccounts.push(...(await renewAccounts(guest, report))),
      });
    const serversReady = attachments.map((attachment) => firstBooted(attachment, false));
    const [client, ...servers] = await Promise.all([clientReady, ...serversReady]);
    const kept: Disk[] = [];
    const bootAgain = async (at: number, disk: Disk, how: string, more: Partial<BootOptions> = {}) => {
      kept[at] = disk;
      const attachment = attachments[at]!;
      const { boot: loader } = image(attachment.machine);
      servers[at] = await phases.run(`${attachment.machine.name}: ${how}`, (report) =>
        boot({
          ...server(attachment),
          ...{ boot: loader, disk, accel, report, ...more },
          upTo: (guest) => firstBoot(guest, report),
        }),
      );
    };
    const changeMachine = async (at: number, machine: "q35" | "pc") =>
      bootAgain(at, await servers[at]!.shutDown(), `boot as ${machine}`, { machine });
    const powerCut = async (at: number) =>
      bootAgain(at, await servers[at]!.powerCut(), "boot after a power cut");
    const replace = async (at: number, keeps = true) => {
      await servers[at]!.stop();
      kept[at]?.drop();
      delete kept[at];
      servers[at] = await firstBooted(attachments[at]!, keeps);
    };
    return {
      ...{ run, fleet, cloud, servers, client, account, formerAccounts, runDir },
      ...{ changeMachine, powerCut, replace, stop },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What a server boots: the image, and what is laid on it. */
type Boots = (machine: LabMachine) => Pick<OnceOptions, "boot" | "disk" | "payload" | "prepare">;

/** From its disk, by its own loader, as EC2 would start it. */
async function ofAmi(phases: Phases): Promise<Boots> {
  const { disk } = await phases.run("image of the server", amiImage);
  return ({ instanceType }) => ({ boot: { kind: "ami", instanceType }, disk });
}

/** Under user-mode Linux: without the loader, and without a kernel of its own to install. */
function ofTools(image: ToolsImage, runDir: string, ca: Authority): Boots {
  return ({ name, instanceType }) => ({
    boot: { kind: "tools", image, instanceType },
    disk: image.disk,
    ...machineGuest(runDir, name, ca.certificate),
  });
}
