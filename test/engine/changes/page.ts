/** docs/changes.md, from the cases that the tests hold the program to. */

import { BUCKET_OBJECT, FLEET, INSTANCE } from "../../../graph/types.ts";
import { ARRIVALS } from "../../../render/bundle-change.ts";
import type { Case } from "../cases/case.ts";
import { ENDS } from "../cases/ends.ts";
import { cutsClientsOff, sentence, table } from "./words.ts";

/** The URN of a server's instance. */
export function serverUrn(stack: string, server: string): string {
  return urn(stack, ["pptp-fleet:server:Server", INSTANCE], server);
}

/** URNs of a machine's bundle, and of the pointer to it. */
export function bundleUrns(stack: string, machine: string): [bundle: string, desired: string] {
  const types = ["pptp-fleet:machines:StackBucket", BUCKET_OBJECT];
  return [urn(stack, types, `${machine}-bundle`), urn(stack, types, `${machine}-desired`)];
}

function urn(stack: string, types: string[], name: string): string {
  return `urn:pulumi:${stack}::pptp-fleet::${[FLEET, ...types].join("$")}::pptp-fleet-${name}`;
}

export interface Subject {
  title: string;
  cases: Case[];
  /** Paragraphs below the table. */
  notes?: string[];
}

export function changesPage(subjects: Subject[]): string {
  const tables = subjects.map(({ title, notes = [], cases }) =>
    [`## ${title}`, table(cases), ...notes].join("\n\n"),
  );
  return [INTRO, ...tables, ended(subjects.flatMap(({ cases }) => cases)), REST()].join("\n\n");
}

/** What "in place" does not say of some tunings. */
export const TUNING_NOTES = `A sysctl is for what is opened after it: \`kernel.somaxconn\` reaches pptpd's own socket when pptpd starts again, buffers and congestion
control the next connection, \`kernel.defaultQdisc\` the next interface. \`keep\`, in \`nic\`, leaves a card as it is: what was set before
stays until the next boot. Sessions that stand keep their LCP echoes where a timer that forgets them is the new one at once: shorten
\`conntrack\`'s after the echoes have become faster, not with them.`;

/** What a client has begun before its way out is another. */
export const EGRESS_NOTES = `With \`egress.mode\` \`nat\` to \`routed\`, what a client has begun goes on under the server's address until it ends, and what it begins
from then on has its own. Under \`nat\`, and so here too, what was begun outlives its place in \`egress.cidrs\`.`;

const INTRO = `# What a change does

You change a key of the stack's config; this is all that \`pulumi up\` then does, and what becomes of the tunnels. What is not
named stays as it is; a machine that comes or goes has its own role and its own two objects in the stack's bucket, which come and
go with it. The examples are fleets of two servers in two zones, unless they say otherwise.

Each row is a test (\`test/engine/\`): the program runs against a stand-in for Pulumi's engine, over the engine's own protocol, and
the row is written from what the test demands (\`npx vitest run --project unit test/engine/changes/page.test.ts -u\`). What forces a new
resource is taken from the source of AWS's provider; **none of it has been seen on AWS**. \`pulumi preview\` shows the same for your
own stack, before anything is done: leave it in.

Each row that changes machines in place, from the next session or at the next boot, and does not say that nothing comes back to
clients, is made on machines that run as well (\`test/lab/change/bundles.test.ts\`), behind \`nlb\`, while a transfer goes through a
tunnel: the session stays, and no byte and no ping is lost.

*Replaced* servers go before their successors come, as both have one address: the tunnels on them end and are dialled again, a
few minutes later. **All servers that a change replaces are replaced at once**, as Pulumi does what does not depend on each
other side by side. *Replaced* gateways and rules, names and accounts come before the old ones go.

## How a change reaches a machine

What a machine is to be, its files, packages and units, is its *bundle*: one object in the stack's bucket, and a pointer that says
which one counts. A changed bundle is a new object, then the pointer changes, then the former object goes: \`preview\` lists a
*replaced* \`…-bundle\` and an *updated* \`…-desired\` for each machine that a row says "changes". Instances are not touched.

Machines ask for their pointers once a minute. So **\`pulumi up\` ends before any machine has changed, and all machines of the
fleet change within the next minute or so, each by itself**: there is no first one that the others wait for
([one at a time](#one-machine-at-a-time)). What each does:

1. **Before**: every changed file is read by whoever reads it later (\`nft --check\`, \`pppd dryrun\`, \`sshd -t\`,
   \`systemd-analyze verify\`, the kernel's own list of sysctls). What one of them refuses changes nothing: the report says *refused*.
2. **Then** files take their places, each whole, and for each the least is done that makes it hold:

   | in this page's words | what happens | sessions that stand |
   | --- | --- | --- |
   | in place | a reload, a sysctl, new rules beside the old, a restart of what carries no tunnel | go on, with what is new |
   | from the next session | nothing | keep what they had when they were dialled |
   | once no session is left | the **whole** change waits, but for SSH keys, until the server has no session by itself | go on, for as long as they like |
   | at the next boot | the rest arrives at once; nothing reboots by itself | go on |

3. **After**: a server is watched for 30 s, a gateway for 10 s. Where a unit fails, a tunnel that the server dials to itself does not
   come as far as CHAP, or sessions ended as the change was made (more than one, and more than a tenth) or while it was watched (more
   than three, and more than half), the machine goes back to the last bundle that was good, and the report says *rolled back*, and why.

The report is \`/var/lib/pptp-fleet/status.json\` on the machine and \`machines/<name>/status\` in the bucket: what came of which
version, what changed, what waits and for what, how many sessions there are. \`systemctl start pptp-fleet-apply\` on a machine does
not wait for the minute. \`npm run plan -- --stack <stack> --config key=value\` says in the same words, without AWS, which files of which
machine a change is about.`;

