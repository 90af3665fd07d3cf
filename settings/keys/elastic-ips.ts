/** Elastic IPs that exist already: which machines' they may be, and by which form they are named. */
import { remove } from "./facts.ts";
import type { Refusal } from "./refusal.ts";

/** A zone's letter (`a`), or a server of it (`a-1`). */
const WHOSE = /^[a-h](-[1-9][0-9]{0,4})?$/;
/** EC2's IDs: eight hexadecimal digits before 2016, seventeen since. */
const ALLOCATION_ID = /^eipalloc-([0-9a-f]{8}|[0-9a-f]{17})$/;

/** Refuses what names no zone or server, what is no allocation ID, and what occurred before. */
export function judgeElasticIps(ids: Record<string, string>): Refusal[] {
  const seen = new Map<string, string>();
  return Object.entries(ids).flatMap(([whose, id]): Refusal[] => {
    const path = [whose];
    const leaveOut = /^[\w-]{1,80}$/.test(whose)
      ? remove(`elasticIps.${whose}`)
      : "take it out of the stack's file";
    if (!WHOSE.test(whose))
      return [
        {
          path,
          allowed: "the letter of a zone, such as a, or a server's name, such as a-1",
          fix: `name the zone or server whose address it shall be; ${leaveOut}`,
        },
      ];
    if (!ALLOCATION_ID.test(id))
      return [
        {
          path,
          allowed: "an Elastic IP's allocation ID, such as eipalloc-0123456789abcdef0",
          fix: "aws ec2 describe-addresses lists them",
        },
      ];
    const other = seen.get(id);
    if (other !== undefined)
      return [{ path, allowed: `each allocation ID once; ${other} has it`, fix: leaveOut }];
    seen.set(id, whose);
    return [];
  });
}
