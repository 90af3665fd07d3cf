/** From a rule to a policy as Pulumi runs it: config with defaults, waivers, and one form of message. */
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import type { Book } from "./book.ts";
import type { Rule, Setting } from "./rule.ts";
import { Stack } from "./stack.ts";
import { holds, WAIVERS, type Waiver } from "./waivers.ts";

export function policyOf(
  rule: Rule,
  book: Book,
  today: () => Date,
): ResourceValidationPolicy | StackValidationPolicy {
  const facts = {
    name: rule.name,
    description: `${rule.demands} ${rule.reason}`,
    enforcementLevel: "mandatory" as const,
    severity: rule.severity,
    remediationSteps: rule.wayOut,
    url: rule.link,
    configSchema: { properties: { ...rule.settings, waivers: WAIVERS } },
  };
  const judge = (problem: string, { name, urn }: Named, waivers: Waiver[]): string | undefined => {
    const matching = waivers.filter(({ resource }) => resource === urn || resource === name);
    const waiver = matching.find((each) => holds(each, today()));
    if (waiver !== undefined) {
      book.waive({ policy: rule.name, urn, problem, waiver });
      return undefined;
    }
    for (const each of matching) book.over(rule.name, each);
    return message(rule, problem, matching);
  };
  const configured = (config: object): Config => {
    const all = { waivers: [], ...defaults(rule.settings), ...config };
    book.give(rule.name, all.waivers);
    return all;
  };

  if ("brokenIn" in rule) {
    return {
      ...facts,
      validateStack: ({ resources, getConfig }, reportViolation) => {
        const { waivers, ...settings } = configured(getConfig());
        for (const { node, problem } of rule.brokenIn(new Stack(resources), settings)) {
          const told = judge(problem, node, waivers);
          if (told !== undefined) reportViolation(told, node.urn);
        }
      },
    };
  }
  return {
    ...facts,
    validateResource: (resource, reportViolation) => {
      const { waivers, ...settings } = configured(resource.getConfig());
      const about = rule.of.length === 0 ? resource.type.startsWith("aws:") : rule.of.includes(resource.type);
      if (!about) return;
      for (const problem of rule.broken(resource, settings)) {
        const told = judge(problem, resource, waivers);
        if (told !== undefined) reportViolation(told);
      }
    },
  };
}

interface Named {
  name: string;
  urn: string;
}

interface Config {
  waivers: Waiver[];
  [setting: string]: unknown;
}

/** The engine puts defaults in as well; whoever runs the pack otherwise gets the same. */
function defaults(settings: Record<string, Setting> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).map(([name, schema]) => [name, schema.default]));
}

/** After the description, which Pulumi puts first. */
function message({ wayOut, link }: Rule, problem: string, over: Waiver[]): string {
  const ended = over.map(({ until }) => ` A waiver of it ended on ${until}.`).join("");
  return `${problem}.${ended} Way out: ${wayOut} (${link})`;
}
