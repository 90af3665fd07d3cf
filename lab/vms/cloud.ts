/** Everything around the guests, stood up in order: network, DNS and DHCP, AWS's services, metadata, the far host. */

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Aws, startAws } from "../aws/aws.ts";
import { startDns } from "../aws/dns.ts";
import { startMetadata } from "../aws/imds.ts";
import type { Daemon } from "../host/run.ts";
import type { Authority } from "../image/image.ts";
import type { LabFleet } from "../network/fleet.ts";
import { startPackages, startThroughputServers } from "../network/internet.ts";
import { buildNetwork, type Network } from "../network/network.ts";

export interface CloudOptions {
  /** Receives configurations and logs: network.log, dnsmasq.log, imds.log, iperf3-*.log, moto.log. */
  runDir: string;
  /** The servers' image trusts it. */
  ca: Authority;
}

export interface Cloud extends Pick<Aws, "secretsManager" | "s3" | "credentials"> {
  network: Network;
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
    const { region, machines } = fleet;
    const aws = await startAws({ region, machines, stores: fleet, ca, runDir });
    running.push(aws);
    const { secretsManager, s3, credentials } = aws;
    running.push(
      await startMetadata(network.attachments, { credentials, logFile: join(runDir, "imds.log") }),
      ...(await startThroughputServers(runDir)),
      await startPackages(runDir),
    );
    return { network, secretsManager, s3, credentials, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
