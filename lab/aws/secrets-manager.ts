/**
 * A stand-in for AWS Secrets Manager: moto's, under AWS's own name, behind a gate of the lab's (gate.ts).
 *
 *    server ── DNS: secretsmanager.<region>.amazonaws.com is 198.19.0.3 ── its group's egress rule for 443 ──▶ gate ──▶ moto
 *
 * Leaves out: KMS, rotation, throttling. In which words AWS refuses a clock that is off, it says on no page: here as a wrong
 * signature.
 */

import { randomUUID } from "node:crypto";
import { secretArn } from "../network/stores.ts";
import { endpointName, INTERNET } from "../network/topology.ts";
import { type Answered, type Asked, type Endpoint, startEndpoint } from "./endpoint.ts";
import { type Reason, Refused } from "./gate.ts";
import { ownHeaders } from "./moto.ts";
import type { S3Options } from "./s3.ts";

export interface SecretsManager extends Endpoint {
  /** Creates a secret or gives it a new current value. A full ARN is taken as its last part, name and suffix. */
  put(name: string, value: string): Promise<void>;
}

export async function startSecretsManager({
  region,
  gate,
  moto,
  ca,
  runDir,
}: S3Options): Promise<SecretsManager> {
  const host = endpointName("secretsmanager", region);

  const answer = async (request: Asked): Promise<Answered> => {
    try {
      const machine = gate.signer(request, "secretsmanager");
      const operation = (request.headers["x-amz-target"] ?? "").split(".")[1] ?? "";
      const { SecretId: asked = "" } = JSON.parse(`${request.body}` || "{}");
      const resource = asked.startsWith("arn:") ? asked : secretArn(region, asked);
      if (gate.may(machine, `secretsmanager:${operation}`, resource)) return await moto.ask(request);
      const what = `${machine} is not authorized to perform: secretsmanager:${operation} on resource: ${asked}`;
      return json("AccessDeniedException", what);
    } catch (error) {
      if (error instanceof Refused) return json(CODES[error.reason], error.reason);
      throw error;
    }
  };

  // A value stands in no argv and in no log.
  const call = (operation: string, members: object) => {
    const body = Buffer.from(JSON.stringify(members));
    const headers = {
      ...ownHeaders(host, "secretsmanager", region),
      "content-type": "application/x-amz-json-1.1",
      "content-length": `${body.length}`,
      "x-amz-target": `secretsmanager.${operation}`,
    };
    return moto.ask({ method: "POST", url: "/", headers, body });
  };

  const endpoint = await startEndpoint({
    names: [host],
    address: INTERNET.secretsManager,
    ...{ ca, runDir, answer },
  });
  return {
    ...endpoint,
    async put(name, value) {
      const id = name.split(":").at(-1)!;
      const token = { ClientRequestToken: randomUUID(), SecretString: value };
      const created = await call("CreateSecret", { Name: id, ...token });
      if (created.status === 200) return;
      const { status, body } = await call("PutSecretValue", { SecretId: id, ...token });
      if (status !== 200)
        throw new Error(`the stand-in for Secrets Manager took no value for ${id}: ${status} ${body}`);
    },
  };
}

/** AWS's words (docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html). */
const CODES: Record<Reason, string> = {
  unsigned: "MissingAuthenticationTokenException",
  malformed: "IncompleteSignatureException",
  key: "UnrecognizedClientException",
  clock: "InvalidSignatureException",
  "unsigned header": "InvalidSignatureException",
  signature: "InvalidSignatureException",
  body: "InvalidSignatureException",
  token: "UnrecognizedClientException",
  expired: "ExpiredTokenException",
};

function json(code: string, message: string): Answered {
  return {
    status: 400,
    headers: { "content-type": "application/x-amz-json-1.1" },
    body: Buffer.from(JSON.stringify({ __type: code, message })),
  };
}
