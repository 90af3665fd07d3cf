/** The two ways in which Pulumi runs a Node program against an engine. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import * as pulumi from "@pulumi/pulumi";
import * as settings from "@pulumi/pulumi/runtime/settings.js";
import * as state from "@pulumi/pulumi/runtime/state.js";
import { ROOT } from "../../shared/files.ts";
import type { Runner } from "./engine.ts";

const require = createRequire(import.meta.url);

// Exported by the SDK, and stripped from its declarations as internal.
const { withLocalStorage } = state as unknown as { withLocalStorage<T>(run: () => Promise<T>): Promise<T> };

/** As the CLI's language host does: a process of its own, with the SDK's `cmd/run`. Two to three seconds. */
export const asProcess: Runner = async (program, address, preview) => {
  const child = spawn(
    process.execPath,
    [
      require.resolve("@pulumi/pulumi/cmd/run"),
      ...[
        "--monitor",
        address,
        "--engine",
        address,
        "--organization",
        "organization",
        "--project",
        program.project,
      ],
      ...["--stack", program.stack, "--root-directory", ROOT, "--pwd", ROOT, "--parallel", "16"],
      ...(preview ? ["--dry-run"] : []),
      ".",
    ],
    {
      cwd: ROOT,
      env: {
        ...process.env,
        PULUMI_NODEJS_TYPESCRIPT: "false",
        PULUMI_CONFIG: JSON.stringify(program.config),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(program.secretKeys),
      },
      stdio: ["ignore", "ignore", "pipe"],
      // A backstop: one whose engine has gone tries to reach it for ever. Before the test's own limit.
      timeout: 3_000_000,
      killSignal: "SIGKILL",
    },
  );
  const ended = new Promise((resolve) => child.once("close", resolve));
  const wrong = await text(child.stderr);
  const code = await ended;
  if (code !== 0) throw new Error(`the program ended with ${code}: ${wrong}`);
};

/** As the Automation API's language server does: in this process, which has everything loaded. A fraction of a second. */
export function inline(load: () => Promise<() => unknown>): Runner {
  return (program, address, preview) =>
    withLocalStorage(async () => {
      settings.resetOptions(program.project, program.stack, 16, address, address, preview, "organization");
      pulumi.runtime.setAllConfig(program.config, program.secretKeys);
      const main = await load();
      let failure: { error: unknown } | undefined;
      const run = pulumi.runtime.runInPulumiStack(async () => {
        try {
          return (await main()) as any;
        } catch (error) {
          failure = { error };
          return undefined;
        }
      });
      await run.catch((error: unknown) => {
        failure ??= { error };
      });
      await settings.disconnect(failure === undefined);
      if (failure) throw failure.error;
    });
}

/** The program of this repository, inline. */
export const fleetInline: Runner = inline(async () => (await import("../../../index.ts")).default);
