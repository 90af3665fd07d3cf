/**
 * What each input of each resource type does when it changes: `ForceNew` and `RequiresReplace` of terraform-provider-aws,
 * which @pulumi/aws wraps; `source` is the file under its internal/service/, main as of 2026. Only types and inputs that
 * the program uses: another is an error, and wants its line here. Not every input could be read there: an instance's
 * `primaryNetworkInterface` and a few others are as we know the provider.
 */
import type { Row } from "./row.ts";
import { balancer } from "./table-balancer.ts";
import { bucket } from "./table-bucket.ts";
import { machines } from "./table-machines.ts";
import { network } from "./table-network.ts";
import { others } from "./table-others.ts";

export const table: Record<string, Row> = { ...network, ...machines, ...balancer, ...bucket, ...others };
