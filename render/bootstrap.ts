/**
 * What user data holds: a machine's identity, and the program that fetches its bundle and has it applied. No setting is in
 * it: a change of it replaces the machine.
 */
import { join } from "node:path";
import type { Once } from "../templates/part.ts";
import { readOverlay } from "./overlay.ts";
import type { CloudConfig } from "./user-data.ts";

/** Who a machine is. Region, account and credentials it has from the metadata service. */
export interface Identity {
  /** The stack's bucket. */
  bucket: string;
  /** The machine's name in the plan, and in the bucket: `machines/<machine>/`. */
  machine: string;
}

const files = readOverlay(join(import.meta.dirname, "bootstrap"));

/** A command for `bootcmd`, which is early and has no files yet: done once, whether or not it fails. */
function oncePerInstance({ name, script }: Once): string[] {
  return ["cloud-init-per", "instance", name, "sh", "-c", script];
}

/**
 * cloud-init's last stage comes last in a boot. This is queued in its first one and starts when the stage that writes
 * the files is over, beside all that comes after it: systemd has its units wait for sysinit.target, and that for cloud-init's
 * network stage. The last stage waits for it (pptp-fleet-apply in scripts/per-boot), and fails with it.
 */
const START = `systemd-run --no-block --collect --unit=pptp-fleet-bootstrap sh -c 'systemctl daemon-reload
systemctl enable --now pptp-fleet-apply.timer
systemctl start pptp-fleet-apply.service'`;

/** @param bootCommands what cannot wait for a bundle. */
export function bootstrap(identity: Identity, bootCommands: Once[]): CloudConfig {
  return {
    // RSA and ECDSA keys take longer than all the rest of their stage.
    ssh_genkeytypes: ["ed25519"],
    bootcmd: [...bootCommands, { name: "pptp-fleet-bootstrap", script: START }].map(oncePerInstance),
    write_files: files.map(({ content, ...file }) => ({ ...file, content: content(identity) })),
  };
}
