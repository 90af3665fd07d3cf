/**
 * ShellCheck, from PyPI: a wheel with the program in it, pinned with its hash, the same on each machine. Debian 12 and 13
 * have two others, and the npm package downloads one that nobody has pinned.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { environment } from "../../lab/host/python.ts";
import { run } from "../../lab/host/run.ts";

const TIMEOUT_MS = 10 * 60_000;

export interface Script {
  /** A relative path. What a script sources is found beside it. */
  name: string;
  text: string;
  /** For a script without a first line that names its shell. */
  shell?: "bash" | "sh";
}

/** As people read it: the script, the line, ShellCheck's code and words. */
export type Finding = string;

interface Comment {
  file: string;
  line: number;
  code: number;
  message: string;
}

/** Where it is, once it is installed. Where it cannot be, this throws: nothing is skipped. */
export async function installed(): Promise<string> {
  return join(await environment("shellcheck", join(import.meta.dirname, "requirements.txt")), "shellcheck");
}

/** Runs ShellCheck with all its levels, down to style, and no settings of whoever runs it. */
export async function shellcheck(scripts: Script[]): Promise<Finding[]> {
  const program = await installed();
  const dir = mkdtempSync(join(tmpdir(), "shellcheck-"));
  try {
    for (const { name, text } of scripts) {
      mkdirSync(dirname(join(dir, name)), { recursive: true });
      writeFileSync(join(dir, name), text);
    }
    const findings: Finding[] = [];
    for (const [shell, group] of Map.groupBy(scripts, (script) => script.shell)) {
      const args = ["--norc", "--format=json1", "--external-sources", "--source-path=SCRIPTDIR"];
      if (shell !== undefined) args.push(`--shell=${shell}`);
      const { code, stdout, stderr } = await run(program, [...args, ...group.map(({ name }) => name)], {
        ...{ cwd: dir, timeoutMs: TIMEOUT_MS, mayFail: true },
      });
      // 1: it has found something; any more, and it could not look.
      if (code > 1) throw new Error(`shellcheck failed with code ${code}: ${stderr}`);
      const { comments }: { comments: Comment[] } = JSON.parse(stdout);
      findings.push(
        ...comments.map(({ file, line, code, message }) => `${file}:${line}: SC${code} ${message}`),
      );
    }
    return findings;
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** The codes that findings name, each once, sorted. */
export function codes(findings: Finding[]): string[] {
  return [...new Set(findings.map((finding) => / (SC\d+) /.exec(finding)![1]!))].sort();
}
