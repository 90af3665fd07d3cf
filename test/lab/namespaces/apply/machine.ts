/** Debian 13's root with its real readers in a network of its own, where bundles are applied. No systemd: systemctl.py. */
import { spawn } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { run } from "../../../../lab/host/run.ts";
import { toolsImage } from "../../../../lab/image/image.ts";
import { mountedRoot } from "../../../../lab/image/mounted-root.ts";
import { makePlan } from "../../../../plan/plan.ts";
import { type Bundle, packBundle } from "../../../../render/bundle.ts";
import { renderGateway, renderServer } from "../../../../render/machine.ts";
import type { Settings } from "../../../../settings/schema.ts";
import { APPLY } from "../../../../templates/apply/part.ts";
import { givenFacts, givenSettings } from "../../../shared/given.ts";

const STATE = "/var/lib/pptp-fleet";
const SYSTEMCTL = "/var/lib/systemctl";

export interface Said {
  /** Exit code. */
  code: number;
  text: string;
}

export interface Machine {
  /** Its root, seen from outside. */
  root: string;
  /** Its network namespace. */
  network: string;
  /** In its root and network. */
  run(argv: string[], input?: string): Promise<Said>;
  /** By the bundle's own program, as the bootstrap runs it. */
  apply(bundle: Bundle): Promise<Said>;
  /** The same, killed with all that it has started after `ms`. @returns whether it was still running. */
  killed(bundle: Bundle, ms: number): Promise<boolean>;
  /** What the last run reported. */
  report(): Record<string, any>;
  /** What systemd was asked since the last question, questions aside. */
  asked(): string[];
  read(path: string): string;
  write(path: string, content: string): void;
}

let count = 0;

/** A machine that nothing was applied to; it ends with the namespace it runs in. */
export async function newMachine(): Promise<Machine> {
  const { rootfs } = await toolsImage();
  const root = await mountedRoot(mkdtempSync("/run/apply-"), [rootfs]);
  const network = `apply-${count++}`;
  await run("ip", ["netns", "add", network]);
  await run("ip", ["-n", network, "link", "set", "lo", "up"]);
  await run("mount", ["-t", "proc", "proc", join(root, "proc")]);
  await run("mount", ["--rbind", "/dev", join(root, "dev")]);
  await run("mount", ["-t", "tmpfs", "tmpfs", join(root, "run")]);
  // The image is a client's, which runs none of it.
  for (const unit of ["pptpd", "nftables", "irqbalance"])
    rmSync(join(root, `etc/systemd/system/${unit}.service`), { force: true });
  const systemctl = join(root, "usr/local/bin/systemctl");
  copyFileSync(join(import.meta.dirname, "../../../../lab/vpc/guest/systemctl.py"), systemctl);
  chmodSync(systemctl, 0o755);
  mkdirSync(join(root, STATE), { recursive: true });
  mkdirSync(join(root, SYSTEMCTL), { recursive: true });

  // Its own view of /sys: of its interfaces.
  const inside = (argv: string[]) => [
    ...[
      "netns",
      "exec",
      network,
      "sh",
      "-c",
      `mount -t sysfs sysfs ${root}/sys && exec chroot ${root} "$@"`,
      "sh",
    ],
    ...argv,
  ];
  const put = (bundle: Bundle) => {
    const { bytes, version } = packBundle(bundle);
    const path = `${STATE}/bundle-${version}`;
    writeFileSync(join(root, path), bytes);
    writeFileSync(join(root, "run/apply.py"), bundle.files.find((each) => each.path === APPLY)!.content);
    writeFileSync(join(root, STATE, "desired"), JSON.stringify({ version }));
    return ["python3", "-I", "/run/apply.py", path];
  };
  const machine: Machine = {
    root,
    network,
    async run(argv, input = "") {
      const { code, stdout, stderr } = await run("ip", inside(argv), { mayFail: true, input });
      return { code, text: stdout + stderr };
    },
    apply: (bundle) => machine.run(put(bundle)),
    killed(bundle, ms) {
      const child = spawn("ip", inside(put(bundle)), { detached: true, stdio: "ignore" });
      const timer = setTimeout(() => process.kill(-child.pid!, "SIGKILL"), ms);
      return new Promise((resolve, reject) => {
        child.once("error", reject);
        child.once("close", (_, signal) => {
          clearTimeout(timer);
          resolve(signal === "SIGKILL");
        });
      });
    },
    report: () => JSON.parse(machine.read("/run/pptp-fleet-apply/report")),
    asked() {
      const log = join(root, SYSTEMCTL, "log");
      if (!existsSync(log)) return [];
      const lines = readFileSync(log, "utf8").trim().split("\n");
      rmSync(log);
      return lines.filter((line) => !/^(show|is-active|list-units) /.test(line));
    },
    read: (path) => readFileSync(join(root, path), "utf8"),
    write: (path, content) => writeFileSync(join(root, path), content),
  };
  return machine;
}

/** Without the watch and the dial, which want systemd and PPP: those of a gateway. */
const unwatched = (bundle: Bundle): Bundle => ({ ...bundle, kind: "gateway", watch: 0 });

/** The first server's. */
export function serverBundle(changes: Partial<Settings> = {}): Bundle {
  const plan = makePlan(givenSettings(changes), givenFacts(), "dev");
  return unwatched(renderServer(plan, plan.servers[0]!).bundle);
}

/** The first gateway's. */
export function gatewayBundle(changes: Partial<Settings> = {}): Bundle {
  const plan = makePlan(givenSettings({ frontDoor: "nlb", ...changes }), givenFacts(), "dev");
  return unwatched(renderGateway(plan, plan.gateways[0]!).bundle);
}

/** The same with a file's content changed. @throws Error where that changes nothing. */
export function edited(bundle: Bundle, path: string, change: (content: string) => string): Bundle {
  const files = bundle.files.map((each) =>
    each.path === path ? { ...each, content: change(each.content) } : each,
  );
  if (JSON.stringify(files) === JSON.stringify(bundle.files)) throw new Error(`nothing of ${path} changes`);
  return { ...bundle, files };
}

/** The same with a line more at a file's end. */
export const withLine = (bundle: Bundle, path: string, line: string): Bundle =>
  edited(bundle, path, (content) => `${content.trimEnd()}\n${line}\n`);
