/** The bucket, what S3 keeps of it apart, and the objects in it. */
import type { Resource } from "../../../../graph/graph.ts";
import {
  BUCKET,
  BUCKET_ENCRYPTION,
  BUCKET_LIFECYCLE,
  BUCKET_OBJECT,
  BUCKET_POLICY,
  BUCKET_PUBLIC_ACCESS,
  BUCKET_VERSIONING,
} from "../../../../graph/types.ts";
import { type Call, call, type Life, plain } from "../call.ts";
import type { IamGraph } from "../iam-graph.ts";
import type { Lives } from "./lives.ts";

/** On the bucket itself. */
const of =
  (bucket: string) =>
  (...actions: string[]): Call[] =>
    actions.map((action) => call(`s3:${action}`, { bucket: plain(bucket) }));

/** What S3 keeps of a bucket apart: set, read, and taken back by an action of their own, or by the same. */
const part =
  (input: string | string[], put: string, get: string, take = put) =>
  ({ inputs }: { inputs: { bucket: string } }, graph: IamGraph): Life => {
    const s3 = of(graph.arn(graph.find(BUCKET, inputs.bucket)));
    return {
      create: s3(put),
      read: s3(get),
      update: Object.fromEntries([input].flat().map((each) => [each, s3(put)])),
      delete: s3(take),
    };
  };

export const bucket: Lives = {
  [BUCKET]: (self, graph) => {
    const s3 = of(graph.arn(self));
    // HeadBucket, which asks for the right to list.
    const head = s3("ListBucket");
    return {
      // Tags come with the making (version 6.23 and later).
      create: [...s3("CreateBucket", "TagResource"), ...head],
      read: [
        ...head,
        ...s3("GetBucketPolicy", "GetBucketAcl", "GetBucketCORS", "GetBucketWebsite", "GetBucketVersioning"),
        ...s3("GetAccelerateConfiguration", "GetBucketRequestPayment", "GetBucketLogging"),
        ...s3("GetLifecycleConfiguration", "GetReplicationConfiguration", "GetEncryptionConfiguration"),
        ...s3("GetBucketObjectLockConfiguration", "ListTagsForResource"),
      ],
      update: {
        // The provider's own, until it deletes.
        forceDestroy: [],
        tags: s3("ListTagsForResource", "TagResource", "UntagResource"),
      },
      // Empties it first: what machines have reported is no resource.
      delete: [
        ...s3("DeleteBucket", "ListBucketVersions"),
        call("s3:DeleteObjectVersion", { object: plain(`${graph.arn(self)}/machines/a-1/status`) }),
      ],
    };
  },

  [BUCKET_VERSIONING]: part("versioningConfiguration", "PutBucketVersioning", "GetBucketVersioning"),
  [BUCKET_PUBLIC_ACCESS]: part(
    ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"],
    "PutBucketPublicAccessBlock",
    "GetBucketPublicAccessBlock",
  ),
  [BUCKET_ENCRYPTION]: part("rules", "PutEncryptionConfiguration", "GetEncryptionConfiguration"),
  [BUCKET_LIFECYCLE]: part("rules", "PutLifecycleConfiguration", "GetLifecycleConfiguration"),
  [BUCKET_POLICY]: part("policy", "PutBucketPolicy", "GetBucketPolicy", "DeleteBucketPolicy"),

  [BUCKET_OBJECT]: (self: Resource<typeof BUCKET_OBJECT>, graph) => {
    const on = { object: plain(graph.arn(self)) };
    const s3 = (...actions: string[]) => actions.map((action) => call(`s3:${action}`, on));
    const all = of(graph.arn(graph.find(BUCKET, self.inputs.bucket)));
    // With its tags, in one request that asks for both.
    const put = s3("PutObject", "PutObjectTagging");
    return {
      create: put,
      // HeadObject: of one that is gone S3 says so only to who may list.
      read: [...s3("GetObject", "GetObjectTagging"), ...all("ListBucket")],
      update: {
        content: put,
        contentBase64: put,
        contentType: put,
        tags: s3("GetObjectTagging", "PutObjectTagging"),
      },
      // All versions of the key.
      delete: [...all("ListBucketVersions"), ...s3("DeleteObjectVersion")],
    };
  },
};
