/** What a recorded run would start: the machines with the bytes they get, and the plan behind them. */
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import type { Plan } from "../plan/plan.ts";
import type { CloudConfig } from "../render/user-data.ts";
import type { ProgramRun, RecordedResource } from "./program.ts";

export interface RecordedMachine {
  /** The machine's name in the plan: the tag `server` or `gateway`. */
  name: string;
  /** As EC2 gets it. */
  userData: Buffer;
  /** The same, unpacked and parsed. */
  cloudConfig: CloudConfig;
}

/** Read back from the instances themselves, not rendered again. */
export function recordedMachines({
  resources,
}: {
  resources: Pick<RecordedResource, "type" | "inputs">[];
}): RecordedMachine[] {
  return resources
    .filter((resource) => resource.type === "aws:ec2/instance:Instance")
    .map(({ inputs }) => {
      const userData = Buffer.from(inputs.userDataBase64, "base64");
      return {
        name: inputs.tags.server ?? inputs.tags.gateway,
        userData,
        cloudConfig: parse(gunzipSync(userData).toString()),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The plan that the fleet registered. */
export function recordedPlan({ resources }: ProgramRun): Plan {
  return resources.find((resource) => resource.type === "pptp-fleet:fleet:Fleet")!.outputs.plan;
}
