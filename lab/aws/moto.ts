/** moto's server (github.com/getmoto/moto) at its pinned version. */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { environment } from "../host/python.ts";

const REQUIREMENTS = fileURLToPath(new URL("requirements.txt", import.meta.url));

/** The Python that has moto, to be started as `python -m`. */
export async function motoPython(): Promise<string> {
  return join(await environment("moto", REQUIREMENTS), "python");
}
