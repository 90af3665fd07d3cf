/**
 * ShellCheck over all shell that there is. What it finds is mended, or kept quiet by a directive beside its line that says
 * why; of what lies in texts of TypeScript it sees what reaches a machine in user data, and no command of the lab's.
 */
import { beforeAll, describe, expect, test } from "vitest";
import type { RecordedMachine } from "../../offline/machines.ts";
import { workflows } from "../ci/workflow.ts";
import { projectFiles, read } from "../shared/files.ts";
import { disabled, unexplained, withoutDisabling } from "./directives.ts";
import { codes, installed, type Script, shellcheck } from "./shellcheck.ts";
import {
  cloudConfigScripts,
  distinct,
  exampleMachines,
  machineAndPath,
  projectScripts,
  renderedFiles,
  renderedScripts,
  sourceOf,
  unitScripts,
  workflowScripts,
} from "./sources.ts";

let machines: RecordedMachine[];
beforeAll(async () => {
  await installed();
  machines = await exampleMachines();
});

/** By name: where there is shell. */
const SOURCES: Record<string, () => Script[]> = {
  "the project's own scripts": projectScripts,
  "the scripts on the machines": () => distinct(renderedScripts(machines)),
  "the commands of cloud-config": () => distinct(cloudConfigScripts(machines)),
  "the commands of units": () => unitScripts([...projectScripts(), ...distinct(renderedFiles(machines))]),
  "what workflows run": () => workflows.flatMap(workflowScripts),
};

/** A slip for each kind of shell, and what ShellCheck says of it. */
interface Slip {
  what: string;
  source: keyof typeof SOURCES;
  script: RegExp;
  from: string;
  to: string;
  says: string[];
}

const project = { source: "the project's own scripts" };
const rendered = { source: "the scripts on the machines" };
const cloudInit = { source: "the commands of cloud-config" };
const UNQUOTED = ["SC2086"];
const UNASSIGNED = ["SC2154"];

const SLIPS: Slip[] = [
  {
    ...{ ...project, what: "a name without quotes", script: /^lab\/vpc\/guest\/boot\.sh$/ },
    ...{ from: '--unit="machine-$name"', to: "--unit=machine-$name", says: UNQUOTED },
  },
  {
    ...{ ...project, what: "a cd that nobody asks about", script: /^script\/setup$/ },
    ...{ from: "|| exit 1\n", to: "\n", says: ["SC2164"] },
  },
  {
    ...{ ...rendered, what: "a name without quotes in a server's script", script: /pptp-fleet-accounts$/ },
    ...{ from: 'mv "$new"', to: "mv $new", says: UNQUOTED },
  },
  {
    ...{ ...rendered, what: "one in a hook of pppd's", script: /ip-up\.d\/pptp-fleet$/ },
    ...{ from: '"$PPP_IFACE"', to: "$PPP_IFACE", says: UNQUOTED },
  },
  {
    ...{ ...rendered, what: "one in a gateway's script", script: /pptp-fleet-gateway$/ },
    ...{ from: 'own="$own"', to: "own=$own", says: UNQUOTED },
  },
  {
    ...{ ...rendered, what: "bash's words in a script of sh", script: /pptp-fleet-ready$/ },
    ...{ from: '[ -n "$lacks" ]; do', to: '[[ -n "$lacks" ]]; do', says: ["SC3010"] },
  },
  {
    ...{ ...rendered, what: "a variable that nobody sets in a piece of GRUB's", script: /grub\.d/ },
    ...{ from: "-n 1)", to: '-n "$lines")', says: UNASSIGNED },
  },
  {
    ...{ ...cloudInit, what: "one that nobody reads in a server's bootcmd", script: /pptp-fleet-bootstrap$/ },
    ...{ from: "systemd-run", to: "i=1; systemd-run", says: ["SC2034"] },
  },
  {
    ...{ ...cloudInit, what: "one that nobody sets in a gateway's", script: /pptp-fleet-silence$/ },
    ...{ from: "pref 3", to: 'pref "$pref"', says: UNASSIGNED },
  },
  {
    ...{ source: "the commands of units", what: "one that nobody sets", script: /machine-root\.sh/ },
    ...{ from: "set eth0 up", to: 'set "$card" up', says: UNASSIGNED },
  },
  {
    ...{ source: "what workflows run", what: "a name without quotes", script: /preview/ },
    ...{ from: '"$STACK"\n', to: "$STACK\n", says: UNQUOTED },
  },
];

