/** Where and of what a run was made. */

import type { Guest } from "../../lab/guest/guest.ts";
import { hashOf } from "../../lab/host/cache.ts";
import { run } from "../../lab/host/run.ts";
import { HOST_QEMU } from "../../lab/image/emulator.ts";
import type { MachineFile } from "../../render/overlay.ts";

export interface Circumstances {
  /** As in 2026-01-31. */
  date: string;
  rounds: number;
  /** QEMU's own line. */
  qemu: string;
  kernel: string;
  /** Debian's names and versions. */
  packages: Record<string, string>;
  /** Changes when any of the files does that make a machine ours. */
  overlay: string;
}

/** @param packages Debian's names of those that matter. */
export async function circumstancesOf(
  machine: Guest,
  ours: MachineFile[],
  rounds: number,
  packages: string[],
): Promise<Circumstances> {
  const said = await machine.agent.sh(`uname -r; dpkg-query -W ${packages.join(" ")}`);
  const [kernel, ...versions] = said.trim().split("\n");
  const qemu = (await run(HOST_QEMU, ["--version"])).stdout.split("\n")[0]!;
  return {
    date: new Date().toISOString().slice(0, 10),
    rounds,
    qemu,
    kernel: kernel!,
    packages: Object.fromEntries(versions.map((line) => line.split("\t"))),
    overlay: hashOf(ours.flatMap(({ path, content }) => [path, content])),
  };
}

/** The first line of a page. */
export function told({ date, rounds, qemu, kernel, packages, overlay }: Circumstances): string {
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  return `${date}, ${rounds} rounds. ${qemu}; in it Debian 13 with Linux ${kernel}, ${versions.join(", ")}. Ours: overlay ${overlay}.`;
}
