/** Whom AWS is asked about, and where. */
import type { EC2ClientConfig } from "@aws-sdk/client-ec2";

/** Whose resources: by the tags of components/tags.ts. */
export interface Owner {
  project: string;
  stack: string;
}

export type ClientConfig = Pick<EC2ClientConfig, "region" | "endpoint">;
