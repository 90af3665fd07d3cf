/**
 * Who asks one of AWS's services, and what he may do: what moto does not look at.
 *
 * - the signature, by the secret key that the metadata service gave the machine; its clock, 15 minutes off at most
 *   (docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html: RequestTimeTooSkewed); the session token
 * - the machine's own role, by the policies that the program records for it, evaluated as IAM does (offline/iam/policy.ts)
 *
 * Leaves out: permissions boundaries, policies that are attached by ARN, a resource's own policy (of the bucket, of the VPC's
 * endpoint) and condition keys: a statement with a condition allows nothing. In which order AWS looks at key, clock and
 * signature stands on no page of AWS's.
 */

import { allows, type Statement, statements } from "../../offline/iam/policy.ts";
import type { Launch } from "../network/fleet.ts";
import type { Credentials } from "./credentials.ts";
import type { Asked } from "./endpoint.ts";
import { authorizationOf, sha256, signatureOf } from "./signature.ts";

/** Why a request is refused before anybody looks at what it asks. Each service has a code of its own for it. */
export type Reason =
  | "unsigned"
  | "malformed"
  | "key"
  | "clock"
  | "unsigned header"
  | "signature"
  | "body"
  | "token"
  | "expired";

export class Refused extends Error {
  readonly reason: Reason;

  constructor(reason: Reason) {
    super(reason);
    this.reason = reason;
  }
}

export const MAX_SKEW_MS = 15 * 60_000;

export class Gate {
  /** How far its clock is ahead of the lab's, milliseconds: machines that have the right time seem to be behind by it. */
  aheadMs = 0;
  private readonly credentials: Credentials;
  private readonly region: string;
  private policies = new Map<string, Statement[]>();

  constructor(credentials: Credentials, region: string) {
    this.credentials = credentials;
    this.region = region;
  }

  /** The machines that there are from now on; a request of any other is refused whatever it asks. */
  know(machines: Pick<Launch, "name" | "policies">[]): void {
    this.policies = new Map(machines.map(({ name, policies }) => [name, policies.flatMap(statements)]));
  }

  get now(): Date {
    return new Date(Date.now() + this.aheadMs);
  }

  /** The machine that signed a request. @throws Refused. */
  signer(request: Asked, service: string): string {
    const { headers, body } = request;
    if (headers.authorization === undefined) throw new Refused("unsigned");
    const authorization = authorizationOf(headers.authorization);
    const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(headers["x-amz-date"] ?? "");
    if (
      authorization === undefined ||
      date === null ||
      authorization.day !== date[0].slice(0, 8) ||
      authorization.region !== this.region ||
      authorization.service !== service
    )
      throw new Refused("malformed");
    const owner = this.credentials.owner(authorization.accessKeyId);
    if (owner === undefined) throw new Refused("key");
    const [, year, month, day, hour, minute, second] = date.map(Number) as [number, ...number[]];
    const at = Date.UTC(year!, month! - 1, day, hour, minute, second);
    if (Math.abs(at - this.now.getTime()) > MAX_SKEW_MS) throw new Refused("clock");
    const needed = ["host", ...Object.keys(headers).filter((name) => name.startsWith("x-amz-"))];
    if (needed.some((name) => !authorization.signedHeaders.includes(name)))
      throw new Refused("unsigned header");
    if (signatureOf(request, authorization, owner.credentials.SecretAccessKey) !== authorization.signature)
      throw new Refused("signature");
    const hash = headers["x-amz-content-sha256"];
    if (hash !== undefined && /^[0-9a-f]{64}$/.test(hash) && hash !== sha256(body)) throw new Refused("body");
    if (headers["x-amz-security-token"] !== owner.credentials.Token) throw new Refused("token");
    if (Date.parse(owner.credentials.Expiration) < Date.now()) throw new Refused("expired");
    return owner.machine;
  }

  /** Whether its role lets a machine do this. */
  may(machine: string, action: string, resource: string): boolean {
    return allows(this.policies.get(machine) ?? [], action, resource, {});
  }
}
