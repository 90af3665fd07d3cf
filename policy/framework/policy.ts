/** From a rule to a policy as Pulumi runs it: config with defaults, waivers, and one form of message. */
import type {
  PolicyResource,
  ResourceValidation,
  ResourceValidationPolicy,
  StackValidation,
  StackValidationPolicy,
} from "@pulumi/policy";
import { isOfAws } from "../../graph/types.ts";
import type { AnyResourceRule, Rule, Setting, StackRule } from "./rule.ts";
import { type Inputs, plain, Stack } from "./stack.ts";
import type { WaiverLog } from "./waiver-log.ts";
import { holds, WAIVERS, type Waiver } from "./waivers.ts";

export function policyOf(
  rule: Rule,
  log: WaiverLog,
  today: () => Date,
): ResourceValidationPolicy | StackValidationPolicy {
  const judge = judgeOf(rule, log, today);
  const inputs: Inputs = new Map();
  const facts = {
    name: rule.name,
    description: `${rule.demands} ${rule.reason}`,
    enforcementLevel: "mandatory" as const,
    severity: rule.severity,
    remediationSteps: rule.fix,
    url: rule.link,
    configSchema: { properties: { ...rule.settings, waivers: WAIVERS } },
  };
  // Pulumi asks a policy that has both functions about each resource first, and about the stack at the end.
  if (!("stackViolations" in rule)) return { ...facts, validateResource: resourceFunction(rule, judge) };
  const validateStack = stackFunction(rule, judge, inputs);
  if ("violations" in rule)
    return { ...facts, validateResource: resourceFunction(rule, judge), validateStack };
  if (rule.inputsOf === undefined) return { ...facts, validateStack };
  return { ...facts, validateResource: noteInputs(rule.inputsOf, inputs), validateStack };
}

function resourceFunction(rule: AnyResourceRule, judge: Judge): ResourceValidation {
  return (resource, reportViolation) => {
    const { settings, tell } = judge(resource.getConfig());
    const about = rule.of === "every type" ? isOfAws(resource.type) : rule.of.includes(resource.type);
    if (!about) return;
    for (const problem of rule.violations(resource, settings)) {
      const told = tell(problem, resource);
      if (told !== undefined) reportViolation(told);
    }
  };
}

function stackFunction(rule: StackRule, judge: Judge, inputs: Inputs): StackValidation {
  return ({ resources, getConfig }, reportViolation) => {
    const { settings, tell } = judge(getConfig());
    const found = rule.stackViolations(new Stack(resources, inputs), settings);
    inputs.clear();
    for (const each of found) {
      const told = "problem" in each ? tell(each.problem, each.node, each.fix) : undefined;
      if (told !== undefined) reportViolation(told, each.node.urn);
    }
    for (const each of found) if ("unknown" in each) demand(resources, each.node.urn, each.unknown);
  };
}

function noteInputs(types: string[], inputs: Inputs): ResourceValidation {
  return ({ type, urn, props }) => {
    if (types.includes(type)) inputs.set(urn, plain(props) as PolicyResource["props"]);
  };
}

/** Pulumi's own value throws where it is not known, and Pulumi tells that as "can't run during preview". */
function demand(resources: PolicyResource[], urn: string, property: string): void {
  void resources.find((resource) => resource.urn === urn)?.props[property];
}

type Judge = (config: object) => {
  settings: object;
  /** The message of a violation; undefined where it is waived. */
  tell(problem: string, of: Named, fix?: string): string | undefined;
};

interface Named {
  name: string;
  urn: string;
}

function judgeOf(rule: Rule, log: WaiverLog, today: () => Date): Judge {
  return (config) => {
    const { waivers, ...settings }: Config = { waivers: [], ...defaults(rule.settings), ...config };
    log.addConfigured(rule.name, waivers);
    const tell = (problem: string, { name, urn }: Named, fix = rule.fix) => {
      const matching = waivers.filter(({ resource }) => resource === urn || resource === name);
      const waiver = matching.find((each) => holds(each, today()));
      if (waiver !== undefined) {
        log.waive({ policy: rule.name, urn, problem, waiver });
        return undefined;
      }
      for (const each of matching) log.addExpired(rule.name, each);
      return message(rule, problem, fix, matching);
    };
    return { settings, tell };
  };
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
function message({ link }: Rule, problem: string, fix: string, over: Waiver[]): string {
  const ended = over.map(({ until }) => ` A waiver of it ended on ${until}.`).join("");
  return `${problem}.${ended} Fix: ${fix} (${link})`;
}
