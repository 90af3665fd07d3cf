/** docs/changes.md, from the cases that the tests hold the program to. */

import { FLEET, INSTANCE } from "../../../graph/types.ts";
import type { Case, Touched } from "../cases/case.ts";

/** What the page calls each type; components are not on it. */
const NOUNS: Record<string, string> = {
  Instance: "instance",
  NetworkInterface: "interface",
  Eip: "Elastic IP",
  EipAssociation: "address association",
  SecurityGroupIngressRule: "rule",
  SecurityGroupEgressRule: "rule",
  SecurityGroup: "security group",
  DefaultSecurityGroup: "security group",
  TargetGroupAttachment: "target",
  TargetGroup: "target group",
  LoadBalancer: "balancer",
  Listener: "listener",
  Subnet: "subnet",
  Route: "route",
  RouteTable: "route table",
  RouteTableAssociation: "table association",
  Vpc: "VPC",
  InternetGateway: "internet gateway",
  FlowLog: "flow log",
  LogGroup: "log group",
  Role: "role",
  SecretVersion: "secret's version",
  MetricAlarm: "alarm",
  HealthCheck: "health check",
  Record: "record",
};

/** Of these only how many: their names say nothing to a reader. */
const COUNTED = new Set([
  "address association",
  "rule",
  "security group",
  "subnet",
  "route",
  "route table",
  "table association",
  "role",
  "alarm",
  "health check",
]);

/** The URN of a server's instance. */
export function serverUrn(stack: string, server: string): string {
  const types = [FLEET, "pptp-fleet:server:Server", INSTANCE];
  return `urn:pulumi:${stack}::pptp-fleet::${types.join("$")}::pptp-fleet-${server}`;
}

const COMPONENTS = /^(Server|Gateway|Gateways|Balancer|Firewall|ElasticIps|DialName)( |$)/;

export function changesPage(subjects: { title: string; cases: Case[] }[]): string {
  const tables = subjects.map(({ title, cases }) => `## ${title}\n\n${table(cases)}`);
  return [INTRO, ...tables, REST()].join("\n\n");
}

const INTRO = `# What a change does

You change a key of the stack's config; this is all that \`pulumi up\` then does, and what becomes of the tunnels. What is not
named stays as it is. The examples are fleets of two servers in two zones, unless they say otherwise.

Each row is a test (\`test/engine/\`): the program runs against a stand-in for Pulumi's engine, over the engine's own protocol, and
the row is written from what the test demands (\`npx vitest run --project unit test/engine/changes/page.test.ts -u\`). What forces a new
resource is taken from the source of AWS's provider; **none of it has been seen on AWS**. \`pulumi preview\` shows the same for your
own stack, before anything is done: leave it in.

*Replaced* servers go before their successors come, as both have one address: the tunnels on them end and are dialled again, a
few minutes later. **All servers that a change replaces are replaced at once**, as Pulumi does what does not depend on each
other side by side. *Replaced* gateways and rules, names and accounts come before the old ones go.`;

