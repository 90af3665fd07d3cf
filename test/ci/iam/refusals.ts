/** What of a call a role may not do. A call on several resources is allowed when it is on each of them. */
import { type Context, effectsOf, type Statement } from "../../../offline/iam/policy.ts";
import type { Call } from "./call.ts";

export interface Policies {
  /** What the role's own policies say. */
  identity: Statement[];
  /** The policy that bounds the role: it allows nothing by itself. */
  boundary?: Statement[] | undefined;
  /** The resource's own policy: what it says to anybody, it is taken to say to the role. */
  resource?: Statement[] | undefined;
}

/** What keeps a call from being allowed, as AWS words it; nothing for one that is allowed. */
export function refusals({ identity, boundary, resource: ofResource = [] }: Policies, call: Call): string[] {
  return requests(call)
    .filter(({ resource, context }) => {
      const [own, bound, its] = [identity, boundary, ofResource].map((policy) =>
        policy === undefined ? undefined : effectsOf(policy, call.action, resource, context),
      );
      if ([own, bound, its].some((effects) => effects?.includes("Deny"))) return true;
      const byIdentity = own!.includes("Allow") && (bound?.includes("Allow") ?? true);
      return !byIdentity && !its!.includes("Allow");
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
