/** The keys of a stack's config: README.md's short tables, and docs/settings.md with all that is to be said of each. */
import { type Declaration, pulumiConfigBlock } from "../../settings/declarations.ts";
import { NAMESPACE, setPath } from "../../settings/keys/facts.ts";
import { factsOf, groups, type Key, membersOf } from "../../settings/schema.ts";
import { anchorOf } from "./anchors.ts";
import { code, markdownTable, withMarked, withUnit } from "./marked.ts";

const GROUPS = "Groups of tunings";

/** Where a key is found; the last eight keys are groups. */
const SECTIONS: [title: string, keys: Key[]][] = [
  ["Required", ["allowedCidrs", "users"]],
  [
    "Common",
    [
      "servers",
      "zones",
      "instanceType",
      "gatewayInstanceType",
      "frontDoor",
      "sessionsPerServer",
      "pathMtu",
      "dns",
      "adminCidrs",
      "sshPublicKeys",
      "amiId",
      "packageVersions",
      "terminationProtection",
    ],
  ],
  [
    "Network",
    [
      "clientPool",
      "vpcCidr",
      "elasticIps",
      "vpcId",
      "subnetCidrs",
      "subnetIds",
      "gatewaySubnetIds",
      "balancerSubnetIds",
      "defaultRouteTableIds",
    ],
  ],
  ["Names and logs", ["dialName", "hostedZoneId", "flowLogRetentionDays", "permissionsBoundary"]],
  [GROUPS, groups],
];

/** README.md with its tables of keys: what each decides, in short. */
export function withKeyTables(readme: string): string {
  const tables = SECTIONS.map(([title, own]) => `### ${title}\n\n${keyTable(own)}`);
  return withMarked(readme, "keys", tables.join("\n\n"));
}

function keyTable(own: Key[]): string {
  const rows = own.map((key) => [
    `[${code(key)}](docs/settings.md#${anchorOf(key)})`,
    defaultOf(key),
    inShort(factsOf(key).description),
  ]);
  return markdownTable(["key", "default", "what it decides"], rows);
}

/** The first clause: what follows a semicolon or a full stop is for docs/settings.md. */
function inShort(description: string): string {
  return `${description.split(/; |\. /)[0]!.replace(/\.$/, "")}.`;
}

function defaultOf(key: Key): string {
  const value: Declaration["default"] = pulumiConfigBlock()[key].default;
  const unset = value === "" || (typeof value === "object" && Object.keys(value!).length === 0);
  return unset ? "" : withUnit(code(String(value)), factsOf(key).unit);
}

export function settingsPage(): string {
  return [
    `# Settings

Written by \`npm run docs\` from settings/schema.ts; CI fails when it is stale. [README.md](../README.md#configuration) has
the same keys at a glance.

Set a key with \`pulumi config set ${NAMESPACE}:<key> <value>\`, an element of a list with
\`${setPath("<key>[0]", "<value>")}\`, or write it into \`Pulumi.<stack>.yaml\`. An empty text or
list is the same as no value. The region is the provider's own key, \`aws:region\`. \`npm run plan -- --stack <stack>
--config <key>=<value>\` shows what follows from a value, without AWS.`,
    `${SECTIONS.map(([title]) => `[${title}](#${anchorOf(title)})`).join(" · ")}`,
    ...SECTIONS.map(([title, own]) => [`## ${title}`, ...own.map((key) => entry(key))].join("\n\n")),
  ]
    .join("\n\n")
    .concat("\n");
}

function entry(key: Key): string {
  const { description, allowed, fix, secret } = factsOf(key);
  const isGroup = groups.includes(key);
  const value = defaultOf(key);
  return [
    `### ${code(key)}`,
    description.replaceAll(/docs\/([a-z]+)\.md/g, (_, page: string) => `[${page}.md](${page}.md)`),
    [
      ...(isGroup
        ? [`- **members** ${membersText(key)}`]
        : [`- **default** ${value === "" ? "unset" : value}`]),
      ...(isGroup ? [] : [`- **allowed** ${allowed}`]),
      `- **set it** ${exampleOf(fix)}`,
      ...(secret ? ["- **secret**: encrypted in the stack's file, and never shown"] : []),
    ].join("\n"),
  ].join("\n\n");
}

function membersText(key: Key): string {
  const names = Object.keys(membersOf(key));
  return names.map((name) => `[${code(name)}](tunings.md#${anchorOf(`${key}.${name}`)})`).join(", ");
}

/** The command of the message about a wrong value; what a person does before it stays text. */
function exampleOf(fix: string): string {
  const [command] = /pulumi config set .*$/.exec(fix)!;
  return `${fix.slice(0, fix.length - command.length)}${code(command)}`;
}
