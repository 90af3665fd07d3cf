/** Packages from PyPI at their pinned versions, each list in a virtual environment that is made once. */

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cached } from "./cache.ts";
import { run } from "./run.ts";

/** Debian's own (python3-venv), whatever else stands in PATH. */
export const PYTHON = "/usr/bin/python3";
const INSTALL_TIMEOUT_MS = 5 * 60_000;

/**
 * The folder of an environment's programs. Python is one, to be started as `python -m`; scripts in Python do not survive
 * that the environment was renamed, programs of their own do.
 *
 * @param requirements A file that pip reads: every package with its version, those that it needs as well.
 */
export async function environment(name: string, requirements: string): Promise<string> {
  const { stdout: version } = await run(PYTHON, ["--version"]);
  const dir = await cached(name, [readFileSync(requirements), version], async (dir) => {
    await run(PYTHON, ["-m", "venv", dir], { timeoutMs: INSTALL_TIMEOUT_MS });
    const pip = ["-m", "pip", "install", "--quiet", "--no-input", "--only-binary", ":all:", "--no-deps"];
    const python = join(dir, "bin", "python");
    await run(python, [...pip, "--requirement", requirements], { timeoutMs: INSTALL_TIMEOUT_MS });
  });
  return join(dir, "bin");
}

/** The folder of an environment's packages, whose data are read and whose programs are not run. As `environment`. */
export async function sitePackages(name: string, requirements: string): Promise<string> {
  const root = join(await environment(name, requirements), "..");
  const [folder] = globSync("lib/python3*/site-packages", { cwd: root });
  return join(root, folder!);
}
