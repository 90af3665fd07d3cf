/** Machines of a lab get another bundle, and say what came of it. */

import type { Agent } from "../../../lab/guest/agent.ts";
import { recordedMachines } from "../../../offline/machines.ts";
import type { ProgramRun } from "../../../offline/program.ts";
import { bundleKey, desiredKey, statusKey } from "../../../plan/bucket.ts";
import { type Bundle, type BundleFile, packBundle } from "../../../render/bundle.ts";

/** What a machine reports (templates/apply). */
export interface Status {
  version: string;
  good?: string;
  result: "applied" | "waits" | "refused" | "rolled back" | "failed";
  why?: string;
  changed: string[];
  waits: string[];
  sessions: number;
  drift: string[];
  /** Versions by name, of those that the bundle names. */
  packages: Record<string, string>;
}

/** What of a lab bundles come from and go to. */
export interface Bundled {
  run: ProgramRun;
  /** By their names in the plan. */
  machines: Record<string, { agent: Agent }>;
  s3: {
    get(key: string): Promise<Buffer | undefined>;
    put(key: string, content: string | Buffer): Promise<void>;
  };
}

/** A bundle with one file another. @throws Error for a file that it has not, or that stays as it was. */
export function withFile(bundle: Bundle, path: string, change: (content: string) => string): Bundle {
  const files = bundle.files.map(
    (file): BundleFile => (file.path === path ? { ...file, content: change(file.content) } : file),
  );
  if (JSON.stringify(files) === JSON.stringify(bundle.files)) throw new Error(`${path} stays as it is`);
  return { ...bundle, files };
}

/** Of a lab that tests share. */
export function bundled(lab: () => Promise<Bundled>) {
  /** What a machine last reported in the bucket. */
  const status = async (name: string): Promise<Status> =>
    JSON.parse(`${await (await lab()).s3.get(statusKey(name))}`);

  /** A machine looks at its bundle now, and not at the end of its minute. @returns what it then reports. */
  const look = async (name: string): Promise<Status> => {
    const { machines } = await lab();
    // A look that is under way may have begun before.
    await machines[name]!.agent.sh(
      `test "$(systemctl is-active pptp-fleet-apply)" != activating || systemctl start pptp-fleet-apply || true
       systemctl start pptp-fleet-apply || true`,
      { timeoutMs: 600_000 },
    );
    return status(name);
  };

  /** The bundle that the program makes of a machine. */
  const bundleOf = async (name: string): Promise<Bundle> =>
    recordedMachines((await lab()).run).find((each) => each.name === name)!.bundle;

  /** Writes a bundle for a machine, and the pointer to it. @returns its version. */
  const publish = async (name: string, bundle: Bundle): Promise<string> => {
    const { s3 } = await lab();
    const { bytes, version } = packBundle(bundle);
    const key = bundleKey(name, version);
    await s3.put(key, bytes);
    await s3.put(desiredKey(name), JSON.stringify({ version, key }));
    return version;
  };

  /** What `work` finds while a machine is to have another bundle; the program's own comes back. */
  const whileBundled = async <T>(name: string, bundle: Bundle, work: (version: string) => Promise<T>) => {
    const version = await publish(name, bundle);
    try {
      return await work(version);
    } finally {
      await publish(name, await bundleOf(name));
      await look(name);
    }
  };

  return { status, look, bundleOf, publish, whileBundled };
}
