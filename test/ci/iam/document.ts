/** IAM's policy documents, as JSON. */
import { read } from "../../shared/files.ts";

type OneOrMore = string | string[];

export interface Statement {
  Sid?: string;
  Effect: "Allow" | "Deny";
  /** In trust policies only. */
  Principal?: Record<string, OneOrMore>;
  Action: OneOrMore;
  /** In all others. */
  Resource?: OneOrMore;
  /** By operator, then by condition key. */
  Condition?: Record<string, Record<string, OneOrMore>>;
}

const MEMBERS = ["Sid", "Effect", "Principal", "Action", "Resource", "Condition"];

/**
 * A document's statements.
 *
 * @throws Error for what the evaluation does not know: NotAction and its like, a policy variable, another version.
 */
export function statements(text: string): Statement[] {
  const { Version, Statement, ...rest } = JSON.parse(text);
  const unknown = [Statement].flat().flatMap((statement) => Object.keys(statement));
  const strange = [...Object.keys(rest), ...unknown.filter((member) => !MEMBERS.includes(member))];
  if (strange.length > 0) throw new Error(`not evaluated: ${strange.join(", ")}`);
  if (Version !== "2012-10-17") throw new Error(`version ${Version}`);
  if (text.includes("${")) throw new Error("a policy variable is not evaluated");

  return [Statement].flat();
}

/** A document of docs/ci. */
export function document(name: string): Statement[] {
  return statements(read(`docs/ci/${name}.json`));
}

export function listed(value: OneOrMore | undefined): string[] {
  return [value ?? []].flat();
}
