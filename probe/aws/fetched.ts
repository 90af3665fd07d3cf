/** Whom AWS is asked about, and where. */
import type { EC2ClientConfig, Tag } from "@aws-sdk/client-ec2";

/** Whose resources: by the tags of components/tags.ts. */
export interface Owner {
  project: string;
  stack: string;
}

export type ClientConfig = Pick<EC2ClientConfig, "region" | "endpoint">;

/** A filter of EC2's. */
export function byOwner({ project, stack }: Owner) {
  return [
    { Name: "tag:project", Values: [project] },
    { Name: "tag:stack", Values: [stack] },
  ];
}

export function tagged(tags: Tag[] | undefined, key: string): string | undefined {
  return tags?.find(({ Key }) => Key === key)?.Value;
}
