/** Which names a client can dial. */
import type { Refusal } from "./refusal.ts";

/** One label (RFC 1123, 2.1): letters, digits and hyphens, no hyphen at either end, 63 at most. */
const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;
const LONGEST = 253;

/** Refuses what is no fully qualified host name in lower case. */
export function judgeDialName(name: string): Refusal | undefined {
  const labels = name.split(".");
  const right =
    name.length <= LONGEST &&
    labels.length >= 2 &&
    labels.every((label) => LABEL.test(label)) &&
    !/^\d+$/.test(labels.at(-1)!);
  return right ? undefined : {};
}
