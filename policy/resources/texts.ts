/** Which inputs AWS restricts as texts, by type. Tags are every type's. */
import type { Name } from "../../graph/properties.ts";
import {
  ALARM,
  BALANCER,
  BUCKET,
  BUCKET_OBJECT,
  DEFAULT_GROUP,
  EGRESS_RULE,
  GROUP_RULE,
  HEALTH_CHECK,
  INGRESS_RULE,
  INSTANCE_PROFILE,
  LOG_GROUP,
  ROLE,
  ROLE_POLICY,
  SECRET,
  SECURITY_GROUP,
  TARGET_GROUP,
  type Type,
} from "../../graph/types.ts";
import {
  allowed,
  FEWEST_TAGS,
  type Form,
  forms,
  MOST_TAGS,
  misfit,
  tagMisfits,
} from "../../settings/aws-texts.ts";
import { list, type Members } from "../framework/stack.ts";

const inline = {
  "ingress.description": forms.ruleDescription,
  "egress.description": forms.ruleDescription,
};
const rule = { description: forms.ruleDescription };

const WITH_FEW_TAGS: string[] = [HEALTH_CHECK, BUCKET_OBJECT];

/** A property, or a member of it. */
type Path<T extends Type> = (Name<T> & string) | `${Name<T> & string}.${string}`;

/** By type: the property, or the member of a list's members, and what AWS takes. */
export const TEXTS: Record<string, Record<string, Form>> = {
  [SECURITY_GROUP]: { name: forms.groupName, description: forms.groupDescription, ...inline },
  [DEFAULT_GROUP]: inline,
  [INGRESS_RULE]: rule,
  [EGRESS_RULE]: rule,
  [GROUP_RULE]: rule,
  [BALANCER]: { name: forms.balancerName },
  [TARGET_GROUP]: { name: forms.targetGroupName },
  [ROLE]: { name: forms.roleName, description: forms.roleDescription },
  [INSTANCE_PROFILE]: { name: forms.instanceProfileName },
  [ROLE_POLICY]: { name: forms.rolePolicyName },
  [SECRET]: { name: forms.secretName, description: forms.secretDescription },
  [BUCKET]: { bucket: forms.bucketName },
  [LOG_GROUP]: { name: forms.logGroupName },
  [ALARM]: { name: forms.alarmName, alarmDescription: forms.alarmDescription },
} satisfies { [T in Type]?: { [P in Path<T>]?: Form } };

/** What AWS would refuse of a resource's texts; what is not known yet is passed over. */
export function textProblems(type: string, props: Members): string[] {
  const texts = Object.entries(TEXTS[type] ?? {}).flatMap(([path, form]) =>
    valuesAt(props, path).flatMap((text) => {
      const wrong = typeof text === "string" ? misfit(form, text) : undefined;
      return wrong === undefined ? [] : [`its ${path} ${wrong}; AWS takes ${allowed(form)} (${form.page})`];
    }),
  );
  return [...texts, ...tagProblems(type, props.tags)];
}

/** Reads these texts as Pulumi hands them over: it throws where one is not known yet. */
export function demandTexts(type: string, props: Members): void {
  for (const path of Object.keys(TEXTS[type] ?? {})) valuesAt(props, path);
  Object.values(props.tags ?? {});
}

function tagProblems(type: string, tags: unknown): string[] {
  // Some types have tags in another form, which is none of ours.
  if (tags === null || typeof tags !== "object" || Array.isArray(tags)) return [];
  const most = WITH_FEW_TAGS.includes(type) ? FEWEST_TAGS : MOST_TAGS;
  const count = Object.keys(tags).length;
  return [
    ...tagMisfits(tags as Record<string, string>).map(({ key, problem }) => `of its tag ${key}: ${problem}`),
    ...(count > most ? [`it has ${count} tags; AWS takes ${most}`] : []),
  ];
}

function valuesAt(props: Members, path: string): unknown[] {
  const [property, member] = path.split(".") as [string, string?];
  return member === undefined ? [props[property]] : list(props[property]).map((each) => each?.[member]);
}
