/** What the first boots of a server and of a gateway have in common. */
import { FIRST_BOOT } from "../templates/common.ts";
import type { BootCommand } from "../templates/part.ts";

/**
 * One script, and by its own word: of several commands cloud-init hears only the last one's exit status
 * (traps: runcmd-hears-the-last). It comes after the packages module.
 */
export const RUNCMD: string[][] = [[FIRST_BOOT]];

/** A command for `bootcmd`, which is early and has no files yet: done once, and again after a boot where it failed. */
export function oncePerInstance({ name, script }: BootCommand): string[] {
  return ["cloud-init-per", "instance", name, "sh", "-c", script];
}
