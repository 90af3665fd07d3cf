/**
 * What the program keeps in AWS's services, and what its machines may do there: read from its own resources. An ARN of AWS's
 * stands in place of each that the offline program makes up.
 */

import type { Graph, Resource } from "../../graph/graph.ts";
import { roleOf } from "../../graph/machines.ts";
import {
  BUCKET,
  BUCKET_OBJECT,
  type INSTANCE,
  ROLE_POLICY,
  SECRET,
  SECRET_VERSION,
} from "../../graph/types.ts";
import { ACCOUNT } from "../../offline/answers.ts";

/** A bucket, and what is in it. */
export interface LabBucket {
  name: string;
  objects: { key: string; content: Buffer }[];
}

export interface Stores {
  /** Secrets Manager's secrets with their current value. Never printed, never in argv. */
  secrets: { name: string; value: string }[];
  /** The stack's bucket, where the program has one. */
  bucket?: LabBucket;
}

/** @throws Error where there is more than one bucket. */
export function storesOf(graph: Graph): Stores {
  const [bucket, ...others] = graph.all(BUCKET);
  if (others.length > 0)
    throw new Error(`the lab has room for one bucket, and the program makes ${others.length + 1}`);
  return { secrets: secretsOf(graph), ...(bucket && { bucket: bucketOf(graph, bucket) }) };
}

function secretsOf(graph: Graph): Stores["secrets"] {
  const versions = graph.all(SECRET_VERSION);
  return graph.all(SECRET).map(({ id, inputs: { name } }) => ({
    name,
    value: versions.find(({ inputs }) => inputs.secretId === id)?.inputs.secretString ?? "",
  }));
}

function bucketOf(graph: Graph, bucket: Resource<typeof BUCKET>): LabBucket {
  const objects = graph.all(BUCKET_OBJECT).map(({ name, inputs }) => {
    const { key, content, contentBase64 } = inputs;
    if (content !== undefined) return { key, content: Buffer.from(content) };
    if (contentBase64 !== undefined) return { key, content: Buffer.from(contentBase64, "base64") };
    throw new Error(`the object ${name} has no content that is recorded`);
  });
  return { name: bucket.inputs.bucket, objects };
}

/** The documents of a machine's role, by AWS's ARNs; none where it has no role. */
export function policiesOf(graph: Graph, instance: Resource<typeof INSTANCE>, region: string): string[] {
  const role = roleOf(graph, instance);
  const arns = [
    ...graph.all(BUCKET).map(({ state, inputs }) => [state.arn, bucketArn(inputs.bucket)] as const),
    ...graph.all(SECRET).map(({ state, inputs }) => [state.arn, secretArn(region, inputs.name)] as const),
  ];
  return graph
    .all(ROLE_POLICY)
    .filter(({ inputs }) => inputs.role === role)
    .map(({ inputs }) =>
      arns.reduce((text, [offline, real]) => text.replaceAll(`"${offline}`, `"${real}`), `${inputs.policy}`),
    );
}

export function bucketArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}

export function objectArn(bucket: string, key: string): string {
  return `${bucketArn(bucket)}/${key}`;
}

/** With a suffix, as Secrets Manager adds one of six characters. */
export function secretArn(region: string, name: string): string {
  return `arn:aws:secretsmanager:${region}:${ACCOUNT}:secret:${name}-AbCdEf`;
}
