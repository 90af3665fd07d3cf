/** The first server with other settings for a while: a changed config's files, or one file with a setting taken out. */
import type { Lab } from "../../../lab/vms/lab.ts";
import { recordedMachines } from "../../../offline/machines.ts";
import { runProgram } from "../../../offline/program.ts";
import { stackInput } from "../../../offline/stack.ts";
import type { MachineFile } from "../../../render/overlay.ts";
import type { Effect } from "../../../templates/part.ts";
import { serverParts } from "../../../templates/server.ts";
import { onServer, sharedLab } from "../shared/lab.ts";

/** Runs `work` while the server has the files that `config` (as `npm run plan -- --config` takes it) gives. */
export async function retuned<T>(config: string[], work: () => Promise<T>): Promise<T> {
  const before = filesOf((await sharedLab()).run);
  // Accounts reach no file: any will do.
  const users = `users=${JSON.stringify([{ name: "nobody", password: "nobody" }])}`;
  const after = filesOf(await runProgram(stackInput("dev", [...config, users])));
  const changed = differences(before, after);
  if (changed.length === 0) throw new Error(`${config.join(" ")} changes no file`);
  return swapped(changed, differences(after, before), work);
}

/** Runs `work` while the file at `path` is what `change` makes of it. @throws Error where that changes nothing. */
export async function edited<T>(
  path: string,
  change: (content: string) => string,
  work: () => Promise<T>,
): Promise<T> {
  const files = filesOf((await sharedLab()).run);
  const file = files.find((each) => each.path === path);
  if (!file) throw new Error(`the server has no ${path}`);
  const content = change(file.content);
  if (content === file.content) throw new Error(`${path} has nothing that could be taken out`);
  return swapped([{ ...file, content }], [file], work);
}

/** A change for `edited`: without the lines that match. */
export function without(line: RegExp): (content: string) => string {
  return (content) =>
    content
      .split("\n")
      .filter((each) => !line.test(each))
      .join("\n");
}

/** A file to write, or to take away. */
type Change = MachineFile | { path: string; content: undefined };

async function swapped<T>(there: Change[], back: Change[], work: () => Promise<T>): Promise<T> {
  try {
    await put(there);
    return await work();
  } finally {
    await put(back);
  }
}

async function put(changes: Change[]): Promise<void> {
  const { agent } = (await sharedLab()).servers[0]!;
  for (const change of changes) {
    const command =
      change.content === undefined
        ? ["rm", change.path]
        : ["install", "-D", "-m", change.permissions, "/dev/stdin", change.path];
    const { code, stderr } = await agent.exec(["/usr/bin/env", ...command], { input: change.content ?? "" });
    if (code !== 0) throw new Error(`${change.path}: ${stderr}`);
  }
  const effects = changes.map(({ path }) => effectOf(path));
  const needed = KINDS.flatMap((commands) => [...new Set(effects.flatMap(commands))]);
  await onServer(["set -e", "systemctl daemon-reload", ...needed].join("\n"), 120_000);
}

/** What a change of the server's file needs, as its part says. */
function effectOf(path: string): Effect {
  const effect = serverParts.find(({ files }) => path in files)?.files[path];
  if (effect === undefined) throw new Error(`no part of a server has ${path}`);
  return effect;
}

/** The commands that effects come to, kind by kind in the order of a boot. */
const KINDS: ((effect: Effect) => string[])[] = [
  (effect) =>
    typeof effect !== "object"
      ? []
      : Object.entries(effect).map(([verb, what]) => {
          if (verb === "reboot") throw new Error(`the lab's server does not reboot for ${what}`);
          return `systemctl ${verb} '${what}'`;
        }),
  (effect) => (effect === "sysctl" ? ["systemctl restart systemd-sysctl"] : []),
  (effect) => (effect === "nft -f" ? ["systemctl reload nftables"] : []),
  (effect) =>
    effect === "redial"
      ? [
          `systemctl restart pptpd
    for i in $(seq 50); do ss -Hltn 'sport = :1723' | grep -q . && break; sleep 0.2; done`,
        ]
      : [],
];

function filesOf(run: Lab["run"]): MachineFile[] {
  return recordedMachines(run)[0]!.bundle.files;
}

function differences(from: MachineFile[], to: MachineFile[]): Change[] {
  const written = to.filter(
    ({ path, content }) => from.find((each) => each.path === path)?.content !== content,
  );
  const gone = from.filter(({ path }) => !to.some((each) => each.path === path));
  return [...written, ...gone.map(({ path }) => ({ path, content: undefined }))];
}
