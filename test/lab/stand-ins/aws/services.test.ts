/**
 * What a machine gets from Secrets Manager and S3 by AWS's own SDK, from a namespace in its place; in namespaces of its own.
 *
 * Does not prove that AWS does the same: the pages that say so are named in lab/README.md.
 */

import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { run } from "../../../../lab/host/run.ts";

const DESIRED = '{"version":"1","key":"machines/a-1/bundles/1"}';
const DENIED = [403, "AccessDenied"];
// The JSON that services-facts.ts prints.
let facts: any;
const answer = ({ status, code }: { status: number; code: string }) => [status, code];

beforeAll(async () => {
  const enter = join(import.meta.dirname, "../../../../lab/enter.ts");
  const command = [enter, "--", process.execPath, join(import.meta.dirname, "services-facts.ts")];
  const { stdout } = await run(process.execPath, command, { timeoutMs: 600_000 });
  facts = JSON.parse(stdout);
});

describe("S3 gives a machine", () => {
  test("what the program has written for it", () => {
    expect(facts.plain.desired).toMatchObject({ status: 200, body: DESIRED });
    expect(facts.plain.bundle.body).toBe("\x1f\x8b\x00\xff");
    expect(facts.plain.head.headers.etag).toBe(facts.plain.desired.headers.etag);
  });
  test("nothing where it has that already, and all of it where it has something else", () => {
    expect(facts.plain.unchanged).toMatchObject({ status: 304, body: null });
    expect(facts.plain.changed).toMatchObject({ status: 200, body: DESIRED });
  });
  test("room for its report, each a version of its own", () => {
    const [first, second] = [facts.plain.report, facts.plain.reportAgain];
    expect([first.status, second.status, facts.reported]).toEqual([200, 200, "second"]);
    expect(first.headers["x-amz-version-id"]).not.toBe(second.headers["x-amz-version-id"]);
  });
  test("what is its own where it expects the bucket's owner, and nothing where it expects another", () => {
    expect(facts.plain.owner.status).toBe(200);
    expect(answer(facts.denied.owner)).toEqual(DENIED);
  });
  test("what another machine's key may have, for that key only", () => {
    expect(facts.anothersKeys.its.status).toBe(200);
    expect(answer(facts.anothersKeys.mine)).toEqual(DENIED);
  });
});

describe("S3 denies a machine", () => {
  test.each([
    ["another's pointer", "another"],
    ["what is not there, as it may not list", "missing"],
    ["to read its report", "ownStatus"],
    ["to write its pointer", "ownPointer"],
    ["to write another's report", "anothersStatus"],
    ["to delete", "removal"],
    ["to list, its own neither", "listing"],
    ["the bucket's settings", "policy"],
    ["a former version", "formerVersion"],
    ["all that is not signed", "unsigned"],
  ])("%s", (_, name) => expect(answer(facts.denied[name])).toEqual(DENIED));

  test("what is signed by another's secret, by a key of nobody's, or with another's token", () => {
    expect(answer(facts.wrong.secret)).toEqual([403, "SignatureDoesNotMatch"]);
    expect(answer(facts.wrong.key)).toEqual([403, "InvalidAccessKeyId"]);
    expect(answer(facts.wrong.token)).toEqual([400, "InvalidToken"]);
  });
  test("with a clock that is more than 15 minutes off, behind or ahead", () => {
    for (const each of [facts.wrong.behind, facts.wrong.ahead])
      expect(answer(each)).toEqual([403, "RequestTimeTooSkewed"]);
    expect(facts.wrong.aLittleAhead.status).toBe(200);
  });
  test("a bucket that nobody has", () => expect(answer(facts.wrong.bucket)).toEqual([404, "NoSuchBucket"]));
});

describe("S3 can be", () => {
  test("a day ahead, and says what time it is", () => {
    const { mine } = facts.faults.clock;
    expect(answer(mine)).toEqual([403, "RequestTimeTooSkewed"]);
    const ahead = Date.parse(mine.headers.date) - Date.parse(facts.wrong.bucket.headers.date);
    expect(ahead / 86_400_000).toBeCloseTo(1, 1);
  });
  test("closed to one machine and open to the others", () => {
    const { mine, another } = facts.faults.refused;
    expect([answer(mine), another.status]).toEqual([DENIED, 200]);
  });
  test("tampered with, which a conditional GET shows, and whole again", () => {
    const { tampered, whole } = facts.faults;
    expect([tampered.mine.body, whole.mine.body]).toEqual(["tampered", DESIRED]);
  });
  test("unreachable while Secrets Manager is not, and back with what it had", () => {
    const { stopped, started } = facts.faults;
    expect(answer(stopped.mine)).toEqual([0, "EndpointConnectionError"]);
    expect(stopped.secret.body).toBe("first value");
    expect(started.mine.body).toBe(DESIRED);
  });
  test("updated: the former bundle goes, what the machine wrote stays", () => {
    const [bundle, desired, status] = ["bundles/2", "desired", "status"].map(
      (each) => `machines/a-1/${each}`,
    );
    expect(facts.update.keys).toEqual([bundle, desired, status]);
    expect(facts.update.mine.body).toBe("to the second");
  });
  test("counted: by machine, what was asked and how it went", () => {
    expect(facts.counted["b-1"]).toEqual({ "GetObject 200": 2, "GetObject 403": 1 });
    expect(facts.counted["a-1"]).toMatchObject({
      "GetObject 304": 1,
      "PutObject 200": 2,
      "ListObjects 403": 1,
    });
    expect(facts.counted[""]).toEqual({ "GetObject 400": 1, "GetObject 403": 6 });
  });
});

describe("Secrets Manager", () => {
  test("gives what the role may have", () => expect(facts.secrets.own.body).toBe("first value"));
  test("denies another secret, and to delete its own", () => {
    for (const each of [facts.secrets.another, facts.secrets.write])
      expect(answer(each)).toEqual([400, "AccessDeniedException"]);
  });
  test("denies a wrong signature, and a clock that is a day off", () => {
    for (const each of [facts.secrets.wrongSecret, facts.secrets.clock])
      expect(answer(each)).toEqual([400, "InvalidSignatureException"]);
  });
});
