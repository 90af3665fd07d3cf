/** The gate on requests that no SDK writes, and on a role as the program records it. */

import { beforeAll, describe, expect, test, vi } from "vitest";
import { Graph } from "../../../../graph/graph.ts";
import { Credentials } from "../../../../lab/aws/credentials.ts";
import type { Asked } from "../../../../lab/aws/endpoint.ts";
import { Gate, type Reason, type Refused } from "../../../../lab/aws/gate.ts";
import { sha256, signatureOf } from "../../../../lab/aws/signature.ts";
import { type LabFleet, labFleet } from "../../../../lab/network/fleet.ts";
import { bucketArn, objectArn, secretArn, storesOf } from "../../../../lab/network/stores.ts";
import { run } from "../../../program/run.ts";

const REGION = "eu-west-1";
const credentials = new Credentials();
const gate = new Gate(credentials, REGION);
const keys = credentials.of("a-1");

/** As `a-1` signs it; `change` comes after. */
function signed(headers: Record<string, string> = {}, change: (request: Asked) => void = () => {}): Asked {
  const body = Buffer.from("a report");
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const request: Asked = {
    ...{ method: "PUT", url: "/machines/a-1/status", body },
    headers: {
      host: "bucket.s3.eu-west-1.amazonaws.com",
      "x-amz-content-sha256": sha256(body),
      "x-amz-date": date,
      "x-amz-security-token": keys.Token,
      ...headers,
    },
  };
  const scope = { accessKeyId: keys.AccessKeyId, day: date.slice(0, 8), region: REGION, service: "s3" };
  const signedHeaders = Object.keys(request.headers).sort();
  const signature = signatureOf(request, { ...scope, signedHeaders }, keys.SecretAccessKey);
  const credential = `${scope.accessKeyId}/${scope.day}/${scope.region}/s3/aws4_request`;
  request.headers.authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedHeaders.join(";")}, Signature=${signature}`;
  change(request);
  return request;
}

function reason(request: Asked, service = "s3"): Reason | undefined {
  try {
    gate.signer(request, service);
    return undefined;
  } catch (error) {
    return (error as Refused).reason;
  }
}

describe("who asks", () => {
  test("is told by the key", () => expect(gate.signer(signed(), "s3")).toBe("a-1"));
  test.each<[string, Reason, (request: Asked) => void]>([
    ["another body than was signed", "body", (request) => (request.body = Buffer.from("another report"))],
    ["another path", "signature", (request) => (request.url = "/machines/b-1/status")],
    [
      "another date",
      "signature",
      ({ headers }) =>
        (headers["x-amz-date"] = headers["x-amz-date"]!.replace(/(.)Z/, (_, last) => `${9 - Number(last)}Z`)),
    ],
    [
      "a header of AWS's that is not signed",
      "unsigned header",
      ({ headers }) => (headers["x-amz-acl"] = "public-read"),
    ],
    ["no date", "malformed", ({ headers }) => delete headers["x-amz-date"]],
    ["no signature", "unsigned", ({ headers }) => delete headers.authorization],
    [
      "the signature of another region",
      "malformed",
      ({ headers }) => (headers.authorization = headers.authorization!.replace(REGION, "eu-west-2")),
    ],
  ])("is not believed with %s", (_, expected, change) => expect(reason(signed({}, change))).toBe(expected));
  test("is not believed with a signature for another service", () =>
    expect(reason(signed(), "secretsmanager")).toBe("malformed"));
  test("has credentials that expire", () => {
    const request = signed();
    const now = Date.now();
    const clock = vi.spyOn(Date, "now").mockReturnValue(now + 6 * 3_600_000 + 1000);
    try {
      gate.aheadMs = -6 * 3_600_000;
      expect(reason(request)).toBe("expired");
    } finally {
      gate.aheadMs = 0;
      clock.mockRestore();
    }
  });
});

describe("what a machine may, by the program's own role for it", () => {
  let fleet: LabFleet;
  beforeAll(async () => {
    const { resources } = await run({ frontDoor: "eip", servers: 2, zones: ["eu-west-1a", "eu-west-1b"] });
    fleet = labFleet(resources);
    gate.know(fleet.machines);
    expect(storesOf(new Graph(resources))).toEqual({ secrets: fleet.secrets, bucket: fleet.bucket });
  });
  const may = (machine: string, action: string, key: string) =>
    gate.may(machine, action, objectArn(fleet.bucket!.name, `machines/${key}`));

  test("is to read its own of what the program writes, and no other machine's", () => {
    const keys = fleet.bucket!.objects.map(({ key }) => key);
    const readable = (machine: string) =>
      keys.filter((key) => gate.may(machine, "s3:GetObject", objectArn(fleet.bucket!.name, key)));
    expect(keys).toHaveLength(4);
    for (const machine of ["a-1", "b-1"])
      expect(readable(machine)).toEqual(keys.filter((key) => key.startsWith(`machines/${machine}/`)));
    expect([readable("a-1").length, readable("b-1").length]).toEqual([2, 2]);
  });
  test("is to write its own report, and nothing else", () => {
    const places = ["a-1/status", "a-1/desired", "a-1/bundles/1", "b-1/status"];
    expect(places.filter((key) => may("a-1", "s3:PutObject", key))).toEqual(["a-1/status"]);
  });
  test("is to list nothing", () =>
    expect(gate.may("a-1", "s3:ListBucket", bucketArn(fleet.bucket!.name))).toBe(false));
  test("is to read the accounts, and no other secret", () => {
    const [{ name }] = fleet.secrets as [LabFleet["secrets"][0]];
    const read = (secret: string) =>
      gate.may("a-1", "secretsmanager:GetSecretValue", secretArn(REGION, secret));
    expect([read(name), read(`${name}-2`)]).toEqual([true, false]);
  });
  test("is nothing, where nobody knows it", () =>
    expect(may("c-1", "s3:GetObject", "c-1/desired")).toBe(false));
});

test("what is in the bucket is what the program writes: pointers to bundles that verify", async () => {
  const { resources } = await run({ frontDoor: "nlb", servers: 1, zones: ["eu-west-1a"] });
  const { bucket } = storesOf(new Graph(resources));
  const content = new Map(bucket!.objects.map(({ key, content }) => [key, content]));
  for (const machine of ["a-1", "gateway-a"]) {
    const { version, key } = JSON.parse(`${content.get(`machines/${machine}/desired`)}`);
    expect(sha256(content.get(key)!)).toBe(version);
  }
  expect(content.size).toBe(4);
});
