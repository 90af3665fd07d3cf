/**
 * Allow or Deny, as IAM decides (AWS: Policy evaluation logic): nothing is allowed that no statement allows, and what one
 * denies is denied. A call on several resources is allowed when it is on each of them.
 */
import type { Call, Context } from "./call.ts";
import { listed, type Statement } from "./document.ts";

export interface Policies {
  /** What the role's own policies say. */
  identity: Statement[];
  /** The policy that bounds the role: it allows nothing by itself. */
  boundary?: Statement[] | undefined;
}

/** What keeps a call from being allowed, as AWS words it; nothing for one that is allowed. */
export function refusals({ identity, boundary }: Policies, call: Call): string[] {
  return requests(call)
    .filter(({ resource, context }) => {
      const allowed = (policy: Statement[]) => allows(policy, call.action, resource, context);
      return !allowed(identity) || (boundary !== undefined && !allowed(boundary));
    })
    .map(({ resource, context }) => {
      const own = Object.entries(context).filter(([key]) => key in call.context && !key.startsWith("aws:"));
      const said = own.map(([key, value]) => ` with ${key} ${value}`).join("");
      return `not authorized to perform ${call.action} on ${resource}${said}`;
    });
}

/** One resource each; `*` for an action that takes none. */
export function requests(call: Call): { resource: string; context: Context }[] {
  const targets = Object.values(call.on).flat();
  const none = targets.length === 0 ? [{ resource: "*", context: call.context }] : [];
  return [
    ...none,
    ...targets.map(({ arn, context }) => ({ resource: arn, context: { ...call.context, ...context } })),
  ];
}

/** Whether a policy allows one request. */
export function allows(policy: Statement[], action: string, resource: string, context: Context): boolean {
  const applying = policy.filter(
    (statement) =>
      listed(statement.Action).some((pattern) => matchesAction(pattern, action)) &&
      listed(statement.Resource).some((pattern) => matchesResource(pattern, resource)) &&
      holds(statement.Condition, context),
  );
  return (
    applying.some(({ Effect }) => Effect === "Allow") && !applying.some(({ Effect }) => Effect === "Deny")
  );
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
      listed(statement.Principal?.[principal.type]).includes(principal.name) &&
      holds(statement.Condition, context),
  );
  return (
    applying.some(({ Effect }) => Effect === "Allow") && !applying.some(({ Effect }) => Effect === "Deny")
  );
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
