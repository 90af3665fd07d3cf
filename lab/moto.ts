/** moto's server (github.com/getmoto/moto) at its pinned version, in a virtual environment that is made once. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cached } from "./cache.ts";
import { run } from "./run.ts";

const REQUIREMENTS = fileURLToPath(new URL("requirements.txt", import.meta.url));
/** Debian's own (python3-venv), whatever else stands in PATH. */
const PYTHON = "/usr/bin/python3";
const INSTALL_TIMEOUT_MS = 5 * 60_000;

/** The Python that has moto, to be started as `python -m`: an environment's own scripts do not survive its renaming. */
export async function motoPython(): Promise<string> {
  const { stdout: version } = await run(PYTHON, ["--version"]);
  const dir = await cached("moto", [readFileSync(REQUIREMENTS), version], async (dir) => {
    await run(PYTHON, ["-m", "venv", dir], { timeoutMs: INSTALL_TIMEOUT_MS });
    const pip = ["-m", "pip", "install", "--quiet", "--no-input", "--only-binary", ":all:", "--no-deps"];
    const python = join(dir, "bin", "python");
    await run(python, [...pip, "--requirement", REQUIREMENTS], { timeoutMs: INSTALL_TIMEOUT_MS });
  });
  return join(dir, "bin", "python");
}
