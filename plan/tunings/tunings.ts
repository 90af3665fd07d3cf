/** Every tuning by its name: `kernel.rmemMax` for a member of a group, `fixed.rpFilter` for what no config changes. */

import { type Tuning, tuningOf } from "../../settings/groups/tuning.ts";
import { groups, membersOf } from "../../settings/schema.ts";
import { fixed } from "./fixed.ts";

/** First the groups' members, then the fixed ones. */
export const tunings: ReadonlyMap<string, Tuning> = new Map<string, Tuning>([
  ...groups.flatMap((group) =>
    Object.entries(membersOf(group)).map(([member, schema]): [string, Tuning] => [
      `${group}.${member}`,
      tuningOf(schema),
    ]),
  ),
  ...Object.entries(fixed).map(([name, tuning]): [string, Tuning] => [`fixed.${name}`, tuning]),
]);
