/** docs/tunings.md, from the same source as the settings, their messages and the comments on the machines. */
import { conntrack } from "../plan/conntrack.ts";
import { fixed } from "../plan/fixed.ts";
import { left } from "../plan/left.ts";
import { limits } from "../plan/limits.ts";
import { tunnelSizes } from "../plan/mtu.ts";
import { enaQueues } from "../plan/queues.ts";
import { chainText, timers } from "../plan/timers.ts";
import { tunings } from "../plan/tunings.ts";
import { setPath } from "../settings/facts.ts";
import { factsOf, groups, type Settings, settingsSchema } from "../settings/schema.ts";
import type { Tuning } from "../settings/tuning.ts";
import { testLink, trapLinks } from "./links.ts";

const defaults = settingsSchema.parse({ allowedCidrs: ["198.51.100.0/24"] });

export function tuningsPage(): string {
  return [
    `# Tunings

Written by \`npm run docs\` from settings/groups/, plan/fixed.ts and the plan; CI fails when it is stale. The reason in a
row is also the comment above the setting on the machine.

Set a member with \`${setPath("keepalive.lcpEchoInterval", "15")}\`; the others of its group keep
their defaults. \`npm run plan -- --stack dev --config keepalive.lcpEchoInterval=15\` shows what comes of it. Most stacks
set none. A change of any of them replaces the servers, but for \`egress.routeTableIds\`,
\`keepalive.nlbTcpIdle\` and the timers of clients' NATs; [changes.md](changes.md) says what else.

"No gain claimed" means what it says: the value is what operators expect, and we have not seen it matter to a tunnel.
[bench.md](bench.md) has what was measured.`,
    ...groups.map((group) => section(group, factsOf(group).description.replace(/;.*/, "."), group)),
    section("fixed", "What every machine has, and no config changes.", "Not in config"),
    timerSection(),
    leftSection(),
  ].join("\n\n");
}

function section(prefix: string, intro: string, title: string): string {
  const rows = [...tunings]
    .filter(([name]) => name.startsWith(`${prefix}.`))
    .map(([name, tuning]) => row(name, tuning));
  const head = ["key", "what it sets", "ours", "its own default", "why", "costs", "source", "test"];
  return `## ${title}\n\n${intro}\n\n${table(head, rows)}`;
}

function row(name: string, { sets, own, why, costs, traps, source, test }: Tuning): string[] {
  const key = name.startsWith("fixed.") ? "" : code(name);
  const from = [...trapLinks(traps), ...(source ? [source] : [])].join("; ");
  return [key, sets, code(ours(name)), own, why, costs, from, testLink(test)];
}

/** The default as the plan resolves it. */
function ours(name: string): string {
  const [group, member] = name.split(".") as [string, string];
  if (group === "fixed") return fixed[member as keyof typeof fixed].value;
  const set = (defaults[group as keyof Settings] as Record<string, unknown>)[member];
  return text(set ?? resolved(name));
}

/** What an unset member comes to with all defaults. */
function resolved(name: string): unknown {
  const sizes = tunnelSizes(defaults);
  const tracking = conntrack(defaults);
  const values: Record<string, unknown> = {
    "mtu.mtu": sizes.pppMtu,
    "mtu.mru": sizes.pppMru,
    "mtu.mss": sizes.mss,
    "conntrack.helper": "unset",
    "conntrack.greTimeout": "unset",
    "conntrack.greTimeoutStream": "unset",
    "conntrack.max": tracking.max,
    "limits.connectionsPerSource": limits(defaults).connectionsPerSource,
    "nic.queues": enaQueues(defaults.instanceType, 2),
  };
  if (!(name in values)) throw new Error(`${name} has no default and none is worked out`);
  return values[name];
}

function timerSection(): string {
  const chains = timers(defaults).chains.map(chainText).join("\n");
  return `## Timers

Two flows, two chains: what speaks must do so before anything on the path forgets. A config that breaks one is refused,
with the chain; \`npm run plan\` prints them.

    ${chains.replaceAll("\n", "\n    ")}`;
}

function leftSection(): string {
  const rows = left.map(({ name, why, traps }) => [name, [why, ...trapLinks(traps)].join("; ")]);
  return `## What recipes set and we do not\n\n${table(["recipe", "why not"], rows)}\n`;
}

function text(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.join(" ");
  return String(value);
}

function code(word: string): string {
  return `\`${word}\``;
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");
}
