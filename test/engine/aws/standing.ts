/** A resource as it stands in the account. */
import type { Properties } from "../pulumi/wire.ts";

export interface Standing {
  type: string;
  id: string;
  inputs: Properties;
  outputs: Properties;
}
