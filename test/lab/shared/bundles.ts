/** Machines of the shared VPC get another bundle, and say what came of it. */

import { recordedMachines } from "../../../offline/machines.ts";
import { bundleKey, desiredKey, statusKey } from "../../../plan/bucket.ts";
import { type Bundle, type BundleFile, packBundle } from "../../../render/bundle.ts";
import { sharedVpc } from "./vpc.ts";

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
}

/** A machine looks at its bundle now, and not at the end of its minute. @returns what it then reports in the bucket. */
export async function look(name: string): Promise<Status> {
  const { machines, host } = await sharedVpc();
  // A look that is under way may have begun before.
  await machines[name]!.agent.sh(
    `test "$(systemctl is-active pptp-fleet-apply)" != activating || systemctl start pptp-fleet-apply || true
     systemctl start pptp-fleet-apply || true`,
    { timeoutMs: 600_000 },
  );
  return JSON.parse(`${await host.s3.get(statusKey(name))}`);
}

/** The bundle that the program makes of a machine. */
export async function bundleOf(name: string): Promise<Bundle> {
  const { run } = await sharedVpc();
  return recordedMachines(run).find((each) => each.name === name)!.bundle;
}

/** A bundle with one file another. @throws Error for a file that it has not, or that stays as it was. */
export function withFile(bundle: Bundle, path: string, change: (content: string) => string): Bundle {
  const files = bundle.files.map(
    (file): BundleFile => (file.path === path ? { ...file, content: change(file.content) } : file),
  );
  if (JSON.stringify(files) === JSON.stringify(bundle.files)) throw new Error(`${path} stays as it is`);
  return { ...bundle, files };
}

/** Writes a bundle for a machine, and the pointer to it. @returns its version. */
export async function publish(name: string, bundle: Bundle): Promise<string> {
  const { host } = await sharedVpc();
  const { bytes, version } = packBundle(bundle);
  const key = bundleKey(name, version);
  await host.s3.put(key, bytes);
  await host.s3.put(desiredKey(name), JSON.stringify({ version, key }));
  return version;
}

/** What `work` finds while a machine is to have another bundle; the program's own comes back. */
export async function whileBundled<T>(name: string, bundle: Bundle, work: (version: string) => Promise<T>) {
  const version = await publish(name, bundle);
  try {
    return await work(version);
  } finally {
    await publish(name, await bundleOf(name));
    await look(name);
  }
}
