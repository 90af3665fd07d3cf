/** What is known of one type of resource: a row of table.ts. */
import type { Inputs } from "../../../graph/properties.ts";
import type { AwsType } from "../../../graph/types.ts";
import type { Properties } from "../pulumi/wire.ts";

export interface Row<Input extends string = string> {
  source: string;
  /** A change makes another resource. */
  replaces: Input[];
  /** A change is made in place. */
  updates: Input[];
  /** Inputs that do one or the other: whether they replace. */
  either?: { [Each in Input]?: (olds: Properties, news: Properties) => boolean };
  /**
   * The input that is its name, where that is the program's own: two of a name cannot stand, so the old one goes first
   * (pulumi-terraform-bridge, pkg/tfbridge/schema.go, nameRequiresDeleteBeforeReplace). Other names are made up anew.
   */
  named?: Input;
}

/** By type. */
export type Rows = { [T in AwsType]?: Row<keyof Inputs<T> & string> };
