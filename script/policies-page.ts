/** docs/policies.md's table of policies, from the pack itself. */
import { rules } from "../policy/policies.ts";

const HEAD = ["policy", "severity", "what must hold", "why", "way out", "settings, with defaults"];

/** The page with its table made anew; what a person wrote around it stays. */
export function policiesPage(text: string): string {
  return text.replace(/\| policy \| severity \|.*?\n(?=\n)/s, () => policyTable());
}

export function policyTable(): string {
  const rows = rules.map(({ name, severity, demands, reason, wayOut, link, settings = {} }) => [
    `[\`${name}\`](${link})`,
    severity,
    demands,
    reason,
    wayOut,
    Object.entries(settings)
      .map(([setting, schema]) => `\`${setting}\`: ${code(schema.default)}`)
      .join("; "),
  ]);
  const table = [HEAD, HEAD.map(() => "---"), ...rows];
  return `${table.map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`).join("\n")}\n`;
}

function code(value: unknown): string {
  return Array.isArray(value) && value.length === 0 ? "any" : `\`${JSON.stringify(value)}\``;
}
