/**
 * Policy documents, and Allow or Deny as IAM decides by one (AWS: Policy evaluation logic): nothing is allowed that no
 * statement allows, and what one denies is denied.
 */

type OneOrMore = string | string[];

/** Of a request: by condition key. */
export type Context = Record<string, string | string[]>;

export interface Statement {
  Sid?: string;
  Effect: "Allow" | "Deny";
  /** In trust policies, and in a bucket's, where `*` is everybody. */
  Principal?: Record<string, OneOrMore> | "*";
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

export function listed(value: OneOrMore | undefined): string[] {
  return [value ?? []].flat();
}

/** Whether a policy allows one request. */
export function allows(policy: Statement[], action: string, resource: string, context: Context): boolean {
  const effects = effectsOf(policy, action, resource, context);
  return effects.includes("Allow") && !effects.includes("Deny");
}

/** Of the statements that speak of one request. */
export function effectsOf(
  policy: Statement[],
  action: string,
  resource: string,
  context: Context,
): Statement["Effect"][] {
  return policy
    .filter(
      (statement) =>
        listed(statement.Action).some((pattern) => matchesAction(pattern, action)) &&
        listed(statement.Resource).some((pattern) => matchesResource(pattern, resource)) &&
        holds(statement.Condition, context),
    )
    .map(({ Effect }) => Effect);
}

/** Whether a trust policy lets somebody take the role: `type` as in a policy's Principal, such as `Service`. */
export function trusts(
  policy: Statement[],
  action: string,
  principal: { type: string; name: string },
  context: Context,
): boolean {
  const applying = policy.filter(
    (statement) =>
      listed(statement.Action).some((pattern) => matchesAction(pattern, action)) &&
      isPrincipal(statement.Principal, principal) &&
      holds(statement.Condition, context),
  );
  return (
    applying.some(({ Effect }) => Effect === "Allow") && !applying.some(({ Effect }) => Effect === "Deny")
  );
}

function isPrincipal(of: Statement["Principal"], { type, name }: { type: string; name: string }): boolean {
  return of === "*" || listed(of?.[type]).includes(name);
}

export function matchesAction(pattern: string, action: string): boolean {
  return like(pattern.toLowerCase(), action.toLowerCase());
}

/**
 * `*` and `?` stay within a segment of an ARN, but in its last part, the resource, where they take colons too. An action
 * without resources is on `*`, which no ARN matches.
 */
function matchesResource(pattern: string, resource: string): boolean {
  if (pattern === "*") return true;
  const [patterns, parts] = [pattern, resource].map((arn) => {
    const all = arn.split(":");
    return [...all.slice(0, 5), all.slice(5).join(":")];
  }) as [string[], string[]];
  return patterns.length === parts.length && patterns.every((each, i) => like(each, parts[i]!));
}

function like(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}

/** By operator: whether a value of the request is one of the policy's. */
const OPERATORS: Record<string, (value: string, wanted: string) => boolean> = {
  Bool: (value, wanted) => value === wanted,
  StringEquals: (value, wanted) => value === wanted,
  StringLike: (value, wanted) => like(wanted, value),
  ArnEquals: (value, wanted) => matchesResource(wanted, value),
  ArnLike: (value, wanted) => matchesResource(wanted, value),
};

/** All operators and keys have to hold; of a key's values one is enough. */
function holds(conditions: Statement["Condition"], context: Context): boolean {
  const given = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), [value].flat()]));
  return Object.entries(conditions ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) =>
      one(operator, given.get(key.toLowerCase()), listed(wanted)),
    ),
  );
}

/** A key that the request does not have fails, but with `ForAllValues`. */
function one(operator: string, values: string[] | undefined, wanted: string[]): boolean {
  const [, every, name] = /^(ForAllValues:)?(\w+)$/.exec(operator) ?? [];
  const matches = OPERATORS[name ?? ""];
  if (matches === undefined) throw new Error(`the condition operator ${operator} is not evaluated`);
  const fits = (value: string) => wanted.some((each) => matches(value, each));
  if (every !== undefined) return (values ?? []).every(fits);
  return values?.some(fits) ?? false;
}
