/**
 * A stand-in for Amazon S3: moto's, under AWS's own names, behind a gate of the lab's (gate.ts).
 *
 *    machine ── DNS: <bucket>.s3.<region>.amazonaws.com is 198.19.0.5 ── its group's egress rule for 443 ──▶ gate ──▶ moto
 *
 * moto's own: objects, their ETags and versions, conditional GET (304), listing. The gate's, as moto has none of it: signature,
 * clock and role; `x-amz-expected-bucket-owner`; 403 in place of 404 for whom may not list the bucket.
 *
 * Leaves out: presigned URLs, all of a bucket's settings but versioning (its policy, lifecycle and encryption are a matter of the
 * program's resources) and what a machine has no use for: of a bucket everything but its listing is refused (403). There is
 * nothing on port 80, no throttling, no 503.
 */

import { ACCOUNT } from "../../offline/answers.ts";
import type { LabBucket } from "../network/stores.ts";
import { bucketArn, objectArn } from "../network/stores.ts";
import { endpointName, INTERNET } from "../network/topology.ts";
import { type Answered, type Asked, type Endpoint, type EndpointOptions, startEndpoint } from "./endpoint.ts";
import { type Gate, Refused } from "./gate.ts";
import { type Moto, ownHeaders } from "./moto.ts";
import { refusal, xml } from "./s3-errors.ts";

/** What a machine asked, and how it went. */
export interface S3Request {
  /** Epoch, milliseconds, by the lab's clock. */
  at: number;
  /** Empty where no machine has signed it. */
  machine: string;
  /** S3's word, such as `GetObject`. */
  operation: string;
  key: string;
  status: number;
  /** S3's word for what is wrong, such as `AccessDenied`; empty where nothing is. */
  code: string;
  /** Of the body: of what a PUT brings, of what any other gets. */
  bytes: number;
}

export interface S3 extends Endpoint {
  /** Every request so far, but those that were never answered. */
  readonly requests: readonly S3Request[];
  /** How many requests there were, by machine, then by `<operation> <status>`. */
  count(): Record<string, Record<string, number>>;
  /** As `pulumi up` does: makes the bucket, writes its objects, and deletes those that it wrote before and that are not among them. */
  publish(bucket: LabBucket): Promise<void>;
  /** Writes an object past the gate. @throws Error where the program has no bucket. */
  put(key: string, content: string | Buffer): Promise<void>;
  /** Undefined for one that is not there. */
  get(key: string): Promise<Buffer | undefined>;
  /** Keys that begin so, in order; at most 1,000. */
  list(prefix: string): Promise<string[]>;
  remove(key: string): Promise<void>;
  /** Changes an object's bytes, as who can write to the bucket could. @returns what puts it back. */
  tamper(key: string, change: (content: Buffer) => Buffer): Promise<() => Promise<void>>;
  /** From now on a machine may do nothing, whatever its role says. @returns what takes that back. */
  refuse(machine: string): () => void;
  /** Moves S3's clock by so many milliseconds: a machine's, which is right, is behind by them. 0 puts it right. */
  setAhead(milliseconds: number): void;
}

export interface S3Options extends Pick<EndpointOptions, "ca" | "runDir"> {
  /** Such as `eu-west-1`. */
  region: string;
  gate: Gate;
  moto: Moto;
}

