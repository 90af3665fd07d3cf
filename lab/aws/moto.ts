/**
 * moto's server (github.com/getmoto/moto) at its pinned version: one for all services, on a Unix socket, which no machine
 * reaches. It takes the service and the region from a request's signature, and checks nothing of it.
 */

import { request } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { ACCOUNT } from "../../offline/answers.ts";
import { environment } from "../host/python.ts";
import { startService } from "../host/service.ts";
import type { Answered, Asked } from "./endpoint.ts";

const REQUIREMENTS = fileURLToPath(new URL("requirements.txt", import.meta.url));
const TIMEOUT_MS = 20_000;

export interface Moto {
  /** Passes a request on. */
  ask(request: Asked): Promise<Answered>;
  stop(): Promise<void>;
}

/** The Python that has moto and botocore. */
export async function motoPython(): Promise<string> {
  return join(await environment("moto", REQUIREMENTS), "python");
}

/** @param runDir Receives socket and log. */
export async function startMoto(runDir: string): Promise<Moto> {
  const socketPath = join(runDir, "moto.sock");
  const ask = ({ method, url, headers, body }: Asked): Promise<Answered> =>
    new Promise((resolve, reject) => {
      const options = { socketPath, method, path: url, headers, agent: false, timeout: TIMEOUT_MS };
      const sent = request(options, (response) => {
        buffer(response).then((body) => {
          const received = Object.entries(response.headers).map(([name, value]) => [name, `${value}`]);
          resolve({ status: response.statusCode!, headers: Object.fromEntries(received), body });
        }, reject);
      });
      sent.on("timeout", () => sent.destroy(new Error(`moto does not answer ${method} ${url}`)));
      sent.on("error", reject);
      sent.end(body);
    });
  const daemon = await startService({
    name: "moto",
    argv: [
      "env",
      `MOTO_ACCOUNT_ID=${ACCOUNT}`,
      await motoPython(),
      "-m",
      "moto.server",
      "-H",
      `unix://${socketPath}`,
    ],
    log: join(runDir, "moto.log"),
    ready: () =>
      ask({ method: "GET", url: "/moto-api/", headers: { host: "localhost" }, body: Buffer.alloc(0) }).then(
        () => true,
        () => false,
      ),
    timeoutMs: 60_000,
  });
  return { ask, stop: daemon.stop };
}

/** The headers of a request of the lab's own, by which moto knows service and region. */
export function ownHeaders(host: string, service: string, region: string): Record<string, string> {
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "");
  const scope = `${day}/${region}/${service}/aws4_request`;
  return {
    host,
    authorization: `AWS4-HMAC-SHA256 Credential=lab/${scope}, SignedHeaders=host, Signature=none`,
  };
}