const REST = () => `## What touches nothing

- An image that Debian publishes later. It is for machines that are made after it, be it that there are more, or that another
  change replaces them. A change of files brings none along.
- A package that Debian publishes later. Nothing on a machine upgrades by itself.
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

## One machine at a time

By Pulumi's documents; no test of ours runs it. A change of files on \`a-1\` alone is its bundle and its pointer:

    pulumi up --target '${bundleUrns("<stack>", "a-1")[0]}' \\
      --target '${bundleUrns("<stack>", "a-1")[1]}'

Look at its report, then the next, or all that is left by \`pulumi up\` without \`--target\`. What has to be replaced, as for another
image, goes by its instance:

    pulumi up --target '${serverUrn("<stack>", "a-1")}'

Wait until \`systemctl is-active pptp-fleet-ready\` says \`active\` on it. \`pulumi preview\` prints the URNs of the others.

What waits for sessions to leave comes by the same command with \`--target-replace\`: the instance is replaced, and its sessions end. Or
on the server itself, which behind \`nlb\` first gets no new dials where its zone has another server:

    sudo install -D /dev/null /run/pptp-fleet/drain; sleep 15
    sudo pkill -x pppd; sudo systemctl start pptp-fleet-apply
    sudo rm /run/pptp-fleet/drain

## When \`up\` is cut off

One Ctrl-C lets Pulumi finish what it has begun. An engine that is killed (a second Ctrl-C, a runner that is gone) leaves its lock,
and what it was just making as a *pending operation*: AWS may have it, and the state does not know it. What runs goes on running.
But the next \`up\` only warns of it, and **makes a second one** (seen with Pulumi's engine 3.260). Machines are not caught half-way: a
pointer changes once the bundle that it names is there, so each machine has the former or the new one, and the next \`up\` writes an
object of the bucket once more in its own place. So before the next \`up\`:

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
  Bucket: "bucket",
  VpcEndpoint: "endpoint",
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

/** The changes that end tunnels behind `nlb`, by kind, and how many there are of all others. */
function ended(all: Case[]): string {
  const cases = all.filter(({ only }) => only !== "eip");
  const kinds = Map.groupBy(
    cases.filter(({ ends }) => ends !== undefined),
    ({ ends }) => ends!,
  );
  const ending = [...kinds.values()].flat();
  const items = [...kinds].map(
    ([kind, rows]) =>
      `- **${sentence(kind)}**: ${ENDS[kind]}. ${rows.map(({ change }) => change).join("; ")}.`,
  );
  const others = cases.filter((each) => !ending.includes(each));
  const arriving = Map.groupBy(others, ({ nlb: { machines = {} } }) =>
    ARRIVALS.findLast((arrival) => arrival in machines),
  );
  const counted = ARRIVALS.flatMap((arrival) => {
    const count = arriving.get(arrival)?.length ?? 0;
    return count === 0 ? [] : [`${count} reach machines ${arrival}`];
  });
  const cutOff = others.filter(({ nlb }) => cutsClientsOff(nlb));
  const waits = arriving.get("once no session is left") ?? [];
  return `## What ends tunnels

Of the ${cases.length} changes behind \`nlb\` on this page ${ending.length} end tunnels. They are of ${kinds.size} kinds, and no bundle can bring one of them:

${items.join("\n")}

Of the other ${others.length}, ${counted.join(", ")}; ${arriving.get(undefined)?.length ?? 0} change no machine's files.
${waits.map(({ change }) => change).join("; ")}: these end nothing either, and yet hold only once all tunnels of a server have ended: two daemons
would deal one address or one call ID twice, and a package may restart what carries them.

**${cutOff.map(({ change }) => change).join("; ")}** ends no tunnel, and leaves it of no use: routes and rules lead to the new addresses at once, and
the servers deal the old ones until their last session has left. The same goes for \`sessionsPerServer\` where that makes a server's share
of the pool another, which \`npm run plan\` shows. [One machine at a time](#one-machine-at-a-time) says how to
have it over with.`;
}
