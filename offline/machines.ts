/** What a recorded run would start: the machines with the bytes they get, and the plan behind them. */
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import { Graph, type Recorded } from "../graph/graph.ts";
import { machineName, userDataOf } from "../graph/machines.ts";
import { FLEET, INSTANCE } from "../graph/types.ts";
import type { Plan } from "../plan/plan.ts";
import type { CloudConfig } from "../render/user-data.ts";
import type { ProgramRun } from "./program.ts";

export interface RecordedMachine {
  /** The machine's name in the plan: the tag `server` or `gateway`. */
  name: string;
  /** As EC2 gets it. */
  userData: Buffer;
  /** The same, unpacked and parsed. */
  cloudConfig: CloudConfig;
}

/** Read back from the instances themselves, not rendered again. */
export function recordedMachines({ resources }: { resources: Recorded[] }): RecordedMachine[] {
  return new Graph(resources)
    .all(INSTANCE)
    .map((instance) => {
      const userData = userDataOf(instance);
      return {
        name: machineName(instance),
        userData,
        cloudConfig: parse(gunzipSync(userData).toString()),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The plan that the fleet registered. */
export function recordedPlan({ resources }: ProgramRun): Plan {
  return resources.find((resource) => resource.type === FLEET)!.outputs.plan;
}
