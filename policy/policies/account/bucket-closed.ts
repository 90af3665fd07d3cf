/** Buckets are nobody's but the stack's. */

import {
  BUCKET,
  BUCKET_ENCRYPTION,
  BUCKET_POLICY,
  BUCKET_PUBLIC_ACCESS,
  BUCKET_VERSIONING,
} from "../../../graph/types.ts";
import type { ResourceRule, StackRule } from "../../framework/rule.ts";

/** By the type of what S3 keeps of a bucket apart: what a bucket without it lacks. */
const PARTS = {
  [BUCKET_PUBLIC_ACCESS]: "a block of public access",
  [BUCKET_ENCRYPTION]: "encryption",
  [BUCKET_VERSIONING]: "versioning",
  [BUCKET_POLICY]: "a policy, which keeps out what does not come by TLS",
} as const;

type Part = keyof typeof PARTS;
const parts = Object.keys(PARTS) as Part[];

const BLOCKS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;

export const bucketClosed: ResourceRule<Part> & StackRule = {
  name: "bucket-closed",
  demands: "Each bucket is private, encrypted, versioned, and reached by TLS only.",
  severity: "high",
  reason: "What lies in the stack's bucket is what each machine becomes: who writes there has the fleet.",
  fix: "components/machines/bucket.ts makes it so; another bucket wants the same four resources beside it",
  link: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
  of: parts,
  violations: (resource): string[] => {
    switch (resource.type) {
      case BUCKET_PUBLIC_ACCESS:
        return BLOCKS.filter((block) => resource.props[block] !== true).map((block) => `it lacks ${block}`);
      case BUCKET_ENCRYPTION:
        return (resource.props.rules ?? []).some(
          (rule) => rule.applyServerSideEncryptionByDefault?.sseAlgorithm !== undefined,
        )
          ? []
          : ["it names no algorithm"];
      case BUCKET_VERSIONING: {
        const status = resource.props.versioningConfiguration?.status;
        return status === "Enabled" ? [] : [`its versioning is ${status ?? "not set"}`];
      }
      case BUCKET_POLICY: {
        const found = statements(resource.props.policy);
        return [
          ...(found.some(deniesPlain) ? [] : ["it lets in what does not come by TLS"]),
          ...(found.some(allowsAnybody) ? ["it lets anybody in"] : []),
        ];
      }
      default:
        return resource satisfies never;
    }
  },
  stackViolations: (stack) =>
    stack
      .all(BUCKET)
      .flatMap((node) =>
        parts
          .filter((part) => stack.referring(part, "bucket", node).length === 0)
          .map((part) => ({ node, problem: `the bucket has not ${PARTS[part]}` })),
      ),
};

interface Statement {
  Effect?: string;
  Principal?: unknown;
  NotPrincipal?: unknown;
  Action?: string | string[];
  Resource?: string | string[];
  Condition?: Record<string, Record<string, unknown> | undefined>;
}

function statements(document: unknown): Statement[] {
  const parsed = typeof document === "string" ? JSON.parse(document) : document;
  return [parsed?.Statement ?? []].flat();
}

/** All of S3, on the bucket and on all objects in it, for everybody. */
function deniesPlain({ Effect, Principal, Action, Resource, Condition }: Statement): boolean {
  return (
    Effect === "Deny" &&
    isAnybody(Principal) &&
    [Action].flat().includes("s3:*") &&
    [Resource].flat().some((arn) => arn?.endsWith("/*")) &&
    [Resource].flat().some((arn) => arn !== undefined && !arn.includes("/")) &&
    String(Condition?.Bool?.["aws:SecureTransport"]) === "false"
  );
}

function allowsAnybody({ Effect, Principal, NotPrincipal }: Statement): boolean {
  return Effect === "Allow" && (NotPrincipal !== undefined || isAnybody(Principal));
}

function isAnybody(principal: unknown): boolean {
  const names =
    typeof principal === "object" && principal !== null ? Object.values(principal).flat() : [principal];
  return names.includes("*");
}