export async function startS3({ region, gate, moto, ca, runDir }: S3Options): Promise<S3> {
  const name = endpointName("s3", region);
  const requests: S3Request[] = [];
  const refused = new Map<string, number>();
  let bucket: string | undefined;
  let published = new Set<string>();

  const answer = async (request: Asked): Promise<Answered> => {
    const target = targetOf(request, name);
    let machine = "";
    const answered = await (async () => {
      try {
        machine = gate.signer(request, "s3");
        return await permitted(machine, request, target);
      } catch (error) {
        if (error instanceof Refused) return refusal(error.reason, request, gate.now);
        throw error;
      }
    })();
    const [, code = ""] = /<Code>(\w+)/.exec(answered.status >= 400 ? `${answered.body}` : "") ?? [];
    const { operation, key } = target;
    const { length: bytes } = operation === "PutObject" ? request.body : answered.body;
    requests.push({ at: Date.now(), machine, operation, key, status: answered.status, code, bytes });
    return { ...answered, ...inS3sWords(request, answered, gate.now) };
  };

  const permitted = async (machine: string, request: Asked, target: Target): Promise<Answered> => {
    const denied = xml(403, "AccessDenied", "Access Denied");
    if (target.bucket !== bucket) return xml(404, "NoSuchBucket", "The specified bucket does not exist");
    const owner = request.headers["x-amz-expected-bucket-owner"];
    if (owner !== undefined && owner !== ACCOUNT) return denied;
    const { action } = target;
    const resource = target.key === "" ? bucketArn(bucket) : objectArn(bucket, target.key);
    if (refused.has(machine) || action === undefined || !gate.may(machine, action, resource)) return denied;
    const answered = await moto.ask(request);
    const hidden = answered.status === 404 && !gate.may(machine, "s3:ListBucket", bucketArn(bucket));
    return hidden ? denied : answered;
  };

  const own = async (method: string, url: string, content: string | Buffer = ""): Promise<Answered> => {
    if (bucket === undefined) throw new Error("the program makes no bucket");
    const body = Buffer.from(content);
    const headers = {
      ...ownHeaders(`${bucket}.${name}`, "s3", region),
      "content-type": "application/octet-stream",
      "content-length": `${body.length}`,
    };
    return moto.ask({ method, url, headers, body });
  };
  const done = async (method: string, url: string, content?: string | Buffer): Promise<Answered> => {
    const answered = await own(method, url, content);
    if (answered.status >= 300)
      throw new Error(
        `the stand-in for S3 does not do ${method} ${url}: ${answered.status} ${answered.body}`,
      );
    return answered;
  };

  const endpoint = await startEndpoint({
    names: [name, `*.${name}`],
    address: INTERNET.s3,
    ...{ ca, runDir, answer },
  });
  const s3: S3 = {
    ...endpoint,
    requests,
    count() {
      const counted: Record<string, Record<string, number>> = {};
      for (const { machine, operation, status } of requests) {
        counted[machine] ??= {};
        const kind = `${operation} ${status}`;
        counted[machine][kind] = (counted[machine][kind] ?? 0) + 1;
      }
      return counted;
    },
    async publish({ name: wanted, objects }) {
      if (wanted !== bucket) {
        bucket = wanted;
        published = new Set();
        const constraint = `<LocationConstraint>${region}</LocationConstraint>`;
        // us-east-1 takes none.
        const place = `<CreateBucketConfiguration>${region === "us-east-1" ? "" : constraint}</CreateBucketConfiguration>`;
        await done("PUT", "/", region === "us-east-1" ? "" : place);
        await done(
          "PUT",
          "/?versioning",
          "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
        );
      }
      for (const { key, content } of objects)
        if (!(await s3.get(key))?.equals(content)) await s3.put(key, content);
      const keys = new Set(objects.map(({ key }) => key));
      for (const key of published) if (!keys.has(key)) await s3.remove(key);
      published = keys;
    },
    async put(key, content) {
      await done("PUT", pathOf(key), content);
    },
    async get(key) {
      const { status, body } = await own("GET", pathOf(key));
      return status === 200 ? body : undefined;
    },
    async list(prefix) {
      const { body } = await done("GET", `/?list-type=2&prefix=${encodeURIComponent(prefix)}`);
      return [...`${body}`.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key!);
    },
    async remove(key) {
      await done("DELETE", pathOf(key));
    },
    async tamper(key, change) {
      const content = await s3.get(key);
      if (content === undefined) throw new Error(`there is no ${key} to tamper with`);
      await s3.put(key, change(content));
      return () => s3.put(key, content);
    },
    refuse(machine) {
      refused.set(machine, (refused.get(machine) ?? 0) + 1);
      return () => {
        const left = refused.get(machine)! - 1;
        if (left > 0) refused.set(machine, left);
        else refused.delete(machine);
      };
    },
    setAhead(milliseconds) {
      gate.aheadMs = milliseconds;
    },
  };
  return s3;
}

/** What a request is about. */
interface Target {
  bucket: string;
  /** Empty for the bucket itself. */
  key: string;
  operation: string;
  /** IAM's; undefined for what nobody may do here. */
  action: string | undefined;
}

/** By a name of the bucket's own, or by a path that begins with the bucket. */
function targetOf({ method, url, headers }: Asked, name: string): Target {
  const [path, query = ""] = url.split(/\?(.*)/s) as [string, string?];
  const host = (headers.host ?? "").split(":")[0]!;
  const whole = host === name ? path.slice(1) : `${host.slice(0, -name.length - 1)}${path}`;
  const [bucket, key = ""] = whole.split(/\/(.*)/s) as [string, string?];
  const asked = [...new URLSearchParams(query).keys()];
  const kind = key === "" ? "Bucket" : "Object";
  const known: Record<string, [operation: string, action: string]> = {
    "GET Object": ["GetObject", "s3:GetObject"],
    "HEAD Object": ["HeadObject", "s3:GetObject"],
    "PUT Object": ["PutObject", "s3:PutObject"],
    "DELETE Object": ["DeleteObject", "s3:DeleteObject"],
    "GET Bucket": ["ListObjects", "s3:ListBucket"],
    "HEAD Bucket": ["HeadBucket", "s3:ListBucket"],
  };
  const [operation = `${method} ${kind}`, action] = known[`${method} ${kind}`] ?? [];
  const about = { bucket, key: decodeURIComponent(key) };
  const plain = kind === "Bucket" ? LISTING : METHODS_NAME;
  const strange = asked.find((each) => !plain.includes(each));
  if (strange === undefined) return { ...about, operation, action };
  return { ...about, operation: `${method} ${kind}?${strange}`, action: undefined };
}

const LISTING = [
  "list-type",
  "prefix",
  "delimiter",
  "encoding-type",
  "max-keys",
  "continuation-token",
  "start-after",
];
/** botocore says in the query which operation it means. */
const METHODS_NAME = ["x-id"];

/** Without what is moto's server's own; S3 says what time it is in each answer. */
function inS3sWords(
  request: Asked,
  { headers, body }: Answered,
  now: Date,
): Pick<Answered, "headers" | "body"> {
  const kept = Object.entries(headers).filter(
    ([name]) =>
      !/^(access-control-.*|connection|transfer-encoding|server|date|x-amz-content-sha256)$/.test(name),
  );
  return {
    headers: { ...Object.fromEntries(kept), date: now.toUTCString(), server: "AmazonS3" },
    body: request.method === "HEAD" ? Buffer.alloc(0) : body,
  };
}

const pathOf = (key: string): string => `/${key.split("/").map(encodeURIComponent).join("/")}`;
