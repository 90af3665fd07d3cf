/** The bucket, what S3 keeps of it apart, and the objects in it. */

import {
  BUCKET,
  BUCKET_ENCRYPTION,
  BUCKET_LIFECYCLE,
  BUCKET_OBJECT,
  BUCKET_POLICY,
  BUCKET_PUBLIC_ACCESS,
  BUCKET_VERSIONING,
} from "../../../../graph/types.ts";
import { call, type Inputs, type Row, tagList } from "./call.ts";

export const bucket: Record<string, Row> = {
  [BUCKET]: {
    source: "s3/bucket.go",
    providersOwn: ["forceDestroy"],
    calls: ({ bucket: Bucket, tags }) => [
      call("s3 CreateBucket", { Bucket, CreateBucketConfiguration: { Tags: tagList(tags) } }),
    ],
  },
  [BUCKET_VERSIONING]: {
    source: "s3/bucket_versioning.go",
    calls: ({ bucket: Bucket, versioningConfiguration }) => [
      call("s3 PutBucketVersioning", {
        Bucket,
        VersioningConfiguration: { Status: versioningConfiguration.status },
      }),
    ],
  },
  [BUCKET_PUBLIC_ACCESS]: {
    source: "s3/bucket_public_access_block.go",
    calls: (inputs) => [
      call("s3 PutPublicAccessBlock", {
        Bucket: inputs.bucket,
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: inputs.blockPublicAcls,
          BlockPublicPolicy: inputs.blockPublicPolicy,
          IgnorePublicAcls: inputs.ignorePublicAcls,
          RestrictPublicBuckets: inputs.restrictPublicBuckets,
        },
      }),
    ],
  },
  [BUCKET_ENCRYPTION]: {
    source: "s3/bucket_server_side_encryption_configuration.go",
    calls: ({ bucket: Bucket, rules }) => [
      call("s3 PutBucketEncryption", {
        Bucket,
        ServerSideEncryptionConfiguration: {
          Rules: rules.map(({ applyServerSideEncryptionByDefault: { sseAlgorithm } }: Inputs) => ({
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: sseAlgorithm },
          })),
        },
      }),
    ],
  },
  [BUCKET_LIFECYCLE]: {
    source: "s3/bucket_lifecycle_configuration.go",
    calls: ({ bucket: Bucket, rules }) => [
      call("s3 PutBucketLifecycleConfiguration", {
        Bucket,
        LifecycleConfiguration: {
          Rules: rules.map((rule: Inputs) => ({
            ...{ ID: rule.id, Status: rule.status, Filter: { Prefix: rule.filter.prefix } },
            NoncurrentVersionExpiration: { NoncurrentDays: rule.noncurrentVersionExpiration.noncurrentDays },
            AbortIncompleteMultipartUpload: {
              DaysAfterInitiation: rule.abortIncompleteMultipartUpload.daysAfterInitiation,
            },
          })),
        },
      }),
    ],
  },
  [BUCKET_POLICY]: {
    source: "s3/bucket_policy.go",
    calls: ({ bucket: Bucket, policy: Policy }) => [call("s3 PutBucketPolicy", { Bucket, Policy })],
  },
  [BUCKET_OBJECT]: {
    source: "s3/object.go",
    calls: ({ bucket: Bucket, key: Key, content, contentBase64, contentType, tags }) => [
      call("s3 PutObject", {
        ...{ Bucket, Key, Body: content ?? contentBase64, ContentType: contentType },
        Tagging: new URLSearchParams(tags).toString(),
      }),
    ],
  },
};
