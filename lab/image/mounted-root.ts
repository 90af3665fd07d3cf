/** A root that is several folders, one over the other: what is written to it stays out of them. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "../host/run.ts";

/** A folder that is all of `layers`, the last on top, and keeps what is written to it in `base`. */
export async function mountedRoot(base: string, layers: string[]): Promise<string> {
  const [upper, work, root] = ["upper", "work", "root"].map((each) => join(base, each)) as [
    string,
    string,
    string,
  ];
  for (const folder of [upper, work, root]) mkdirSync(folder, { recursive: true });
  const lower = layers.toReversed().join(":");
  await run("mount", [
    "-t",
    "overlay",
    "-o",
    `lowerdir=${lower},upperdir=${upper},workdir=${work}`,
    "overlay",
    root,
  ]);
  return root;
}