const REST = () => `## What touches nothing

- An image that Debian publishes later. It is for machines that are made after it, be it that there are more, or that another
  change replaces them: so a tuning may bring a newer image along.
- \`aws:defaultTags\`: tags are added in place, to everything that has tags.

## Numbers that devices hold

Behind \`nlb\` a zone has one number, behind \`eip\` each server. The number of zone \`a\`'s gateway is server \`a-1\`'s when the front door
changes, and the gateway's again when it changes back: it is the same Elastic IP, and moves in one call. Those of a zone's further
servers have no use behind \`nlb\`. In a stack made before this was so, numbers stay as well: Pulumi finds them by aliases.

**A preview warns of each number that does not stay**, by address and name, with the command that keeps it. It asks AWS for the Elastic
IPs with the stack's tags; where it may not (\`ec2:DescribeAddresses\`), it says so. \`pulumi destroy\` does not run the program:
look for \`aws:ec2:Eip\` in its own list.

\`elasticIps\` names numbers that exist already:

    pulumi config set --path 'pptp-fleet:elasticIps.a' eipalloc-0123456789abcdef0

\`a\` is the number of zone \`a\`: its gateway's, or \`a-1\`'s with \`eip\`; so is \`a-1\`, and where both are set each front door
takes its own. Other servers have their names (\`b-2\`). One that this front door has no use for is on no machine, which a preview
warns of too: it costs, and waits.

- **One of your own** is put on the machine, and nothing else is done to it: no tag, no release, not by \`destroy\` either. Named no
  more, it is free again. While it is on a machine that is not this stack's, it is refused, with that machine's ID. To move a number
  from an old server: bring the fleet up with numbers of its own, [probe it](probe.md), take the number off the old server, name it here,
  \`pulumi up\`.
- **One that this stack has made** is named by its own name. It is then released neither with its server, nor with its zone, nor with
  the stack, and after \`destroy\` the same config takes it up again (Pulumi's \`retainOnDelete\` and \`import\`). Named no more, while
  it is on a machine, it is the stack's to release, from the \`up\` after the next. Named no more while it is on none, or in the \`up\`
  that takes its machine away, it is **left over**: allocated, with the stack's tags, in no state. Nothing releases it, and each
  preview tells of it, with the command that keeps it and the one that releases it: the program
  cannot see Pulumi's state, so it says what happens either way.

An \`up\` that ends half-way while numbers move, by \`frontDoor\` or \`elasticIps\`, is finished by another \`up\` of the same config. **Before
you go back instead, \`pulumi refresh\`**: a number that has moved has left its former machine on AWS, where the state still has it, so
without a refresh nothing puts it back there, and the machine has no number.

## Protected fleets

With \`terminationProtection\` the preview refuses whatever would take a server, a gateway or the balancer away, \`destroy\` too, and
names it, before anything is touched. To do it all the same: \`pulumi config set pptp-fleet:terminationProtection false\`, \`pulumi up\`,
then the change, then the protection again. Both in one \`up\` stops half-way: AWS still protects what is to go, and says
\`OperationNotPermitted\`.

## One server at a time

\`pulumi up --target '${serverUrn("<stack>", "a-1")}'\`
replaces one server, by Pulumi's documents; no test of ours runs it. \`pulumi preview\` prints the URNs of the others. Wait until
\`systemctl is-active pptp-fleet-ready\` says \`active\` on it, then take the next. Without \`--target\` at the end, the rest follows.

## When \`up\` is cut off

One Ctrl-C lets Pulumi finish what it has begun. An engine that is killed (a second Ctrl-C, a runner that is gone) leaves its lock,
and what it was just making as a *pending operation*: AWS may have it, and the state does not know it. What runs goes on running.
But the next \`up\` only warns of it, and **makes a second one** (seen with Pulumi's engine 3.260). So before the next \`up\`:

1. Make sure that nobody's update runs any more. Then \`pulumi cancel --stack <stack>\` takes the lock away.
2. What was under way: \`pulumi stack export --stack <stack> | jq '.deployment.pending_operations[]? | [.type, .resource.urn]'\`.
3. Of each that was \`creating\`, whether AWS has it. What has tags is listed by
   \`aws resourcegroupstaggingapi get-resources --tag-filters Key=project,Values=pptp-fleet Key=stack,Values=<stack>\`, and its
   \`Name\` says which it is; \`pulumi stack --show-ids --stack <stack>\` has those that the state knows.
4. AWS has it: \`pulumi refresh --stack <stack> --import-pending-creates '<urn>' --import-pending-creates '<ID>'\` takes it into the
   state, one pair for each. AWS does not have it: \`pulumi refresh --stack <stack> --clear-pending-creates\` forgets it. Without either
   flag it asks. What was \`updating\` or \`deleting\` any refresh settles. It shows first what it will write into the state.
5. \`pulumi preview\`, then \`pulumi up\`, which does the rest.

If \`up\` has run already:

- AWS refuses a second ${list(ONCE)}: \`up\` has ended with its code, so go to 2.
- A second ${list(TWICE)}
  stands beside the first, costs what it costs, and belongs to nobody: delete the one that the state does not know.
`;

