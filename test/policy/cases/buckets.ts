import type { Case } from "../changed-resources.ts";

const OWN = "pptp-fleet";

const changed = (what: string, type: string, change: (inputs: Record<string, any>) => void): Case => ({
  policy: "bucket-closed",
  what,
  breaks: (resources) => resources.change(type, OWN, change),
  at: [OWN],
});
const without = (what: string, type: string): Case => ({
  policy: "bucket-closed",
  what,
  breaks: (resources) => resources.remove(type, OWN),
  at: [OWN],
});

/** The bucket's policy with its statement changed, and with others beside it. */
const policy = (what: string, own: object, ...others: object[]): Case =>
  changed(what, "BucketPolicy", (inputs) => {
    const deny = {
      ...{ Effect: "Deny", Principal: "*", Action: "s3:*" },
      Resource: ["arn:aws:s3:::b", "arn:aws:s3:::b/*"],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    };
    inputs.policy = JSON.stringify({ Version: "2012-10-17", Statement: [{ ...deny, ...own }, ...others] });
  });

const read = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*" };

export const bucketCases: Case[] = [
  without("a bucket that may be made public", "BucketPublicAccessBlock"),
  without("a bucket that says nothing of encryption", "BucketServerSideEncryptionConfiguration"),
  without("a bucket without versions", "BucketVersioning"),
  without("a bucket without a policy", "BucketPolicy"),
  ...["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"].map((block) =>
    changed(`public access without ${block}`, "BucketPublicAccessBlock", (inputs) => {
      inputs[block] = false;
    }),
  ),
  changed("encryption by nothing", "BucketServerSideEncryptionConfiguration", (inputs) => {
    inputs.rules = [{ bucketKeyEnabled: true }];
  }),
  changed("suspended versions", "BucketVersioning", (inputs) => {
    inputs.versioningConfiguration = { status: "Suspended" };
  }),
  policy("a bucket that is read without TLS", { Action: "s3:PutObject" }),
  policy("objects that are read without TLS", { Resource: "arn:aws:s3:::b" }),
  policy("a bucket that is listed without TLS", { Resource: "arn:aws:s3:::b/*" }),
  policy("some that come without TLS", { Principal: { AWS: "arn:aws:iam::111122223333:root" } }),
  policy("TLS kept out in place of the rest", { Condition: { Bool: { "aws:SecureTransport": "true" } } }),
  policy("a bucket for anybody", {}, { ...read, Principal: "*" }),
  policy("a bucket for anybody of AWS's", {}, { ...read, Principal: { AWS: "*" } }),
  policy("a bucket for all but somebody", {}, { ...read, NotPrincipal: { AWS: "arn:aws:iam::1:root" } }),
];
