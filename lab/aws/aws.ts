/** AWS's services, as the machines of a fleet find them: one moto, a gate that knows the machines, an endpoint for each service. */

import type { Daemon } from "../host/run.ts";
import type { Launch } from "../network/fleet.ts";
import type { Stores } from "../network/stores.ts";
import { Credentials } from "./credentials.ts";
import type { EndpointOptions } from "./endpoint.ts";
import { Gate } from "./gate.ts";
import { startMoto } from "./moto.ts";
import { type S3, startS3 } from "./s3.ts";
import { type SecretsManager, startSecretsManager } from "./secrets-manager.ts";

export interface Aws {
  secretsManager: SecretsManager;
  s3: S3;
  /** For the metadata service, which hands them out. */
  credentials: Credentials;
  /** The machines that there are from now on, and what each may do. */
  know(machines: Pick<Launch, "name" | "policies">[]): void;
  stop(): Promise<void>;
}

export interface AwsOptions extends Pick<EndpointOptions, "ca" | "runDir"> {
  /** Such as `eu-west-1`. */
  region: string;
  machines: Pick<Launch, "name" | "policies">[];
  /** What is there from the beginning. */
  stores: Stores;
}

/** @throws Error that says which part did not come up. */
export async function startAws({ region, machines, stores, ca, runDir }: AwsOptions): Promise<Aws> {
  const running: Pick<Daemon, "stop">[] = [];
  const stop = async () => {
    await Promise.all(running.splice(0).map((each) => each.stop()));
  };
  try {
    const credentials = new Credentials();
    const gate = new Gate(credentials, region);
    gate.know(machines);
    const moto = await startMoto(runDir);
    running.push(moto);
    const options = { region, gate, moto, ca, runDir };
    const secretsManager = await startSecretsManager(options);
    const s3 = await startS3(options);
    running.push(secretsManager, s3);
    for (const { name, value } of stores.secrets) await secretsManager.put(name, value);
    if (stores.bucket) await s3.publish(stores.bucket);
    return { secretsManager, s3, credentials, know: (known) => gate.know(known), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
