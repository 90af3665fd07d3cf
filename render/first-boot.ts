/** What the first boots of a server and of a gateway have in common. */

/**
 * One script, and by its own word: of several commands cloud-init hears only the last one's exit status
 * (traps: runcmd-hears-the-last). It comes after the packages module.
 */
export const RUNCMD: string[][] = [["/usr/local/sbin/pptp-fleet-first-boot"]];

/** A command for `bootcmd`, which is early and has no files yet: done once, and again after a boot where it failed. */
export function oncePerInstance(name: string, script: string): string[] {
  return ["cloud-init-per", "instance", name, "sh", "-c", script];
}
