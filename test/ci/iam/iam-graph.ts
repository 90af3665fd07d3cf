/** A recorded run of the program as AWS would see it: each resource with the ARN and the tags that IAM decides by. */
import { Graph, type Resource } from "../../../graph/graph.ts";
import {
  BALANCER,
  BUCKET,
  BUCKET_OBJECT,
  INSTANCE_PROFILE,
  isOfAws,
  LISTENER,
  ROLE,
} from "../../../graph/types.ts";
import type { ProgramRun } from "../../../offline/program.ts";
import { arnOf } from "./arns.ts";
import { arn, plain, standing, type Target, wanted } from "./call.ts";

/** What Pulumi puts behind the program's name, where AWS wants one and the program gives none. */
const MADE_UP = "1a2b3c4";

export class IamGraph extends Graph {
  constructor({ resources }: ProgramRun) {
    super(resources.filter(({ type }) => isOfAws(type)));
  }

  arn(resource: Resource): string {
    if (resource.type === BUCKET_OBJECT) return this.objectArn(resource.inputs.bucket, resource.inputs.key!);
    // A listener has its balancer's name.
    const named =
      resource.type === LISTENER ? this.find(BALANCER, resource.inputs.loadBalancerArn) : resource;
    const found = arnOf(resource.type, resource.id, nameOf(named) ?? `${named.name}-${MADE_UP}`);
    if (found === undefined) throw new Error(`test/ci/iam/arns.ts has no ARN of ${resource.type}`);
    return found;
  }

  /** An object's, there or not. @param bucket ID of the bucket. */
  objectArn(bucket: string, key: string): string {
    return `${this.arn(this.find(BUCKET, bucket))}/${key}`;
  }

  /** A resource of the stack's, with its tags. */
  standing(resource: Resource): Target {
    return standing(this.arn(resource), tagsOf(resource));
  }

  /** The same, while it is made. */
  wanted(resource: Resource): Target {
    return wanted(this.arn(resource), tagsOf(resource));
  }

  /** What EC2 knows by an ID: the stack's own with its tags, somebody else's without. */
  ec2(type: string, id: string): Target {
    const own = this.at(id);
    return own ? this.standing(own) : plain(arn("ec2", `${type}/${id}`));
  }

  /** The role of an instance profile's ID. */
  roleOf(profile: string): Target {
    return this.standing(this.find(ROLE, this.find(INSTANCE_PROFILE, profile).inputs.role));
  }

  /** The policy that bounds a role, as the condition key that IAM then has. */
  boundary(role: Resource<typeof ROLE>): Record<string, string> {
    const { permissionsBoundary } = role.inputs;
    return permissionsBoundary === undefined ? {} : { "iam:PermissionsBoundary": permissionsBoundary };
  }
}

function nameOf({ type, inputs }: Resource): string | undefined {
  if (type === BUCKET) return inputs.bucket;
  return "name" in inputs ? (inputs.name as string | undefined) : undefined;
}

function tagsOf({ inputs }: Resource): Record<string, string> | undefined {
  return "tags" in inputs ? (inputs.tags as Record<string, string> | undefined) : undefined;
}
