/**
 * A tuning: a value of the kernel, a daemon or a card, with all that is to be said about it. The texts reach the
 * messages about its key, the comment above it on the machine (render/why.ts) and docs/tunings.md.
 */
import { z } from "zod";
import type { TrapSlug } from "../../traps/traps.ts";
import { facts, type KeyFacts, setPath, type Unit } from "../keys/facts.ts";

/** The texts of a tuning. */
export interface Tuning {
  /** What carries it: a sysctl, an option of pppd, a rule, a knob. */
  sets: string;
  /** Its value where nobody sets it: the kernel's, the daemon's or the package's own on Debian 13. */
  own: string;
  /** Why it has the value that we give it: whole sentences. */
  why: string;
  /** What that value costs: a clause; "nothing" where it costs nothing. */
  costs: string;
  /** What it answers: docs/traps.md. @default none, and then there is a source */
  traps?: readonly TrapSlug[];
  /** A man page, an RFC, a page of AWS, or a measurement. @default none, and then there are traps */
  source?: string;
  /** The test that fails without it: a file under test/ and a title in it, `lab/server/path/mtu.test.ts: a title`. */
  test: string;
}

/** The texts of a group's member: a tuning's, and what its key is told with. */
export type MemberFacts = Omit<KeyFacts, "fix" | "secret"> & Tuning;

const tunings = z.registry<MemberFacts>();

/** A member whose value is a number, or may be, says what that counts; any other has no unit. */
type UnitOf<V> = number extends V
  ? { unit: Unit }
  : [V] extends [readonly number[]]
    ? { unit: Unit }
    : { unit?: never };

/**
 * A config key with members, each with a default of its own: what a stack's config says of one leaves the others
 * as they are.
 *
 * @param shape the members' schemas, each with a default or optional.
 * @param texts the same members' facts; `example` is a good value, as it is typed after `pulumi config set`.
 */
export function group<S extends Record<string, z.ZodType>>(
  name: string,
  shape: S,
  texts: { [K in keyof S]: MemberFacts & UnitOf<z.output<S[K]>> & { example: string } },
): z.ZodObject<S, z.core.$strict> {
  for (const [key, schema] of Object.entries(shape)) {
    const { example, ...told } = texts[key]!;
    tunings.add(schema, told);
    const { description, allowed, unit } = told;
    const fix = setPath(`${name}.${key}`, example);
    facts.add(schema, { description, allowed, fix, ...(unit === undefined ? {} : { unit }) });
  }
  return z.strictObject(shape);
}

/** A member's facts. @throws Error for a schema that no group holds. */
export function tuningOf(schema: z.ZodType): MemberFacts {
  const found = tunings.get(schema);
  if (!found) throw new Error("no group holds this schema");
  return found;
}
