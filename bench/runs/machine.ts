/**
 * The one machine of a bench: all that takes part is namespaces of one guest (`guest/wire.sh`,
 * `guest/gateway/network.sh`), so that one clock serves all of it. Runs inside lab/enter.ts only.
 */
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Acceleration } from "../../lab/guest/accel.ts";
import { bootGuest } from "../../lab/guest/boot.ts";
import type { Guest } from "../../lab/guest/guest.ts";
import { run } from "../../lab/host/run.ts";
import { HOST_QEMU } from "../../lab/image/emulator.ts";
import type { ToolsImage } from "../../lab/image/image.ts";

/**
 * The guest's clock counts instructions, 2 ns each (2^shift), and jumps ahead while the guest has nothing to do: the
 * same work takes the same guest time on a busy host and an idle one. It needs emulation and one CPU, also where
 * there is KVM.
 */
const COUNTED: Acceleration = {
  kind: "tcg",
  command: HOST_QEMU,
  arguments: [
    ...["-accel", "tcg,thread=single,tb-size=512", "-cpu", "max"],
    ...["-icount", "shift=1,sleep=off"],
  ],
  reason: "time is counted in instructions",
};

/** What an instruction takes on that clock. */
export const INSTRUCTION_NS = 2;

/** Guest-side programs and data. */
const FOLDER = "/opt/bench";
const MEMORY_MIB = 1024;

/**
 * @param data Files for the guest beside the bench's own programs, by name.
 * @param setUp Which of these programs builds its network.
 */
export async function startMachine(
  image: ToolsImage,
  runDir: string,
  data: Record<string, string>,
  setUp = "wire.sh",
): Promise<Guest> {
  const unpack = `mkdir -p ${FOLDER} && tar -xf /dev/disk/by-id/virtio-payload -C ${FOLDER} && bash ${FOLDER}/${setUp}`;
  return bootGuest({
    name: "bench",
    boot: { kind: "tools", image },
    disk: image.disk,
    // By disk: counting instructions, QEMU 7.2 left requests of 27 KB to the agent without an answer for 20 s and
    // longer (5 of 9 in one try, 5 of 22 in another), and none of 100 small ones.
    payload: await packed(runDir, data),
    ...{ nics: [], memoryMiB: MEMORY_MIB, cpus: 1, accel: COUNTED, runDir },
    upTo: async (guest) => {
      await guest.ready(300_000);
      await guest.agent.sh(unpack, { timeoutMs: 300_000 });
    },
  });
}

/** What the guest needs, as one archive that serves as its second disk. */
async function packed(runDir: string, data: Record<string, string>): Promise<string> {
  const [folder, archive] = [join(runDir, "payload"), join(runDir, "payload.tar")];
  cpSync(join(import.meta.dirname, "../guest"), folder, { recursive: true });
  for (const [name, content] of Object.entries(data)) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  await run("tar", ["-cf", archive, "-C", folder, "."]);
  return archive;
}

/** Runs one of the guest's programs. @returns what it prints. @throws Error with what it says on stderr. */
export async function inGuest(
  guest: Guest,
  program: string,
  args: string[],
  timeoutMs: number,
): Promise<string> {
  const command = ["python3", `${FOLDER}/${program}`, ...args];
  const ended = guest.agent.exec(["/usr/bin/env", ...command], { timeoutMs });
  const { code, stdout, stderr } = await Promise.race([ended, guest.lost]);
  if (code !== 0) throw new Error(`${command.join(" ")} failed with code ${code}:\n${stderr || stdout}`);
  return stdout;
}
