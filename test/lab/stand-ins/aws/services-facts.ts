/**
 * Stands AWS's services up with a namespace in place of each machine, in namespaces of its own, and prints what a machine gets
 * from them by AWS's own SDK, as JSON: `node lab/enter.ts -- node test/lab/stand-ins/aws/services-facts.ts`. The expectations are
 * services.test.ts's.
 */

import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import type { RoleCredentials } from "../../../../lab/aws/credentials.ts";
import { motoPython } from "../../../../lab/aws/moto.ts";
import { authority } from "../../../../lab/image/image.ts";
import { endpointName, INTERNET } from "../../../../lab/network/topology.ts";
import { startCloud } from "../../../../lab/vms/cloud.ts";
import { attachStandIns, runIn } from "../../shared/stand-in-machines.ts";
import { BUCKET, objects, sampleFleet } from "../sample-fleet.ts";

const CLIENT = join(import.meta.dirname, "client.py");
const REGION = "eu-west-1";
const DAY = 86_400;
const python = await motoPython();
const ca = await authority();
const fleet = sampleFleet();
const cloud = await startCloud(fleet, { runDir: mkdtempSync("/run/services-"), ca });
const { network, s3, credentials } = cloud;
attachStandIns(network);

const keys = credentials.of("a-1");
const others = credentials.of("b-1");

/** What a machine asks. */
interface Call {
  operation: string;
  parameters: Record<string, unknown>;
  keys?: RoleCredentials | null;
  /** Seconds that the machine's clock is ahead. */
  clock?: number;
  service?: "s3" | "secretsmanager";
}

interface Reply {
  status: number;
  code: string;
  headers: Record<string, string>;
  body: string | null;
}

/** All of them from `a-1`, in order: SDK and Python are started once. */
async function ask(calls: Call[]): Promise<Reply[]> {
  const addresses = {
    [endpointName("s3", REGION)]: INTERNET.s3,
    [endpointName("secretsmanager", REGION)]: INTERNET.secretsManager,
  };
  const asked = calls.map((call) => ({ service: "s3", keys, ...call, addresses }));
  return JSON.parse((await runIn("a-1", [python, CLIENT, ca.certificate], JSON.stringify(asked)))!);
}

const get = (
  Key: string,
  more: object = {},
  how: Omit<Partial<Call>, "operation" | "parameters"> = {},
): Call => ({
  operation: "get_object",
  parameters: { Bucket: BUCKET, Key, ...more },
  ...how,
});
const put = (Key: string, Body: string): Call => ({
  operation: "put_object",
  parameters: { Bucket: BUCKET, Key, Body },
});
const own = "machines/a-1";

/** By name, each of these calls. */
async function each<Name extends string>(calls: Record<Name, Call>): Promise<Record<Name, Reply>> {
  const replies = await ask(Object.values(calls));
  return Object.fromEntries(Object.keys(calls).map((name, i) => [name, replies[i]])) as Record<Name, Reply>;
}

const desired = `${own}/desired`;
const [{ headers: first }] = (await ask([get(desired)])) as [Reply];
const plain = await each({
  desired: get(desired),
  unchanged: get(desired, { IfNoneMatch: first.etag }),
  changed: get(desired, { IfNoneMatch: '"00000000000000000000000000000000"' }),
  bundle: get(`${own}/bundles/1`),
  report: put(`${own}/status`, "first"),
  reportAgain: put(`${own}/status`, "second"),
  head: { ...get(desired), operation: "head_object" },
  owner: get(desired, { ExpectedBucketOwner: "111122223333" }),
});
const reported = `${await s3.get(`${own}/status`)}`;

const denied = await each({
  another: get("machines/b-1/desired"),
  missing: get(`${own}/bundles/2`),
  ownStatus: get(`${own}/status`),
  ownPointer: put(desired, "mine"),
  anothersStatus: put("machines/b-1/status", "mine"),
  removal: { ...get(desired), operation: "delete_object" },
  listing: { operation: "list_objects_v2", parameters: { Bucket: BUCKET, Prefix: `${own}/` } },
  policy: { operation: "get_bucket_policy", parameters: { Bucket: BUCKET } },
  formerVersion: get(desired, { VersionId: first["x-amz-version-id"] }),
  owner: get(desired, { ExpectedBucketOwner: "999999999999" }),
  unsigned: get(desired, {}, { keys: null }),
});

const wrong = await each({
  secret: get(desired, {}, { keys: { ...keys, SecretAccessKey: others.SecretAccessKey } }),
  key: get(desired, {}, { keys: { ...keys, AccessKeyId: "ASIA0000000000000000" } }),
  token: get(desired, {}, { keys: { ...keys, Token: others.Token } }),
  behind: get(desired, {}, { clock: -DAY }),
  ahead: get(desired, {}, { clock: 16 * 60 }),
  aLittleAhead: get(desired, {}, { clock: 14 * 60 }),
  bucket: { operation: "get_object", parameters: { Bucket: `${BUCKET}-2`, Key: desired } },
});

const anothersKeys = await each({
  its: get("machines/b-1/desired", {}, { keys: others }),
  mine: get(desired, {}, { keys: others }),
});

async function faults() {
  s3.setAhead(DAY * 1000);
  const clock = await each({ mine: get(desired) });
  s3.setAhead(0);
  const allow = s3.refuse("a-1");
  const refused = await each({
    mine: get(desired),
    another: get("machines/b-1/desired", {}, { keys: others }),
  });
  allow();
  const putBack = await s3.tamper(desired, () => Buffer.from("tampered"));
  const tampered = await each({ mine: get(desired, { IfNoneMatch: first.etag }) });
  await putBack();
  const whole = await each({ mine: get(desired) });
  await s3.stop();
  const stopped = await each({ mine: get(desired), secret: secretOf(fleet.secrets[0]!.name) });
  await s3.start();
  return { clock, refused, tampered, whole, stopped, started: await each({ mine: get(desired) }) };
}

function secretOf(SecretId: string, how: Partial<Call> = {}): Call {
  return { service: "secretsmanager", operation: "get_secret_value", parameters: { SecretId }, ...how };
}

/** As an update of the stack writes it: another bundle of a-1's, and the pointer to it. */
async function update() {
  const [bundle, pointer, ...rest] = objects("a-1");
  const objectsNow = [
    { ...bundle!, key: `${own}/bundles/2` },
    { ...pointer!, content: Buffer.from("to the second") },
    ...rest,
  ];
  await s3.publish({ name: BUCKET, objects: [...objectsNow, ...objects("a-2"), ...objects("b-1")] });
  return {
    keys: await s3.list("machines/a-1/"),
    ...(await each({ mine: get(desired, { IfNoneMatch: first.etag }) })),
  };
}

const facts = {
  ...{ plain, reported, denied, wrong, anothersKeys },
  faults: await faults(),
  secrets: await each({
    own: secretOf(fleet.secrets[0]!.name),
    another: secretOf("pptp-fleet/prod/accounts-1a2b3c"),
    write: { ...secretOf(fleet.secrets[0]!.name), operation: "delete_secret" },
    wrongSecret: secretOf(fleet.secrets[0]!.name, { keys: { ...keys, SecretAccessKey: "x" } }),
    clock: secretOf(fleet.secrets[0]!.name, { clock: DAY }),
  }),
  update: await update(),
  counted: s3.count(),
};
await cloud.stop();
console.log(JSON.stringify(facts));
