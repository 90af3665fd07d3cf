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
import type { Config } from "../fleet.ts";

const ROOT = join(import.meta.dirname, "../../..");
const STACK = "dev";
/** What the program is made of. */
const PARTS = [
  "index.ts",
  "package.json",
  "components",
  "plan",
  "render",
  "settings",
  "templates",
  "node_modules",
];

const execute = promisify(execFile);

export interface Step {
  op: string;
  urn: string;
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
      // A backstop: seconds of a core, and for ever where the CLI asks somebody who does not answer.
      timeout: 900_000,
    });
    return stdout;
  }
}

/** In a line: why the CLI did not do what it was asked. */
export function reasonOf(error: unknown): string {
  const { code, stderr, message } = error as { code?: unknown; stderr?: string; message: string };
  if (code === "ENOENT") return "pulumi is not on PATH";
  const said = stderr?.split("\n").find((line) => line.includes("error:")) ?? message.split("\n")[0]!;
  return `pulumi is on PATH and does not run: ${said.trim()}`;
}
