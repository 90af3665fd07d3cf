/** From the plan to a gateway's files and user data. */
import type { GatewayPlan } from "../plan/front-door/gateways.ts";
import type { FleetPlan, Plan } from "../plan/plan.ts";
import { FIRST_BOOT } from "../templates/common.ts";
import { gatewayParts } from "../templates/gateway.ts";
import { oncePerInstance, RUNCMD } from "./first-boot.ts";
import { type Assembled, readParts } from "./parts.ts";
import type { RenderedMachine } from "./server.ts";
import { type CloudConfig, cloudConfig, userData } from "./user-data.ts";

const parts = readParts(gatewayParts);

export function renderGateway({ fleet }: Plan, gateway: GatewayPlan): RenderedMachine {
  const assembled = parts(fleet, gateway);
  const { name } = gateway;
  return { name, files: assembled.files, userData: userData(cloudConfig(firstBoot(fleet, assembled))) };
}

/**
 * The image as it is, with what its parts need, as fast as may be: where a gateway is replaced, this is the gap that
 * sessions have to live through. So nothing waits for cloud-init's later stages; and from here on the machine is silent.
 */
function firstBoot(fleet: FleetPlan, { files, packages, bootCommands }: Assembled): CloudConfig {
  return {
    ...(fleet.sshPublicKeys.length > 0 ? { ssh_authorized_keys: fleet.sshPublicKeys } : {}),
    // RSA and ECDSA keys take longer than all the rest of this stage.
    ssh_genkeytypes: ["ed25519"],
    bootcmd: [
      ...bootCommands.map(oncePerInstance),
      oncePerInstance({ name: "pptp-fleet-nftables", script: installed(packages) }),
      oncePerInstance({ name: "pptp-fleet-start", script: START }),
    ],
    write_files: files,
    runcmd: RUNCMD,
  };
}

/** The command by which a package is known to be there: packages that Debian's image may have. */
const COMMANDS: Record<string, string> = { nftables: "nft" };

/**
 * The address may be there before its route is (traps: instance-boots-before-its-routes): five minutes at most. Of apt's
 * lists only the one that names packages.
 *
 * @throws Error for a package that is known by no command.
 */
function installed(packages: string[]): string {
  const there = packages.map((name) => {
    if (!(name in COMMANDS)) throw new Error(`by which command is ${name} known to be on a gateway?`);
    return `command -v ${COMMANDS[name]}`;
  });
  return `export DEBIAN_FRONTEND=noninteractive
for _ in $(seq 60); do
  ${[...there, "exit 0"].join(" && ")}
  { apt-get update -qq --error-on=any -o Acquire::http::Timeout=10 -o Acquire::Languages=none \\
    -o Acquire::IndexTargets::deb-src::Sources::DefaultEnabled=false &&
    apt-get install -qy --no-install-recommends ${packages.join(" ")}; } || sleep 2
done
exit 1`;
}

/**
 * runcmd comes last in a boot. This is queued here and starts when the stage that writes the files is over, beside
 * all that comes after it: systemd has its units wait for sysinit.target, and that for cloud-init's network stage.
 */
const START = `systemd-run --no-block --collect --unit=pptp-fleet-first-boot sh ${FIRST_BOOT}`;
