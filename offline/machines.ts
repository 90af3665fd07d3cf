/** What a recorded run would start: the machines with the bytes they get, and the plan behind them. */
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import { machineOfBundle, unpackBundle } from "../graph/bundles.ts";
import { Graph, type Recorded } from "../graph/graph.ts";
import { machineName, userDataOf } from "../graph/machines.ts";
import { BUCKET_OBJECT, FLEET, INSTANCE } from "../graph/types.ts";
import type { Plan } from "../plan/plan.ts";
import type { Bundle } from "../render/bundle.ts";
import { byPath, type MachineFile } from "../render/overlay.ts";
import type { CloudConfig } from "../render/user-data.ts";
import type { ProgramRun } from "./program.ts";

export interface RecordedMachine {
  /** The machine's name in the plan: the tag `server` or `gateway`. */
  name: string;
  /** The instance's inputs. */
  instance: Record<string, unknown>;
  /** As EC2 gets it. */
  userData: Buffer;
  /** The same, unpacked and parsed. */
  cloudConfig: CloudConfig;
  /** As S3 gets it, and unpacked. */
  packed: Buffer;
  bundle: Bundle;
  /** All that lies on it, by user data and by its bundle; sorted by path. */
  files: MachineFile[];
}

/** Read back from the instances and the bucket's objects themselves, not rendered again. None for instances of others. */
export function recordedMachines({ resources }: { resources: Recorded[] }): RecordedMachine[] {
  const graph = new Graph(resources);
  const bundles = new Map(
    graph.all(BUCKET_OBJECT).map(({ inputs }) => [machineOfBundle(inputs.key), inputs.contentBase64]),
  );
  return graph
    .all(INSTANCE)
    .filter((instance) => userDataOf(instance).length > 0)
    .map((instance) => {
      const [name, userData] = [machineName(instance), userDataOf(instance)];
      const cloudConfig: CloudConfig = parse(gunzipSync(userData).toString());
      const machine = identityOf(cloudConfig);
      const packed = bundles.get(machine);
      if (packed === undefined) throw new Error(`the program registers no bundle of ${machine}`);
      const bundle = unpackBundle(packed) as Bundle;
      const files = [...cloudConfig.write_files, ...bundle.files].sort(byPath);
      return {
        ...{ name, instance: { ...instance.inputs }, userData, cloudConfig },
        ...{ packed: Buffer.from(packed, "base64"), bundle, files },
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** By which name the machine asks for its bundle. */
function identityOf({ write_files }: CloudConfig): string {
  const file = write_files.find(({ path }) => path === "/etc/pptp-fleet/machine.json");
  return JSON.parse(file!.content).machine;
}

/** The plan that the fleet registered. */
export function recordedPlan({ resources }: ProgramRun): Plan {
  return resources.find((resource) => resource.type === FLEET)!.outputs.plan;
}
