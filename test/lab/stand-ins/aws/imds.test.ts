/** The metadata service over loopback: 127.0.0.2 and 127.0.0.3 are two servers, told apart as they are in the lab. */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type MetadataService, startMetadata } from "../../../../lab/aws/imds.ts";
import { topology } from "../../../../lab/network/topology.ts";
import { sampleFleet } from "../sample-fleet.ts";

const { attachments } = topology(sampleFleet());
const [first, second] = attachments.map((each, index) => ({
  ...each,
  machine: { ...each.machine, privateAddress: `127.0.0.${index + 2}` },
}));
const runDir = mkdtempSync(join(tmpdir(), "imds-"));
const logFile = join(runDir, "imds.log");
let service: MetadataService;

beforeAll(async () => {
  service = await startMetadata([first!, second!], { address: "127.0.0.1", port: 0, logFile });
});
afterAll(async () => {
  await service.stop();
  rmSync(runDir, { recursive: true });
});

interface Reply {
  status: number;
  body: Buffer;
}

function ask(
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
  from = "127.0.0.2",
): Promise<Reply> {
  const options = {
    host: "127.0.0.1",
    port: service.port,
    localAddress: from,
    path,
    method,
    headers,
    agent: false,
  };
  return new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => resolve({ status: response.statusCode!, body: Buffer.concat(parts) }));
    });
    sent.on("error", reject);
    sent.end();
  });
}

const newToken = (headers: Record<string, string> = {}, from?: string) =>
  ask("/latest/api/token", { "X-aws-ec2-metadata-token-ttl-seconds": "60", ...headers }, "PUT", from);
const tokenOf = async (from?: string) => ({
  "X-aws-ec2-metadata-token": `${(await newToken({}, from)).body}`,
});
const get = async (path: string, from?: string) => ask(path, await tokenOf(from), "GET", from);
const text = async (path: string, from?: string) => `${(await get(path, from)).body}`;

describe("a session token", () => {
  test("is asked for: without one the answer is 401", async () =>
    expect((await ask("/latest/meta-data/")).status).toBe(401));
  test("of another server is worth nothing", async () =>
    expect((await ask("/latest/meta-data/", await tokenOf("127.0.0.3"))).status).toBe(401));
  test("needs a lifetime", async () => expect((await ask("/latest/api/token", {}, "PUT")).status).toBe(400));
  test("lives six hours at most", async () =>
    expect((await newToken({ "X-aws-ec2-metadata-token-ttl-seconds": "21601" })).status).toBe(400));
  test("is not given to a proxy", async () =>
    expect((await newToken({ "X-Forwarded-For": "10.0.0.1" })).status).toBe(403));
  test("ends with its lifetime", async () => {
    const token = await tokenOf();
    const now = Date.now();
    const clock = vi.spyOn(Date, "now").mockReturnValue(now + 61_000);
    try {
      expect((await ask("/latest/meta-data/", token)).status).toBe(401);
    } finally {
      clock.mockRestore();
    }
  });
});

describe("what a server is told", () => {
  test("its user data to the byte", async () =>
    expect((await get("/latest/user-data")).body).toEqual(Buffer.from([0x1f, 0x8b, 0x00, 0xff])));
  test("its own instance ID, not its neighbour's", async () => {
    const [one, other] = await Promise.all(
      ["127.0.0.2", "127.0.0.3"].map((from) => text("/latest/meta-data/instance-id", from)),
    );
    expect(one).toMatch(/^i-[0-9a-f]{17}$/);
    expect(other).not.toBe(one);
  });
  test("the version that cloud-init asks for first", async () =>
    expect((await get("/2021-03-23/meta-data/instance-id")).status).toBe(200));
  test("no version that cloud-init falls back to", async () =>
    expect((await get("/2009-04-04/meta-data/instance-id")).status).toBe(404));
  test("in a listing, what goes deeper ends in a slash", async () =>
    expect(await text("/latest/meta-data/placement/")).toBe("availability-zone\nregion"));
  test("the listing of its interfaces names its MAC address", async () =>
    expect(await text("/latest/meta-data/network/interfaces/macs/")).toBe(`${first!.mac}/`));
  test("the identity document has its region", async () =>
    expect(JSON.parse(await text("/latest/dynamic/instance-identity/document")).region).toBe("eu-west-1"));
  test("the domain of AWS's services", async () =>
    expect(await text("/latest/meta-data/services/domain")).toBe("amazonaws.com"));
  test("the same credentials twice while they last", async () => {
    const path = "/latest/meta-data/iam/security-credentials/pptp-fleet-dev-server";
    const once = await text(path);
    expect(Date.parse(JSON.parse(once).Expiration)).toBeGreaterThan(Date.now());
    expect(await text(path)).toBe(once);
  });
  test("nothing where there is nothing", async () =>
    expect((await get("/latest/meta-data/nope")).status).toBe(404));
  test("nothing of what JavaScript adds to an object", async () =>
    expect((await get("/latest/meta-data/constructor")).status).toBe(404));
});

test("a stranger is told nothing", async () => {
  const token = await newToken({}, "127.0.0.9");
  expect(token.status).toBe(404);
});

test("the log has requests and no token", async () => {
  const token = await tokenOf();
  await ask("/latest/meta-data/mac", token);
  const log = readFileSync(logFile, "utf8");
  expect(log).toContain("127.0.0.2 GET /latest/meta-data/mac 200");
  expect(log).not.toContain(token["X-aws-ec2-metadata-token"]);
});
