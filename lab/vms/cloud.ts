/** Everything around the guests, stood up in order: network, DNS and DHCP, metadata, the far host, Secrets Manager. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startDns } from "../aws/dns.ts";
import { type MetadataService, startMetadata } from "../aws/imds.ts";
import { type SecretsManager, startSecretsManager } from "../aws/secrets-manager.ts";
import type { Daemon } from "../host/run.ts";
import type { Authority } from "../image/image.ts";
import type { LabFleet } from "../network/fleet.ts";
import { startPackages, startThroughputServers } from "../network/internet.ts";
import { buildNetwork, type Network } from "../network/network.ts";

export interface CloudOptions {
  /** Receives configurations and logs: network.log, dnsmasq.log, imds.log, iperf3-*.log, secrets-manager.log. */
  runDir: string;
  /** The servers' image trusts it. */
  ca: Authority;
}

export interface Cloud {
  network: Network;
  metadata: MetadataService;
  secretsManager: SecretsManager;
  /** Ends every helper; the links, addresses and rules go with the namespace. */
  stop(): Promise<void>;
}

/** Runs inside `lab/enter.ts` only. @throws Error that says which part did not come up, and why. */
export async function startCloud(fleet: LabFleet, { runDir, ca }: CloudOptions): Promise<Cloud> {
  mkdirSync(runDir, { recursive: true, mode: 0o700 });
  const running: Pick<Daemon, "stop">[] = [];
  const stop = async () => {
    await Promise.all(running.splice(0).map((each) => each.stop()));
  };
  try {
    const network = buildNetwork(fleet, join(runDir, "network.log"));
    running.push(await startDns(network, runDir));
    const metadata = await startMetadata(network.attachments, { logFile: join(runDir, "imds.log") });
    running.push(metadata, ...(await startThroughputServers(runDir)), await startPackages(runDir));
    const secretsManager = await startSecretsManager({ region: fleet.region, ca, runDir });
    running.push(secretsManager);
    for (const { name, value } of fleet.secrets) await secretsManager.put(name, value);
    return { network, metadata, secretsManager, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
