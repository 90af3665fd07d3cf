/** Where there is shell: the project's own scripts, what machines get, and what a workflow runs. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type RecordedMachine, recordedMachines } from "../../offline/machines.ts";
import { runProgram } from "../../offline/program.ts";
import { stackInput, stacks } from "../../offline/stack.ts";
import { gatewayParts } from "../../templates/gateway.ts";
import type { Part } from "../../templates/part.ts";
import { serverParts } from "../../templates/server.ts";
import { projectFiles, ROOT, read } from "../shared/files.ts";
import { withDirectives } from "./directives.ts";
import type { Script } from "./shellcheck.ts";

const SHEBANG = /^#!.*\b(ba|da)?sh\b/;

/** Templates are read as they are rendered. */
export function projectScripts(): Script[] {
  return projectFiles()
    .filter((path) => !path.startsWith("templates/"))
    .map((name) => ({ name, text: read(name) }))
    .filter(({ name, text }) => name.endsWith(".sh") || SHEBANG.test(text));
}

/** What the machines of a stack get: scripts by their first line, GRUB's pieces by their place. */
export function renderedScripts(machines: RecordedMachine[]): Script[] {
  return machines.flatMap(({ name: machine, files }) =>
    files
      .filter(({ path, content }) => SHEBANG.test(content) || sourced(path))
      .map(({ path, content }) => ({
        name: machine + path,
        text: withDirectives(content, template(machine, path)),
        ...(sourced(path) ? { shell: "sh" as const } : {}),
      })),
  );
}

const sourced = (path: string) => path.startsWith("/etc/default/grub.d/");

/** The template that a machine's file comes from. */
function template(machine: string, path: string): string {
  const file = sourceOf(machine, path);
  return read(existsSync(join(ROOT, file)) ? file : `${file}.hbs`);
}

/** Where it lies, but for its suffix: in the part of the machine that has it, or in the bootstrap. */
export function sourceOf(machine: string, path: string): string {
  const parts: Pick<Part<never>, "name" | "files">[] = isGateway(machine) ? gatewayParts : serverParts;
  if (existsSync(join(ROOT, `render/bootstrap${path}`))) return `render/bootstrap${path}`;
  const part = parts.find(({ files }) => path in files);
  if (part === undefined) throw new Error(`no part of ${machine} has ${path}`);
  return `templates/${part.name}/files${path}`;
}

/** The scripts among the commands of bootcmd: what a shell gets by `-c`. */
export function cloudConfigScripts(machines: RecordedMachine[]): Script[] {
  return machines.flatMap(({ name: machine, cloudConfig: { bootcmd } }) =>
    bootcmd.flatMap((command, i) => {
      const at = command.findIndex((word, j) => /^(.*\/)?(ba|da)?sh$/.test(word) && command[j + 1] === "-c");
      if (at === -1) return [];
      const name = `${machine}/cloud-config/${command[2] ?? i}`;
      return [{ name, text: `${command[at + 2]}\n`, shell: command[at]!.endsWith("bash") ? "bash" : "sh" }];
    }),
  );
}

/** A unit's command that is a script: `ExecStart=/bin/sh -c '…'`. */
const UNIT_SCRIPT = /^Exec\w+=.*?\b((?:ba|da)?sh) -\w*c (['"])(.*)\2/gm;

/** The scripts in units' commands, wherever a file has them; systemd's own `$$` and `%%` undone. */
export function unitScripts(files: Script[]): Script[] {
  return files.flatMap(({ name, text }) =>
    [...text.replaceAll("\\\n", " ").matchAll(UNIT_SCRIPT)].map(([, shell, , script], i) => ({
      name: `${name}.exec-${i + 1}`,
      text: `${script!.replaceAll("$$", "$").replaceAll("%%", "%")}\n`,
      shell: shell === "bash" ? ("bash" as const) : ("sh" as const),
    })),
  );
}

/** Every file of every machine, for the units among them. */
export function renderedFiles(machines: RecordedMachine[]): Script[] {
  return machines.flatMap(({ name, files }) =>
    files.map(({ path, content }) => ({ name: name + path, text: content })),
  );
}

/** What a workflow's steps run, GitHub's own expressions as words that mean nothing to a shell. */
export function workflowScripts({ path, text }: { path: string; text: string }): Script[] {
  const { jobs }: { jobs: Record<string, { steps: { run?: string; shell?: string }[] }> } = parse(text);
  return Object.entries(jobs).flatMap(([job, { steps }]) =>
    steps.flatMap(({ run, shell = "bash" }, i) =>
      run === undefined || !/^(ba)?sh\b/.test(shell)
        ? []
        : [
            {
              name: `${path}/${job}-${i + 1}`,
              text: `${run.replace(/\$\{\{.*?\}\}/gs, (expression) => "_".repeat(expression.length))}\n`,
              shell: shell.startsWith("bash") ? ("bash" as const) : ("sh" as const),
            },
          ],
    ),
  );
}

/** Configs that differ in what they put into scripts, and in which files there are. */
const CONFIGS: string[][] = [
  [],
  ["nic.txqueuelen=10000", "nic.irq=spread", "servers=5"],
  ["conntrack.mode=track", "egress.mode=routed", 'dns=["10.9.0.53"]'],
  ["conntrack.helper=true", "conntrack.mode=track", "egress.mode=none"],
];

/** The machines of every example stack by either front door, under each of the configs. */
export async function exampleMachines(): Promise<RecordedMachine[]> {
  const machines: RecordedMachine[] = [];
  for (const stack of stacks())
    for (const frontDoor of ["nlb", "eip"])
      for (const config of CONFIGS) {
        const overrides = [`frontDoor=${frontDoor}`, ...config];
        machines.push(...recordedMachines(await runProgram(stackInput(stack, overrides))));
      }
  return machines;
}

/** Each once: most machines' scripts are the same to the letter. */
export function distinct(scripts: Script[]): Script[] {
  const seen = new Set<string>();
  return scripts.flatMap((script) => {
    const key = pathOf(script.name) + script.text;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ ...script, name: `${seen.size}/${script.name}` }];
  });
}

/** A machine's file without the machine, but for its kind. */
const pathOf = (name: string) => {
  const [machine, path] = machineAndPath(name);
  return (isGateway(machine) ? "gateway" : "server") + path;
};

const isGateway = (machine: string) => machine.startsWith("gateway-");

/** `a-1/etc/nftables.conf` in two. */
export function machineAndPath(name: string): [machine: string, path: string] {
  const at = name.indexOf("/");
  return [name.slice(0, at), name.slice(at)];
}
