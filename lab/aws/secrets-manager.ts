/**
 * A stand-in for AWS Secrets Manager: moto's server under AWS's own name, with TLS by the lab's CA, in `internet`.
 *
 *    server ── DNS: secretsmanager.<region>.amazonaws.com is 198.19.0.3 ── its group's egress rule for 443 ──▶ moto
 *
 * Leaves out: IAM. moto reads the region from a request's signature and checks neither the signature, nor the
 * credentials, nor the role's policy: a machine that may not read a secret at AWS can read it here.
 */

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { type Daemon, run } from "../host/run.ts";
import { startService } from "../host/service.ts";
import type { Authority } from "../image/image.ts";
import { inInternet, listens } from "../network/internet.ts";
import { INTERNET } from "../network/topology.ts";
import { motoPython } from "./moto.ts";

export interface SecretsManagerOptions {
  /** Such as `eu-west-1`. */
  region: string;
  /** The servers' image trusts it. */
  ca: Authority;
  /** Receives the certificate and the log; both go with it. */
  runDir: string;
}

export interface SecretsManager {
  /** Creates a secret or gives it a new current value. A full ARN is taken as its last part, name and suffix. */
  put(name: string, value: string): Promise<void>;
  /** From now on the endpoint refuses connections. */
  stop(): Promise<void>;
  /** Serves again, with the values put so far. */
  start(): Promise<void>;
}

const PORT = 443;

export async function startSecretsManager(options: SecretsManagerOptions): Promise<SecretsManager> {
  const { region, ca, runDir } = options;
  const host = `secretsmanager.${region}.amazonaws.com`;
  const python = await motoPython();
  const { certificate, key } = await certify(host, ca, runDir);
  // moto keeps its secrets in memory: a new one is told them again.
  const values = new Map<string, string>();
  let daemon: Daemon | undefined;

  const call = (operation: string, body: object) => secretsManagerCall({ host, region, ca }, operation, body);
  const write = async (name: string, value: string) => {
    const token = { ClientRequestToken: randomUUID(), SecretString: value };
    const created = await call("CreateSecret", { Name: name, ...token });
    const { status, text } =
      created.status === 200 ? created : await call("PutSecretValue", { SecretId: name, ...token });
    if (status !== 200)
      throw new Error(`the stand-in for Secrets Manager took no value for ${name}: ${status} ${text}`);
  };

  const manager: SecretsManager = {
    async put(name, value) {
      const key = name.split(":").at(-1)!;
      values.set(key, value);
      if (daemon) await write(key, value);
    },
    async stop() {
      await daemon?.stop();
      daemon = undefined;
    },
    async start() {
      daemon ??= await startService({
        name: "the stand-in for Secrets Manager",
        argv: inInternet(
          [python, "-m", "moto.server", "-H", INTERNET.secretsManager, "-p", `${PORT}`, "-s"].concat(
            "-c",
            certificate,
            "-k",
            key,
          ),
        ),
        log: join(runDir, "secrets-manager.log"),
        ready: () => listens(INTERNET.secretsManager, PORT),
        timeoutMs: 60_000,
      });
      for (const [name, value] of values) await write(name, value);
    },
  };
  await manager.start();
  return manager;
}

/** A certificate for `host`, good for 30 days. */
async function certify(host: string, ca: Authority, runDir: string): Promise<Authority> {
  const [certificate, key] = [join(runDir, `${host}.crt`), join(runDir, `${host}.key`)];
  const made = [
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-days",
    "30",
    "-subj",
    `/CN=${host}`,
  ];
  const extensions = [
    `subjectAltName=DNS:${host}`,
    "extendedKeyUsage=serverAuth",
    "basicConstraints=critical,CA:FALSE",
  ];
  const signed = [
    "-CA",
    ca.certificate,
    "-CAkey",
    ca.key,
    ...extensions.flatMap((each) => ["-addext", each]),
  ];
  await run("openssl", ["req", "-x509", ...made, ...signed, "-keyout", key, "-out", certificate]);
  return { certificate, key };
}

interface Endpoint {
  host: string;
  region: string;
  ca: Authority;
}

/** One call of Secrets Manager's JSON API, over its verified certificate: a value stands in no argv and in no log. */
function secretsManagerCall(
  { host, region, ca }: Endpoint,
  operation: string,
  body: object,
): Promise<{ status: number; text: string }> {
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "");
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: INTERNET.secretsManager,
        port: PORT,
        servername: host,
        method: "POST",
        path: "/",
        ca: readFileSync(ca.certificate),
        agent: false,
        timeout: 20_000,
        headers: {
          Host: host,
          "Content-Type": "application/x-amz-json-1.1",
          "X-Amz-Target": `secretsmanager.${operation}`,
          // moto reads the region here, and nothing else.
          Authorization: `AWS4-HMAC-SHA256 Credential=lab/${day}/${region}/secretsmanager/aws4_request, SignedHeaders=host, Signature=none`,
        },
      },
      (response) => {
        let text = "";
        response.on("data", (part) => (text += part));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      },
    );
    sent.on("timeout", () => sent.destroy(new Error(`${host} does not answer ${operation}`)));
    sent.on("error", reject);
    sent.end(JSON.stringify(body));
  });
}
