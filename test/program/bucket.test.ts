/** The stack's bucket, and what of each machine lies in it. */
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { recordedPlan } from "../../offline/machines.ts";
import type { ProgramRun } from "../../offline/program.ts";
import { CARVED, PUBLIC } from "../shared/existing-vpc.ts";
import { all, one, run } from "./run.ts";

let fleet: ProgramRun;
beforeAll(async () => {
  fleet = await run({ servers: 3 });
});
const MACHINES = ["a-1", "a-2", "b-1", "gateway-a", "gateway-b"];
const NAME = "pptp-fleet-dev-111122223333-eu-west-1";

describe("the bucket", () => {
  test("is the one that the plan names, and goes with the stack and all in it", () => {
    expect(recordedPlan(fleet).fleet.bucket).toEqual({ name: NAME });
    expect(one(fleet, "Bucket", "pptp-fleet").inputs).toMatchObject({ bucket: NAME, forceDestroy: true });
  });

  test("is closed to the public, encrypted, versioned, and forgets", () => {
    const of = (type: string) => one(fleet, type, "pptp-fleet").inputs;
    expect(of("BucketPublicAccessBlock")).toMatchObject({
      ...{ blockPublicAcls: true, blockPublicPolicy: true },
      ...{ ignorePublicAcls: true, restrictPublicBuckets: true },
    });
    expect(of("BucketServerSideEncryptionConfiguration").rules).toEqual([
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ]);
    expect(of("BucketVersioning").versioningConfiguration).toEqual({ status: "Enabled" });
    expect(of("BucketLifecycleConfiguration").rules).toEqual([
      expect.objectContaining({
        status: "Enabled",
        filter: { prefix: "machines/" },
        noncurrentVersionExpiration: { noncurrentDays: 30 },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      }),
    ]);
  });

  test("is changed by one call at a time, and holds nothing before it is all of that", () => {
    const parts = [
      "BucketVersioning",
      "BucketPublicAccessBlock",
      "BucketServerSideEncryptionConfiguration",
      "BucketLifecycleConfiguration",
      "BucketPolicy",
    ].map((type) => one(fleet, type, "pptp-fleet"));
    for (const [i, { options }] of parts.entries())
      expect(options.dependsOn).toEqual(expect.arrayContaining(i === 0 ? [] : [parts[i - 1]!.urn]));
    for (const machine of MACHINES)
      expect(one(fleet, "BucketObjectv2", `pptp-fleet-${machine}-bundle`).options.dependsOn).toEqual(
        expect.arrayContaining(parts.map(({ urn }) => urn)),
      );
  });
});

describe("of each machine, server or gateway, it has", () => {
  test("a bundle under the hash of its bytes, and a pointer to it", () => {
    expect(
      all(fleet, "BucketObjectv2")
        .map(({ name }) => name)
        .sort(),
    ).toEqual(
      MACHINES.flatMap((machine) => ["bundle", "desired"].map((what) => `pptp-fleet-${machine}-${what}`)),
    );
    for (const machine of MACHINES) {
      const bundle = one(fleet, "BucketObjectv2", `pptp-fleet-${machine}-bundle`).inputs;
      const desired = one(fleet, "BucketObjectv2", `pptp-fleet-${machine}-desired`).inputs;
      const bytes = Buffer.from(bundle.contentBase64, "base64");
      const version = createHash("sha256").update(bytes).digest("hex");
      const key = `machines/${machine}/bundles/${version}`;
      expect(bundle.key).toBe(key);
      expect(JSON.parse(gunzipSync(bytes).toString())).toMatchObject({ format: 1, machine });
      expect(desired).toMatchObject({ key: `machines/${machine}/desired`, contentType: "application/json" });
      expect(JSON.parse(desired.content)).toEqual({ version, key });
    }
  });

  test("the pointer after the bundle and the machine's rights, and the machine after the pointer", () => {
    for (const machine of MACHINES) {
      const desired = one(fleet, "BucketObjectv2", `pptp-fleet-${machine}-desired`);
      expect(desired.options.dependsOn).toEqual(
        expect.arrayContaining([
          one(fleet, "BucketObjectv2", `pptp-fleet-${machine}-bundle`).urn,
          one(fleet, "RolePolicy", `pptp-fleet-${machine}`).urn,
        ]),
      );
      const instance = one(fleet, "Instance", `pptp-fleet-${machine}`);
      expect(instance.options.dependsOn).toContain(desired.urn);
      // By no input: another bundle is nothing to the instance.
      expect(Object.values(instance.propertyDependencies).flat()).not.toContain(desired.urn);
    }
  });

  test("bundles that are made before the former ones go", () => {
    for (const object of all(fleet, "BucketObjectv2")) expect(object.options.deleteBeforeReplace).toBe(false);
  });
});

describe("an endpoint for S3", () => {
  test("is in all tables of a VPC of our own whose subnets have machines", async () => {
    const { inputs } = one(fleet, "VpcEndpoint", "pptp-fleet-s3");
    expect(inputs).toMatchObject({
      vpcId: one(fleet, "Vpc", "pptp-fleet").id,
      ...{ vpcEndpointType: "Gateway", serviceName: "com.amazonaws.eu-west-1.s3" },
    });
    const tables = (["", "-gateway"] as const).flatMap((role) =>
      ["a", "b"].map(
        (zone) => one(fleet, "RouteTableAssociation", `pptp-fleet${role}-${zone}`).inputs.routeTableId,
      ),
    );
    expect([...inputs.routeTableIds].sort()).toEqual([...new Set(tables)].sort());
  });

  test("knows the region of the stack", async () => {
    const elsewhere = await run({ "aws:region": "us-east-1" });
    expect(one(elsewhere, "VpcEndpoint", "pptp-fleet-s3").inputs.serviceName).toBe(
      "com.amazonaws.us-east-1.s3",
    );
  });

  test.each([
    ["free CIDRs", CARVED],
    ["subnets", { ...PUBLIC, zones: [] }],
  ])("is not made in a VPC that exists: %s", async (_, config) => {
    const existing = await run(config);
    expect(all(existing, "Instance").length).toBeGreaterThan(0);
    expect(all(existing, "VpcEndpoint")).toEqual([]);
  });
});
