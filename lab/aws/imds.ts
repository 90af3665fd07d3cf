/**
 * A stand-in for EC2's instance metadata service, IMDSv2 only, for every server of the fleet: who asks is told by
 * its source address.
 *
 * Does: session tokens with their lifetime, user data as bytes, the metadata that cloud-init's Ec2 data source asks
 * for, the identity document, temporary credentials of the role. The hop limit of 1 is the router's (lab/network/rules.ts).
 * Leaves out: the identity's signature, instance tags, events, spot and maintenance notices, IPv6, IMDSv1.
 */

import { randomBytes } from "node:crypto";
import { appendFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type Attachment, METADATA } from "../network/topology.ts";
import { Credentials } from "./credentials.ts";
import { lookUp, metadataTree } from "./imds-tree.ts";

/** `latest`, and the version that cloud-init asks for first (25.1.4, DataSourceEc2.py). */
const VERSIONS = ["2021-03-23", "latest"];
/** Seconds: EC2's bounds for a token's lifetime. */
const MAX_TOKEN_TTL = 21_600;

export interface MetadataService {
  port: number;
  stop(): Promise<void>;
}

export interface MetadataOptions {
  /** @default 169.254.169.254 */
  address?: string;
  /** @default 80; 0 takes a free one */
  port?: number;
  /** What it hands out. @default its own */
  credentials?: Credentials;
  /** One line a request: when, who, method, path, status. Never a token, never a body. */
  logFile?: string;
}

interface Token {
  owner: string;
  expires: number;
}

export async function startMetadata(
  attachments: Attachment[],
  { address = METADATA, port = 80, credentials = new Credentials(), logFile }: MetadataOptions = {},
): Promise<MetadataService> {
  const machines = new Map(attachments.map((each) => [each.machine.privateAddress, each]));
  const tokens = new Map<string, Token>();
  const answer = (request: IncomingMessage, from: string): Answer => {
    const attachment = machines.get(from);
    if (!attachment) return { status: 404 };
    const path = (request.url ?? "/").split("?")[0]!.split("/").filter(Boolean);
    if (request.method === "PUT")
      return path.join("/") === "latest/api/token" ? token(request, from, tokens) : { status: 404 };
    if (request.method !== "GET" && request.method !== "HEAD") return { status: 405 };
    const known = tokens.get(`${request.headers["x-aws-ec2-metadata-token"]}`);
    if (!known || known.owner !== from || known.expires < Date.now()) return { status: 401 };
    const [version, ...rest] = path;
    if (version === undefined) return { status: 200, body: VERSIONS.join("\n") };
    if (!VERSIONS.includes(version)) return { status: 404 };
    const body = lookUp(metadataTree(attachment, credentials.of(attachment.machine.name)), rest);
    return body === undefined ? { status: 404 } : { status: 200, body };
  };

  const server = createServer((request, response) => {
    const from = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
    const reply = answer(request, from);
    if (logFile)
      appendFileSync(
        logFile,
        `${new Date().toISOString()} ${from} ${request.method} ${request.url} ${reply.status}\n`,
      );
    send(response, reply);
  });
  await listen(server, address, port);
  const bound = server.address();
  return {
    port: typeof bound === "object" && bound ? bound.port : port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Answer {
  status: number;
  body?: string | Buffer;
  headers?: Record<string, string>;
}

/** EC2 refuses a request that came through a proxy, and a lifetime out of bounds. */
function token(request: IncomingMessage, owner: string, tokens: Map<string, Token>): Answer {
  if (request.headers["x-forwarded-for"] !== undefined) return { status: 403 };
  const ttl = Number(request.headers["x-aws-ec2-metadata-token-ttl-seconds"] ?? Number.NaN);
  if (!Number.isInteger(ttl) || ttl < 1 || ttl > MAX_TOKEN_TTL) return { status: 400 };
  const value = randomBytes(42).toString("base64url");
  tokens.set(value, { owner, expires: Date.now() + ttl * 1000 });
  return { status: 200, body: value, headers: { "X-Aws-Ec2-Metadata-Token-Ttl-Seconds": `${ttl}` } };
}

function send(response: ServerResponse, { status, body = "", headers = {} }: Answer): void {
  response.writeHead(status, {
    "Content-Type": "text/plain",
    "Content-Length": Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

function listen(server: Server, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, address, () => resolve());
  });
}
