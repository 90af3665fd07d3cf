/** Reads what machines are to be, and what they report, from the stack's bucket. */
import { GetObjectCommand, S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { type BucketOwner, bucketName, desiredKey, statusKey } from "../../plan/bucket.ts";
import type { ClientConfig } from "./fetched.ts";
import type { Bucket, StoredObject } from "./inventory.ts";

/** How many machines are asked about at once, two requests each: the SDK has 50 connections. */
const MACHINES_AT_ONCE = 20;

/** Bytes: a machine's own word is for a person to read. */
const LONGEST = 1_000_000;

/** What cannot be read takes nothing from the rest of the inventory: it is in the answer. */
export async function fetchReports(
  { endpoint }: ClientConfig,
  owner: BucketOwner,
  machines: string[],
): Promise<Bucket> {
  const { region, account } = owner;
  const elsewhere = endpoint === undefined ? {} : { endpoint, forcePathStyle: true };
  const s3 = new S3Client({ region, ...elsewhere });
  const bucket: Bucket = { name: bucketName(owner), region, readAt: new Date(), objects: {} };
  tellTime(s3, (date) => {
    bucket.readAt = date;
  });
  const read = (key: string) => storedObject(s3, bucket.name, account, key);
  try {
    for (let at = 0; at < machines.length; at += MACHINES_AT_ONCE)
      await Promise.all(
        machines.slice(at, at + MACHINES_AT_ONCE).map(async (name) => {
          const [desired, status] = await Promise.all([read(desiredKey(name)), read(statusKey(name))]);
          bucket.objects[name] = { desired, status };
        }),
      );
    return bucket;
  } catch (error) {
    const { name: code, message } = error as Error;
    return { ...bucket, unreadable: { code, message } };
  } finally {
    s3.destroy();
  }
}

/** Of each answer, a refusal too: S3's clock tells how old things are, and this machine's may be off. */
function tellTime(s3: S3Client, tell: (date: Date) => void): void {
  s3.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { headers } = result.response as { headers?: Record<string, string> };
      if (headers?.date) tell(new Date(headers.date));
      return result;
    },
    { step: "deserialize", priority: "low" },
  );
}

/** @throws what is no answer about this object: no such bucket, no network. */
async function storedObject(
  s3: S3Client,
  Bucket: string,
  account: string,
  Key: string,
): Promise<StoredObject> {
  try {
    // Somebody else may have a bucket of that name.
    const found = await s3.send(new GetObjectCommand({ Bucket, Key, ExpectedBucketOwner: account }));
    const { Body, ContentLength = Number.POSITIVE_INFINITY, LastModified: at } = found;
    if (!Body || !at || ContentLength > LONGEST) return { text: "", at: at ?? new Date(0) };
    return { text: await Body.transformToString(), at };
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    if (error.name === "NoSuchKey") return { lacks: "missing", said: error.message };
    if (error.$metadata.httpStatusCode === 403) return { lacks: "refused", said: error.message };
    throw error;
  }
}
