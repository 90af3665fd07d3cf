/**
 * The bucket is asked as AWS documents GetObject, and what it answers is told apart. S3 is a server of this process: what
 * moto's says is seen in test/lab/namespaces/probe-aws.test.ts. Does not prove what AWS answers.
 */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fetchReports } from "../../../probe/aws/fetch-reports.ts";

const OWNER = { project: "pptp-fleet", stack: "prod", account: "111122223333", region: "eu-west-1" };
const BUCKET = "/pptp-fleet-prod-111122223333-eu-west-1";
/** S3's clock, of whole seconds: one that is minutes off would have the SDK ask again. */
const NOW = new Date(Math.floor(Date.now() / 1000 - 30) * 1000);
const WRITTEN = new Date(NOW.getTime() - 240_000);

let s3: Server;
let asked: IncomingMessage[];
let answers: Record<string, [status: number, body: string]>;

const refusal = (code: string, message: string) =>
  `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;

beforeEach(async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "x");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "x");
  asked = [];
  answers = {};
  s3 = createServer((request, response) => {
    asked.push(request);
    const { pathname } = new URL(request.url!, "http://s3");
    const [status, body] = answers[pathname] ?? [
      404,
      refusal("NoSuchKey", "The specified key does not exist."),
    ];
    const times = { Date: NOW.toUTCString(), "Last-Modified": WRITTEN.toUTCString() };
    response.writeHead(status, { ...times, "Content-Length": body.length });
    response.end(body);
  });
  await new Promise<void>((listening) => {
    s3.listen(0, "127.0.0.1", listening);
  });
});

afterEach(async () => {
  vi.unstubAllEnvs();
  s3.closeAllConnections();
  await new Promise((closed) => {
    s3.close(closed);
  });
});

const fetched = (machines = ["a-1"]) => {
  const endpoint = `http://127.0.0.1:${(s3.address() as AddressInfo).port}`;
  return fetchReports({ endpoint }, OWNER, machines);
};

test("both objects of each machine, with when they were written and when they were read, by S3's clock", async () => {
  for (const name of ["a-1", "b-1"])
    for (const key of ["desired", "status"])
      answers[`${BUCKET}/machines/${name}/${key}`] = [200, `${key} of ${name}`];
  const bucket = await fetched(["a-1", "b-1"]);
  const at = WRITTEN;
  expect(bucket).toEqual({
    ...{ name: BUCKET.slice(1), region: "eu-west-1", readAt: NOW },
    objects: {
      "a-1": { desired: { text: "desired of a-1", at }, status: { text: "status of a-1", at } },
      "b-1": { desired: { text: "desired of b-1", at }, status: { text: "status of b-1", at } },
    },
  });
});

test("it only reads, of its own account's bucket", async () => {
  await fetched();
  expect(asked.map(({ method }) => method)).toEqual(["GET", "GET"]);
  expect(asked.map(({ headers }) => headers["x-amz-expected-bucket-owner"])).toEqual([
    OWNER.account,
    OWNER.account,
  ]);
});

test("one that is not there, and one that is closed", async () => {
  answers[`${BUCKET}/machines/a-1/desired`] = [403, refusal("AccessDenied", "Access Denied")];
  const { objects, unreadable, readAt } = await fetched();
  expect(objects["a-1"]).toEqual({
    desired: { lacks: "refused", said: "Access Denied" },
    status: { lacks: "missing", said: "The specified key does not exist." },
  });
  expect([unreadable, readAt]).toEqual([undefined, NOW]);
});

test("no bucket", async () => {
  for (const key of ["desired", "status"])
    answers[`${BUCKET}/machines/a-1/${key}`] = [
      404,
      refusal("NoSuchBucket", "The specified bucket does not exist"),
    ];
  expect((await fetched()).unreadable).toEqual({
    code: "NoSuchBucket",
    message: "The specified bucket does not exist",
  });
});

test("no S3: the rest of the inventory does not fail with it", async () => {
  const { port } = s3.address() as AddressInfo;
  await new Promise((closed) => {
    s3.close(closed);
  });
  const { unreadable } = await fetchReports({ endpoint: `http://127.0.0.1:${port}` }, OWNER, ["a-1"]);
  expect(unreadable?.message).toContain("ECONNREFUSED");
});

test("a report that is larger than any of ours is not read", async () => {
  answers[`${BUCKET}/machines/a-1/status`] = [200, "x".repeat(1_000_001)];
  expect((await fetched()).objects["a-1"]!.status).toEqual({ text: "", at: WRITTEN });
});

test("a fleet of many machines is asked about whole", async () => {
  const names = Array.from({ length: 45 }, (_, i) => `a-${i + 1}`);
  expect(Object.keys((await fetched(names)).objects).sort()).toEqual(names.sort());
});
