/** What Route 53 answers for the fleet's name, from the program's own alarms, checks and records. */

import { beforeAll, expect, test } from "vitest";
import { type Metric, route53Answers } from "../../../../../lab/vpc/read/route53.ts";
import type { RecordedResource } from "../../../../../offline/program.ts";
import { run } from "../../../../program/run.ts";

const NAME = "pptp.example.com";

let resources: RecordedResource[];
beforeAll(async () => {
  const config = { servers: 3, zones: ["eu-west-1a", "eu-west-1b"], frontDoor: "nlb" };
  resources = (await run({ ...config, dialName: NAME, hostedZoneId: "Z0123456789ABCDEFGHIJ" })).resources;
});

/** Everything is well but what is said here. */
const metrics =
  (ill: { gateway?: string; zone?: string; missing?: true } = {}): Metric =>
  (name, { InstanceId = "", AvailabilityZone = "" }) => {
    if (ill.missing) return undefined;
    if (name === "StatusCheckFailed") return InstanceId.endsWith(`gateway-${ill.gateway}`) ? 1 : 0;
    return AvailabilityZone.endsWith(`1${ill.zone}`) ? 0 : 1;
  };

const A = "198.18.0.1";
const B = "198.18.0.2";
const addresses = (metric: Metric) => route53Answers(resources, metric).get(NAME);

test("every zone, while all is well", () => expect(addresses(metrics())).toEqual([A, B]));
test("not the zone whose gateway is gone", () => expect(addresses(metrics({ gateway: "a" }))).toEqual([B]));
test("not the zone without a healthy server", () => expect(addresses(metrics({ zone: "b" }))).toEqual([A]));
test("all of them where none is healthy: no data counts as ill", () => {
  expect(addresses(metrics({ gateway: "a", zone: "b" }))).toEqual([A, B]);
  expect(addresses(metrics({ missing: true }))).toEqual([A, B]);
});
