import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bundleKey, desiredKey } from "../../plan/bucket.ts";
import type { PackedBundle } from "../../render/bundle.ts";
import { named } from "../tags.ts";

export interface StackBucketArgs {
  /** The bucket's name: machines know it by this. */
  bucketName: string;
}

/** Days that a version is kept after another has taken its place: of pointers and of what machines report. */
const NONCURRENT_DAYS = 30;
/** Days after which the parts of an upload that never ended are deleted. */
const ABORTED_DAYS = 1;

/**
 * What machines are to be, in S3: of each a bundle and a pointer to it (plan/bucket.ts), in one bucket that is private,
 * encrypted, versioned and reached by TLS only. Whoever has a right to a part of it has it by a policy of their own
 * (machine-role.ts); the bucket's own policy gives none.
 *
 * It goes with the stack, and all that is in it.
 *
 * Costs about 0.06 USD a month for a machine that asks once a minute and reports every five: 43,200 conditional GETs at 0.0004 USD
 * for 1,000, 8,640 PUTs at 0.005, and kilobytes of storage; AWS's price list has the last word.
 */
export class StackBucket extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  private readonly name: string;
  private readonly bucketName: pulumi.Output<string>;
  /** What must stand before there is anything in it. */
  private readonly settled: pulumi.Resource[];

  constructor(name: string, args: StackBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pptp-fleet:machines:StackBucket", name, {}, opts);
    this.name = name;
    const bucket = this.bucket(name, args);
    this.arn = bucket.arn;
    this.bucketName = bucket.id;
    // One after the other: S3 refuses a change of a bucket while it makes another (OperationAborted).
    const versioning = this.versioning(name, bucket);
    const access = this.publicAccessBlock(name, bucket, versioning);
    const encryption = this.encryption(name, bucket, access);
    const lifecycle = this.lifecycle(name, bucket, encryption);
    const policy = this.policy(name, bucket, lifecycle);
    this.settled = [versioning, access, encryption, lifecycle, policy];
    this.registerOutputs({ bucket: this.bucketName });
  }

  /**
   * A machine's bundle, and the pointer to it: a changed bundle is an object more, then the pointer changes, in place, then the
   * former bundle goes.
   *
   * @param after What the machine needs in order to read it.
   * @returns The pointer: what must stand before the machine's first boot.
   */
  machine(machine: string, bundle: PackedBundle, after: pulumi.Resource[]): aws.s3.BucketObjectv2 {
    const key = bundleKey(machine, bundle.version);
    const content = this.object(`${this.name}-${machine}-bundle`, this.settled, {
      ...{ key, contentBase64: bundle.bytes.toString("base64"), contentType: "application/gzip" },
      tags: named(`${machine}-bundle`),
    });
    return this.object(`${this.name}-${machine}-desired`, [content, ...after], {
      key: desiredKey(machine),
      content: JSON.stringify({ version: bundle.version, key }),
      contentType: "application/json",
      tags: named(`${machine}-desired`),
    });
  }

  private bucket(name: string, { bucketName }: StackBucketArgs): aws.s3.Bucket {
    return new aws.s3.Bucket(
      name,
      {
        bucket: bucketName,
        // What machines report is no resource of the stack.
        forceDestroy: true,
        tags: named("machines"),
      },
      { parent: this },
    );
  }

  private versioning(name: string, bucket: aws.s3.Bucket): aws.s3.BucketVersioning {
    return new aws.s3.BucketVersioning(
      name,
      { bucket: bucket.id, versioningConfiguration: { status: "Enabled" } },
      { parent: this },
    );
  }

  private publicAccessBlock(name: string, bucket: aws.s3.Bucket, after: pulumi.Resource) {
    return new aws.s3.BucketPublicAccessBlock(
      name,
      {
        bucket: bucket.id,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      { parent: this, dependsOn: [after] },
    );
  }

  /** By S3's own key: one in KMS would want a right more of each machine, and a price for each read. */
  private encryption(name: string, bucket: aws.s3.Bucket, after: pulumi.Resource) {
    return new aws.s3.BucketServerSideEncryptionConfiguration(
      name,
      { bucket: bucket.id, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
      { parent: this, dependsOn: [after] },
    );
  }

  private lifecycle(name: string, bucket: aws.s3.Bucket, after: pulumi.Resource) {
    return new aws.s3.BucketLifecycleConfiguration(
      name,
      {
        bucket: bucket.id,
        rules: [
          {
            id: "old-versions",
            status: "Enabled",
            filter: { prefix: "machines/" },
            noncurrentVersionExpiration: { noncurrentDays: NONCURRENT_DAYS },
            abortIncompleteMultipartUpload: { daysAfterInitiation: ABORTED_DAYS },
          },
        ],
      },
      { parent: this, dependsOn: [after] },
    );
  }

  /** Denies what does not come by TLS, to everybody, and allows nothing. */
  private policy(name: string, bucket: aws.s3.Bucket, after: pulumi.Resource): aws.s3.BucketPolicy {
    const policy = pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: [bucket.arn, pulumi.interpolate`${bucket.arn}/*`],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
    return new aws.s3.BucketPolicy(name, { bucket: bucket.id, policy }, { parent: this, dependsOn: [after] });
  }

  private object(
    name: string,
    dependsOn: pulumi.Resource[],
    args: Omit<aws.s3.BucketObjectv2Args, "bucket">,
  ): aws.s3.BucketObjectv2 {
    return new aws.s3.BucketObjectv2(name, { bucket: this.bucketName, ...args }, { parent: this, dependsOn });
  }
}
