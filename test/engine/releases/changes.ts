/**
 * What an update from each release to the present program does to a fleet that stands, under the config that it has. Whoever
 * changes what a release made writes it here; upgrade.test.ts fails while it is not so, and says what to write.
 * `npx vitest run --project unit test/engine/releases/upgrade.test.ts -u` puts it into docs/upgrade.md.
 *
 *     "0.1.0": [
 *       { change: "Echoes each 20 s by default", nlb: SERVERS, eip: SERVERS },
 *       {
 *         change: "Routed clients are counted",
 *         stacks: ["routed"],
 *         nlb: { created: ["MetricAlarm <server>-clients"] },
 *         eip: NOTHING,
 *       },
 *     ],
 */
import { NOTHING, type Touched } from "../cases/case.ts";
import type { Update } from "./update.ts";

/** Another bootstrap of each server. */
export const SERVERS: Touched = { replaced: ["Instance <server>"] };

/** Another bootstrap of each gateway: made first, its address and the routes of its zone move to it. */
export const GATEWAYS: Touched = {
  replaced: ["Instance gateway-<zone>", "EipAssociation gateway-<zone>"],
  updated: ["Route <zone>", "Route balancer-<zone>"],
};

/** Of a machine: who it is at AWS, and what it may. */
const identity = (machine: string) =>
  ["MachineRole", "Role", "RolePolicy", "InstanceProfile"].map((type) => `${type} ${machine}`);

const BUCKET: Touched = {
  created: [
    ...["StackBucket", "Bucket", "BucketVersioning", "BucketPublicAccessBlock"],
    ...["BucketServerSideEncryptionConfiguration", "BucketLifecycleConfiguration", "BucketPolicy"],
    ...identity("<server>"),
  ],
  // Its description.
  updated: ["SecurityGroupEgressRule out-https-<cidr>"],
  // What all servers had together.
  deleted: ["Role", "RolePolicy", "InstanceProfile"],
};

export const updates: Record<string, Update[]> = {
  "0.1.0": [
    {
      change: "What a machine is to be comes from the stack's bucket, by a role of its own",
      nlb: {
        ...BUCKET,
        created: [...BUCKET.created!, ...identity("gateway-<zone>")],
        updated: [
          ...BUCKET.updated!,
          ...GATEWAYS.updated!,
          "SecurityGroupEgressRule gateway-out-https-<cidr>",
          "SecurityGroupIngressRule gateway-in-https-<cidr>",
        ],
        replaced: [...SERVERS.replaced!, ...GATEWAYS.replaced!],
      },
      eip: { ...BUCKET, ...SERVERS },
    },
    {
      change: "In a VPC of ours S3 is reached by an endpoint",
      stacks: ["dev", "prod", "nlb", "eip", "routed"],
      nlb: { created: ["VpcEndpoint s3"] },
      eip: { created: ["VpcEndpoint s3"] },
    },
    {
      change: "A name's alarms watch the new gateways",
      stacks: ["routed"],
      nlb: { updated: ["HealthCheck <zone>-gateway", "MetricAlarm <zone>-gateway"] },
      eip: NOTHING,
    },
  ],
};
