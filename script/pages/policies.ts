/** docs/policies.md's table of policies, from the pack itself. */
import { rules } from "../../policy/policies.ts";
import { code, markdownTable } from "./marked.ts";

const HEAD = ["policy", "severity", "what must hold", "why", "fix", "settings, with defaults"];

/** The page with its table made anew; what a person wrote around it stays. */
export function policiesPage(text: string): string {
  return text.replace(/\| policy \| severity \|.*?\n(?=\n)/s, () => policyTable());
}

export function policyTable(): string {
  const rows = rules.map(({ name, severity, demands, reason, fix, link, settings = {} }) => [
    `[\`${name}\`](${link})`,
    severity,
    demands,
    reason,
    fix,
    Object.entries(settings)
      .map(([setting, schema]) => `${code(setting)}: ${shown(schema.default)}`)
      .join("; "),
  ]);
  return `${markdownTable(HEAD, rows)}\n`;
}

function shown(value: unknown): string {
  return Array.isArray(value) && value.length === 0 ? "any" : code(JSON.stringify(value));
}
