/**
 * One measurement in a process of its own: prints a `Measured` as JSON.
 *
 *     child.ts program SIZE          runs the program
 *     child.ts record SIZE FILE      the same, and writes what it registered
 *     child.ts bare FILE             registers that, and nothing else
 *
 * SIZE is a `Size` as JSON.
 */
import { readFileSync, writeFileSync } from "node:fs";

export interface Measured {
  /** Milliseconds since the process began. */
  elapsed: number;
  /** The same of the CPU, on however many cores. */
  cpu: number;
  /** MB that the process had in memory at most. */
  memory: number;
  resources: number;
}

async function main([what, argument = "", file = ""]: string[]): Promise<Measured> {
  switch (what) {
    case "program":
    case "record": {
      const { runProgram } = await import("../../offline/program.ts");
      const { inputOf } = await import("./sizes.ts");
      const { resources } = await runProgram(inputOf(JSON.parse(argument)));
      const measured = soFar(resources.length);
      if (what === "record") {
        const kept = resources.map(({ urn, type, name, parent, inputs }) => ({
          ...{ urn, type, name, parent, inputs },
        }));
        writeFileSync(file, JSON.stringify(kept));
      }
      return measured;
    }
    case "bare": {
      const { registerBare } = await import("./bare.ts");
      // Reading them is no part of it.
      const before = soFar(0);
      const resources = JSON.parse(readFileSync(argument, "utf8"));
      const reading = soFar(0);
      const all = soFar((await registerBare(resources)).length);
      return {
        ...all,
        elapsed: all.elapsed - (reading.elapsed - before.elapsed),
        cpu: all.cpu - (reading.cpu - before.cpu),
      };
    }
    default:
      throw new Error(`no measurement is called ${what}`);
  }
}

function soFar(resources: number): Measured {
  const { user, system } = process.cpuUsage();
  return {
    elapsed: performance.now(),
    cpu: (user + system) / 1000,
    memory: process.resourceUsage().maxRSS / 1024,
    resources,
  };
}

console.log(JSON.stringify(await main(process.argv.slice(2))));
