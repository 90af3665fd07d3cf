/**
 * What each input of each resource type does when it changes: `ForceNew` and `RequiresReplace` of terraform-provider-aws,
 * which @pulumi/aws wraps; `source` is the file under its internal/service/, main as of 2026. Only types and inputs that
 * the program uses: another is an error, and wants its line here. Not every input could be read there: an instance's
 * `primaryNetworkInterface` and a few others are as we know the provider.
 */
import type { Properties } from "../wire.ts";
import { balancer } from "./table-balancer.ts";
import { machines } from "./table-machines.ts";
import { network } from "./table-network.ts";
import { others } from "./table-others.ts";

export interface Row {
  source: string;
  /** A change makes another resource. */
  replaces: string[];
  /** A change is made in place. */
  updates: string[];
  /** Inputs that do one or the other: whether they replace. */
  either?: Record<string, (olds: Properties, news: Properties) => boolean>;
  /**
   * Whether its name is the program's own: two of a name cannot stand, so the old one goes first (pulumi-terraform-bridge,
   * pkg/tfbridge/schema.go, nameRequiresDeleteBeforeReplace). Other names are made up anew.
   */
  named?: true;
}

export const table: Record<string, Row> = { ...network, ...machines, ...balancer, ...others };
