/**
 * What AWS's provider calls for each type of resource: by the source of terraform-provider-aws, which @pulumi/aws wraps
 * (`internal/service/`; the files are named in test/engine/aws/table*.ts). Its versions between 5 and 6 were read, not each
 * file in the one that is pinned; what it reads may be more by a version, so a policy allows all of EC2's and the balancer's
 * `Describe`.
 */
import type { Resource } from "../../../../graph/graph.ts";
import type { AwsType } from "../../../../graph/types.ts";
import type { Life } from "../call.ts";
import type { IamGraph } from "../iam-graph.ts";

/** By type. */
export type Lives = { [T in AwsType]?: (self: Resource<T>, graph: IamGraph) => Life };
