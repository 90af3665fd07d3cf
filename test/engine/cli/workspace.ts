/** A project of the CLI's in a folder of its own: this repository's program, a state in a file, and our plugin. */
import { execFile } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { parse, stringify } from "yaml";
import { ROOT } from "../../shared/files.ts";
import type { Config } from "../fleet.ts";

const STACK = "dev";
/** A backstop: a command takes seconds of a core, and for ever where the CLI asks somebody who does not answer. */
const TIMEOUT_MS = 900_000;
/** What the program is made of. */
const PARTS = [
  "index.ts",
  "package.json",
  "components",
  "graph",
  "plan",
  "protocols",
  "render",
  "settings",
  "templates",
  "node_modules",
];

const execute = promisify(execFile);

export interface Step {
  op: string;
  urn: string;
  /** Of all but deletes. */
  newState?: { inputs?: Record<string, unknown> };
}

export class Workspace {
  private readonly folder = mkdtempSync(join(tmpdir(), "pptp-fleet-cli-"));
  private readonly env: NodeJS.ProcessEnv;

  constructor() {
    const bin = join(this.folder, "bin");
    mkdirSync(bin);
    mkdirSync(join(this.folder, "states"));
    for (const part of PARTS) symlinkSync(join(ROOT, part), join(this.folder, part));
    copyFileSync(join(ROOT, "Pulumi.yaml"), join(this.folder, "Pulumi.yaml"));
    const plugin = join(bin, "pulumi-resource-aws");
    writeFileSync(
      plugin,
      `#!/bin/sh\nexec '${process.execPath}' '${join(import.meta.dirname, "plugin.ts")}' "$@"\n`,
    );
    chmodSync(plugin, 0o755);
    this.env = {
      ...process.env,
      PATH: [bin, process.env.PATH].join(delimiter),
      FLEET_ACCOUNT: join(this.folder, "account.json"),
      PULUMI_HOME: join(this.folder, "home"),
      PULUMI_BACKEND_URL: `file://${join(this.folder, "states")}`,
      PULUMI_CONFIG_PASSPHRASE: "of this test",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      AWS_ACCESS_KEY_ID: "none",
      AWS_SECRET_ACCESS_KEY: "none",
      AWS_EC2_METADATA_DISABLED: "true",
    };
  }

  /** A stack with its accounts, before its first `up`. */
  async init(users: unknown): Promise<void> {
    await this.pulumi("stack", "init", STACK);
    await this.pulumi("config", "set", "--secret", "pptp-fleet:users", JSON.stringify(users));
  }

  /** All but the accounts. */
  configure(config: Config): void {
    const file = join(this.folder, `Pulumi.${STACK}.yaml`);
    const written = parse(readFileSync(file, "utf8"));
    const entries = Object.entries(config).map(([key, value]) => [
      key.includes(":") ? key : `pptp-fleet:${key}`,
      value,
    ]);
    const { "pptp-fleet:users": users } = written.config;
    written.config = { "pptp-fleet:users": users, ...Object.fromEntries(entries) };
    writeFileSync(file, stringify(written));
  }

  /** A newer official image comes out. */
  publish(image: string): void {
    const file = this.env.FLEET_ACCOUNT!;
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, "utf8")), publishedImage: image }));
  }

  async up(): Promise<void> {
    await this.pulumi("up", "--yes", "--skip-preview");
  }

  async preview(): Promise<Step[]> {
    return JSON.parse(await this.pulumi("preview", "--json")).steps;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async pulumi(...args: string[]): Promise<string> {
    const { stdout } = await execute("pulumi", [...args, "--non-interactive"], {
      cwd: this.folder,
      env: this.env,
      maxBuffer: 1 << 28,
      timeout: TIMEOUT_MS,
    });
    return stdout;
  }
}

/** What `execFile` says of a command that failed. */
interface Failed {
  code: unknown;
  syscall?: string;
  cmd?: string;
  killed?: boolean;
  stderr?: string;
}

/**
 * In a line: why the CLI did not do what it was asked.
 *
 * @throws the error itself, where it is not about the CLI.
 */
export function reasonOf(error: unknown): string {
  const { code, syscall, cmd, killed, stderr = "" } = error as Failed;
  if (code === "ENOENT" && syscall === "spawn pulumi") return "pulumi is not on PATH";
  if (cmd === undefined) throw error;
  const command = cmd.split(" ").slice(0, 2).join(" ");
  if (killed) return `pulumi is on PATH, and \`${command}\` did not end within ${TIMEOUT_MS / 1000} s`;
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  const said = lines.find((line) => line.includes("error:")) ?? lines[0] ?? "no word of why";
  return `pulumi is on PATH, and \`${command}\` ended with ${code}: ${said.trim()}`;
}
