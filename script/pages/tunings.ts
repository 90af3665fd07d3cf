/** docs/tunings.md, from the same source as the settings, their messages and the comments on the machines. */

import { fixed } from "../../plan/tunings/fixed.ts";
import type { FixedTuning } from "../../plan/tunings/fixed-tuning.ts";
import { notSet } from "../../plan/tunings/not-set.ts";
import { tunings } from "../../plan/tunings/tunings.ts";
import { conntrack } from "../../plan/tunnel/conntrack.ts";
import { limits } from "../../plan/tunnel/limits.ts";
import { tunnelSizes } from "../../plan/tunnel/mtu.ts";
import { enaQueues } from "../../plan/tunnel/queues.ts";
import { chainText, timers } from "../../plan/tunnel/timers.ts";
import type { Tuning } from "../../settings/groups/tuning.ts";
import { facts, setPath, type Unit } from "../../settings/keys/facts.ts";
import { factsOf, groups, membersOf, type Settings, settingsSchema } from "../../settings/schema.ts";
import { anchorOf } from "./anchors.ts";
import { testLink, trapLinks } from "./links.ts";
import { code, markdownTable, withUnit } from "./marked.ts";

const defaults = settingsSchema.parse({ allowedCidrs: ["198.51.100.0/24"] });

export function tuningsPage(): string {
  return [
    `# Tunings

Written by \`npm run docs\` from settings/groups/, plan/tunings/ and the plan; CI fails when it is stale. The reason that
stands here is also the comment above the setting on the machine.

Set a member with \`${setPath("keepalive.lcpEchoInterval", "15")}\`; the others of its group keep
their defaults. \`npm run plan -- --stack dev --config keepalive.lcpEchoInterval=15\` shows what comes of it. Most stacks
set none. A change of one reaches machines while they run, and ends no tunnel: [changes.md](changes.md#what-lies-on-the-machines) says
how each arrives.

"No gain claimed" means what it says: the value is what operators expect, and we have not seen it matter to a tunnel.
[bench.md](bench.md) has what was measured.`,
    contents(),
    ...groups.map((group) => section(group, group, factsOf(group).description.replace(/;.*/, "."))),
    section(
      "fixed",
      NOT_IN_CONFIG,
      "What has no key of its own: on servers, and where it says so on gateways, at the balancer, and in what Route 53 answers.",
    ),
    timerSection(),
    notSetSection(),
  ].join("\n\n");
}

const NOT_IN_CONFIG = "Not in config";
const TIMERS = "Timers";
const NOT_SET = "What recipes set and we do not";

function contents(): string {
  const links = [...groups, NOT_IN_CONFIG, TIMERS, NOT_SET].map((title) => `[${title}](#${anchorOf(title)})`);
  return `${links.join(" · ")}`;
}

/** A group: an index of its tunings, then each under a heading of its own. */
function section(prefix: string, title: string, intro: string): string {
  const own = [...tunings].filter(([name]) => name.startsWith(`${prefix}.`));
  const index = own.map(([name, tuning]) => {
    const link = `[${headingOf(name, tuning)}](#${anchorOf(headingOf(name, tuning))})`;
    return name.startsWith("fixed.") ? [link, ours(name)] : [link, ours(name), tuning.sets];
  });
  const head = prefix === "fixed" ? ["what", "value"] : ["key", "default", "what it sets"];
  return [
    `## ${title}\n\n${intro}\n\n${markdownTable(head, index)}`,
    ...own.map(([name, tuning]) => entry(name, tuning)),
  ].join("\n\n");
}

function headingOf(name: string, { sets }: Tuning): string {
  return name.startsWith("fixed.") ? sets.replaceAll("*", "\\*") : code(name);
}

function entry(name: string, tuning: Tuning): string {
  const { sets, own, why, costs, traps, source, test } = tuning;
  const from = [...trapLinks(traps), ...(source ? [source] : [])].join("; ");
  const inConfig = !name.startsWith("fixed.");
  return [
    `### ${headingOf(name, tuning)}`,
    ...(inConfig ? [decides(name)] : []),
    why,
    [
      `- **${inConfig ? "default" : "value"}** ${ours(name)}; without us: ${own}`,
      ...(inConfig ? [`- **sets** ${sets}`] : []),
      `- **costs** ${costs}`,
      `- **from** ${from}`,
      `- **fails without it** ${testLink(test)}`,
    ].join("\n"),
  ].join("\n\n");
}

/** What a member decides, with its unit, and what it may be. */
function decides(name: string): string {
  const [group, member] = name.split(".") as [keyof Settings, string];
  const { description, allowed } = facts.get(membersOf(group)[member]!)!;
  return `${description} Allowed: ${allowed}.`;
}

/** The default as the plan resolves it, with its unit. */
function ours(name: string): string {
  const [group, member] = name.split(".") as [string, string];
  if (group === "fixed") {
    const { value, unit }: FixedTuning = fixed[member as keyof typeof fixed];
    return withUnit(code(String(value)), unit);
  }
  const { unit } = facts.get(membersOf(group as keyof Settings)[member]!)!;
  const set = (defaults[group as keyof Settings] as Record<string, unknown>)[member];
  return shown(set ?? resolved(name), unit);
}

/** Of a member that no default stands for. */
const NO_DEFAULT = Symbol("unset");

/** What an unset member comes to with all defaults. */
function resolved(name: string): unknown {
  const sizes = tunnelSizes(defaults);
  const tracking = conntrack(defaults);
  const values: Record<string, unknown> = {
    "mtu.mtu": sizes.pppMtu,
    "mtu.mru": sizes.pppMru,
    "mtu.mss": sizes.mss,
    "conntrack.helper": NO_DEFAULT,
    "conntrack.greTimeout": NO_DEFAULT,
    "conntrack.greTimeoutStream": NO_DEFAULT,
    "conntrack.max": tracking.max,
    "limits.connectionsPerSource": limits(defaults).connectionsPerSource,
    "nic.queues": enaQueues(defaults.instanceType, 2),
  };
  if (!(name in values)) throw new Error(`${name} has no default and none is worked out`);
  return values[name];
}

function timerSection(): string {
  const { chains } = timers(defaults);
  const texts = chains.map(chainText).join("\n");
  const sources = chains.flatMap(({ flow, speaks, forgets }) =>
    [speaks, ...forgets].map(({ name, seconds, source, key }) => {
      const set = key === undefined ? "" : `; ${code(key)}`;
      return `- **${flow}, ${name}**, ${seconds} s: ${source}${set}`;
    }),
  );
  return `## ${TIMERS}

Two flows, two chains: what speaks must do so before anything on the path forgets. A config that breaks one is refused,
with the chain; \`npm run plan\` prints them.

    ${texts.replaceAll("\n", "\n    ")}

${sources.join("\n")}`;
}

function notSetSection(): string {
  const items = notSet.map(
    ({ name, why, traps }) => `- **${name}**: ${[why, ...trapLinks(traps)].join("; ")}`,
  );
  return `## ${NOT_SET}\n\n${items.join("\n")}\n`;
}

/** A value in code with its unit; in brackets where another value would have it. What nobody could set is no code. */
function shown(value: unknown, unit?: Unit): string {
  if (Array.isArray(value)) return value.length === 0 ? "empty" : withUnit(code(value.join(" ")), unit);
  const text = value === NO_DEFAULT ? "unset" : code(String(value));
  return typeof value === "number" ? withUnit(text, unit) : withUnit(text, unit && `(a number: ${unit})`);
}
