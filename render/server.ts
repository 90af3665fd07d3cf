/** From the plan to a server's files and user data. */
import type { FleetPlan, Plan, ServerPlan } from "../plan/plan.ts";
import { serverParts } from "../templates/server.ts";
import { oncePerInstance, RUNCMD } from "./first-boot.ts";
import type { MachineFile } from "./overlay.ts";
import { type Assembled, readParts } from "./parts.ts";
import { type CloudConfig, cloudConfig, userData } from "./user-data.ts";

/** What a machine is started with. */
export interface RenderedMachine {
  name: string;
  files: MachineFile[];
  /** The bytes for EC2: gzip. */
  userData: Buffer;
}

const parts = readParts(serverParts);

export function renderServer({ fleet }: Plan, server: ServerPlan): RenderedMachine {
  const assembled = parts(fleet, server);
  const { name } = server;
  return { name, files: assembled.files, userData: userData(cloudConfig(firstBoot(fleet, assembled))) };
}

/** Of apt's lists only those that name packages: no descriptions in other words, no sources. */
const LISTS = ["Acquire::Languages=none", "Acquire::IndexTargets::deb-src::Sources::DefaultEnabled=false"];

/**
 * One reboot, by the packages module itself (`package_reboot_if_required`): `runcmd` comes after that module,
 * so it runs on the second boot, on the kernel that has PPP.
 */
function firstBoot(fleet: FleetPlan, { files, packages, bootCommands }: Assembled): CloudConfig {
  return {
    ...(fleet.sshPublicKeys.length > 0 ? { ssh_authorized_keys: fleet.sshPublicKeys } : {}),
    // RSA and ECDSA keys take longer than the rest of their stage.
    ssh_genkeytypes: ["ed25519"],
    bootcmd: [
      ...bootCommands.map(oncePerInstance),
      // The address may be there before its route is (traps: instance-boots-before-its-routes): wait for the mirror itself,
      // five minutes at most.
      oncePerInstance({
        name: "pptp-fleet-network",
        script: `for _ in $(seq 60); do apt-get update -qq --error-on=any -o ${LISTS.join(" -o ")} && exit 0; sleep 5; done; exit 1`,
      }),
    ],
    apt: {
      conf: ["APT::Install-Recommends=false", "Acquire::Retries=5", ...LISTS]
        .map((setting) => `${setting.replace("=", ' "')}";\n`)
        .join(""),
    },
    package_update: true,
    package_upgrade: false,
    packages,
    package_reboot_if_required: true,
    write_files: files,
    runcmd: RUNCMD,
  };
}