describe.each(Object.keys(SOURCES))("in %s", (source) => {
  test("ShellCheck finds nothing", async () => {
    const scripts = SOURCES[source]!();
    expect(scripts).not.toEqual([]);
    expect(await shellcheck(scripts)).toEqual([]);
  });

  test.each(SLIPS.filter((slip) => slip.source === source))(
    "it finds $what",
    async ({ script, from, to, says }) => {
      const sound = SOURCES[source]!().find(({ name, text }) => script.test(name) && text.includes(from))!;
      const found = await shellcheck([{ ...sound, text: sound.text.replace(from, to) }]);
      expect(codes(found)).toEqual(says);
    },
  );
});

describe("all shell is looked at:", () => {
  test("the project's own scripts, in whichever folder", () => {
    const folders = projectScripts().map(({ name }) => name.slice(0, name.lastIndexOf("/")));
    const some = [".ci", "bench/guest", "bench/guest/gateway", "lab/image", "lab/vpc/guest", "script"];
    expect([...new Set(folders)]).toEqual(expect.arrayContaining(some));
  });

  test("every executable file of a machine, but for one in Python", () => {
    const place = ({ name }: Script) => sourceOf(...machineAndPath(name));
    const executable = machines.flatMap(({ name, files }) =>
      files
        .filter(({ permissions }) => permissions === "0755")
        .map(({ path, content }) => ({ name: name + path, text: content })),
    );
    const python = executable.filter(({ text }) => text.startsWith("#!/usr/bin/python3\n"));
    expect([...new Set(python.map(place))]).toEqual([
      "templates/apply/files/usr/local/sbin/pptp-fleet-apply",
      "render/bootstrap/usr/local/sbin/pptp-fleet-fetch",
      "templates/health/files/usr/local/sbin/pptp-fleet-health",
    ]);
    const looked = renderedScripts(machines).filter(({ shell }) => shell === undefined);
    expect(new Set([...looked, ...python].map(place))).toEqual(new Set(executable.map(place)));
  });

  test("so is every command of bootcmd", () => {
    const commands = machines.flatMap(({ cloudConfig }) => cloudConfig.bootcmd);
    expect(cloudConfigScripts(machines)).toHaveLength(commands.length);
  });

  test("so is every step of a workflow that runs anything", () => {
    const runs = workflows.flatMap(({ text }) => text.match(/^\s+(- )?run: /gm) ?? []);
    expect(workflows.flatMap(workflowScripts)).toHaveLength(runs.length);
  });

  test("no machine's unit has a script in its command; the lab has one", () => {
    expect(unitScripts(renderedFiles(machines))).toEqual([]);
    expect(unitScripts(projectScripts()).map(({ name }) => name)).toEqual([
      "lab/image/machine-root.sh.exec-1",
    ]);
  });
});

describe("a directive", () => {
  const scripts = () => [...projectScripts(), ...distinct(renderedScripts(machines))];

  test("says why", () => {
    const all = [...scripts(), ...projectFiles("templates").map((name) => ({ name, text: read(name) }))];
    expect(all.flatMap(({ text }) => unexplained(text))).toEqual([]);
  });

  test("is there for something: without it ShellCheck finds what it keeps quiet, and nothing else", async () => {
    const quiet = scripts().filter(({ text }) => disabled(text).length > 0);
    expect(quiet.length).toBeGreaterThan(0);
    for (const script of quiet) {
      const found = await shellcheck([{ ...script, text: withoutDisabling(script.text) }]);
      expect([script.name, codes(found).filter((code) => code !== "SC1091")]).toEqual([
        script.name,
        disabled(script.text),
      ]);
    }
  });

  test("reaches no machine", () => {
    expect(renderedFiles(machines).filter(({ text }) => /# shellcheck /.test(text))).toEqual([]);
  });
});