/** What AWS has no two of, by their addresses, names or ends: an update that makes a second is refused (cut-off.test.ts). */
export const ONCE = {
  Instance: "server's instance",
  NetworkInterface: "interface",
  Subnet: "subnet",
  SecurityGroupIngressRule: "rule",
  Route: "route",
  LoadBalancer: "balancer",
  Listener: "listener",
  Secret: "secret",
  LogGroup: "log group",
  Record: "record",
};

/** What AWS makes once more. */
export const TWICE = {
  Eip: "Elastic IP",
  Instance: "gateway's instance",
  Vpc: "VPC",
  InternetGateway: "internet gateway",
  RouteTable: "route table",
  SecurityGroup: "security group",
  TargetGroup: "target group",
  Role: "role",
  HealthCheck: "health check",
  MetricAlarm: "alarm",
};

function list(names: Record<string, string>): string {
  const words = Object.values(names);
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

/** Rows in the words of the page. */
export function table(cases: Pick<Case, "change" | "only" | "nlb" | "eip">[]): string {
  const rows = cases.map(({ change, only, nlb, eip }) => [
    change,
    only === "eip" ? "–" : cell(nlb),
    only === "nlb" ? "–" : cell(eip),
  ]);
  const head = ["change", "behind `nlb`", "behind `eip`"];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function cell(touched: Touched): string {
  const { created = [], updated = [], restarted = [], replaced = [], deleted = [] } = touched;
  const parts = [
    said("makes", created),
    said("changes in place", updated),
    said("stops and starts", restarted),
    said("replaces", replaced),
    said("deletes", deleted),
  ].filter((part) => part !== "");
  return parts.length === 0 ? "nothing" : `${parts.join("; ")}. ${tunnels(touched)}`;
}

function said(verb: string, labels: string[]): string {
  const shown = labels.filter((label) => !COMPONENTS.test(label));
  const groups = Map.groupBy(shown, (label) => NOUNS[label.split(" ")[0]!]!);
  const words = [...groups].map(([noun, members]) => {
    if (COUNTED.has(noun)) return members.length === 1 ? `1 ${noun}` : `${members.length} ${noun}s`;
    const names = members.map((label) => label.split(" ").slice(1).join(" ")).filter((name) => name !== "");
    return [noun, names.join(", ")].filter((word) => word !== "").join(" ");
  });
  return words.length === 0 ? "" : `${verb} ${words.join(", ")}`;
}

/** What becomes of the tunnels, by what is touched; the worst that applies. */
function tunnels({ created = [], restarted = [], replaced = [], deleted = [] }: Touched): string {
  const of = (list: string[], type: string) =>
    list.filter((label) => label.startsWith(`${type} `)).map((label) => label.slice(type.length + 1));
  const isGateway = (name: string) => name.startsWith("gateway-");
  const gone = of(deleted, "Eip");
  // Another address on the machine that stays.
  const machines = [...of(replaced, "Instance"), ...of(replaced, "NetworkInterface")];
  const readdressed = of(replaced, "EipAssociation").filter((name) => !machines.includes(name));
  const ended = [replaced, deleted, restarted].flatMap((list) => of(list, "Instance"));
  const servers = [...ended, ...readdressed].filter((name) => !isGateway(name));
  const zones = readdressed.filter(isGateway).map((name) => name.at(-1)!);
  const gateways = [replaced, restarted].flatMap((list) => of(list, "Instance").filter(isGateway));
  const effects = [
    ...([created, replaced, deleted].some((list) => list.includes("LoadBalancer"))
      ? ["**All tunnels end**"]
      : [
          ...(servers.length > 0 ? [`**Tunnels on ${servers.join(", ")} end**`] : []),
          ...(zones.length > 0 ? [`**Tunnels of zone ${zones.join(", ")} end**`] : []),
        ]),
    ...(gone.length > 0
      ? ["whoever dials an address that is deleted has to be given another"]
      : readdressed.length > 0
        ? ["whoever dials the address of before has to be given the other"]
        : []),
    ...(gateways.length > 0 ? ["tunnels stand still while a gateway boots"] : []),
  ];
  return effects.length === 0 ? "Tunnels live on." : `${sentence(effects.join("; "))}.`;
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
