/** The bucket, what S3 keeps of it apart, and the objects in it. */

import {
  BUCKET,
  BUCKET_ENCRYPTION,
  BUCKET_LIFECYCLE,
  BUCKET_OBJECT,
  BUCKET_POLICY,
  BUCKET_PUBLIC_ACCESS,
  BUCKET_VERSIONING,
} from "../../../graph/types.ts";
import type { Rows } from "./row.ts";

export const bucket: Rows = {
  // pulumi-aws names it where the program does not; of no other of S3's types (provider/resources.go, AutoNameTransform).
  [BUCKET]: {
    source: "s3/bucket.go",
    replaces: ["bucket"],
    updates: ["forceDestroy", "tags"],
    named: "bucket",
  },
  [BUCKET_VERSIONING]: {
    source: "s3/bucket_versioning.go",
    replaces: ["bucket"],
    updates: ["versioningConfiguration"],
  },
  [BUCKET_PUBLIC_ACCESS]: {
    source: "s3/bucket_public_access_block.go",
    replaces: ["bucket"],
    updates: ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"],
  },
  [BUCKET_ENCRYPTION]: {
    source: "s3/bucket_server_side_encryption_configuration.go",
    replaces: ["bucket"],
    updates: ["rules"],
  },
  [BUCKET_LIFECYCLE]: {
    source: "s3/bucket_lifecycle_configuration.go",
    replaces: ["bucket"],
    updates: ["rules"],
  },
  [BUCKET_POLICY]: { source: "s3/bucket_policy.go", replaces: ["bucket"], updates: ["policy"] },
  // hasObjectContentChanges: another content is put in place of the former, under the same key.
  [BUCKET_OBJECT]: {
    source: "s3/object.go",
    replaces: ["bucket", "key"],
    updates: ["content", "contentBase64", "contentType", "tags"],
  },
};
