/** An endpoint of AWS's: TLS under its own names, by the lab's CA, at an address of `internet`, answered by this process. */

import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { createServer, type Server } from "node:https";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { run } from "../host/run.ts";
import type { Authority } from "../image/image.ts";
import { listenInInternet } from "../network/internet.ts";

export interface Asked {
  method: string;
  /** Path and query, as they were sent. */
  url: string;
  /** By names in lower case. */
  headers: Record<string, string>;
  body: Buffer;
}

export interface Answered {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export interface Endpoint {
  /** Serves, where it does not yet. */
  start(): Promise<void>;
  /** From now on connections are refused, and those that stand are cut. */
  stop(): Promise<void>;
}

export interface EndpointOptions {
  /** Those of its certificate; a wildcard stands for one label. */
  names: string[];
  /** In `internet`. */
  address: string;
  /** The machines trust it. */
  ca: Authority;
  /** Receives the certificate, which goes with it. */
  runDir: string;
  answer: (request: Asked) => Promise<Answered>;
}

const PORT = 443;

/** It serves. */
export async function startEndpoint(options: EndpointOptions): Promise<Endpoint> {
  const { address, answer } = options;
  const { certificate, key } = await certify(options);
  const tls = { cert: readFileSync(certificate), key: readFileSync(key) };
  let server: Server | undefined;
  const endpoint: Endpoint = {
    async start() {
      if (server !== undefined) return;
      server = createServer(tls, async (request, response) => {
        const { status, headers, body } = await answer(await asked(request)).catch(failed);
        response.writeHead(status, {
          ...headers,
          "content-length": headers["content-length"] ?? body.length,
        });
        response.end(body);
      });
      const listening = once(server, "listening");
      server.listen(await listenInInternet(address, PORT));
      await listening;
    },
    async stop() {
      const stopped = server;
      server = undefined;
      if (stopped === undefined) return;
      const closed = once(stopped, "close");
      stopped.close();
      stopped.closeAllConnections();
      await closed;
    },
  };
  await endpoint.start();
  return endpoint;
}

async function asked(request: IncomingMessage): Promise<Asked> {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, `${value}`]);
  return {
    ...{ method: request.method!, url: request.url!, headers: Object.fromEntries(headers) },
    body: await buffer(request),
  };
}

/** A fault of the stand-in's, which a machine takes for one of AWS's. */
function failed(error: unknown): Answered {
  console.error(error);
  return { status: 500, headers: {}, body: Buffer.from(`${error}`) };
}

/** A certificate for `names`, good for 30 days. */
async function certify({ names, ca, runDir }: EndpointOptions): Promise<Authority> {
  const [name] = names as [string];
  const [certificate, key] = [join(runDir, `${name}.crt`), join(runDir, `${name}.key`)];
  const made = [
    ...[
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-days",
      "30",
      "-subj",
      `/CN=${name}`,
    ],
  ];
  const extensions = [
    `subjectAltName=${names.map((each) => `DNS:${each}`).join(",")}`,
    "extendedKeyUsage=serverAuth",
    "basicConstraints=critical,CA:FALSE",
  ];
  const signed = [
    ...["-CA", ca.certificate, "-CAkey", ca.key],
    ...extensions.flatMap((each) => ["-addext", each]),
  ];
  await run("openssl", ["req", "-x509", ...made, ...signed, "-keyout", key, "-out", certificate]);
  return { certificate, key };
}
