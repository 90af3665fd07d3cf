/** What is known of one type of resource: a row of table.ts. */
import type { Properties } from "../pulumi/wire.ts";

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
