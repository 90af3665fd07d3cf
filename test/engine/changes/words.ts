/** What an update touched, in the words of docs/changes.md. */
import { ARRIVALS } from "../../../render/bundle-change.ts";
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
  VpcEndpoint: "endpoint",
  Bucket: "bucket",
  BucketObjectv2: "object",
  LogGroup: "log group",
  Role: "role",
  RolePolicy: "role's policy",
  InstanceProfile: "instance profile",
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
  "role's policy",
  "instance profile",
  "alarm",
  "health check",
]);

const COMPONENTS =
  /^(Server|Gateway|Gateways|Balancer|Firewall|ElasticIps|DialName|MachineRole|StackBucket)( |$)/;

/** What a bucket is like, each a resource of its own. */
const OF_BUCKET = /^Bucket(?!Objectv2)[A-Z]/;

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
  const { created = [], updated = [], restarted = [], replaced = [], deleted = [], machines = {} } = touched;
  const parts = [
    said("makes", created),
    said("updates", updated),
    said("stops and starts", restarted),
    said("replaces", replaced),
    said("deletes", deleted),
    ...ARRIVALS.flatMap((arrival) =>
      machines[arrival] === undefined ? [] : [`changes ${machines[arrival].join(", ")} ${arrival}`],
    ),
  ].filter((part) => part !== "");
  return parts.length === 0 ? "nothing" : `${parts.join("; ")}. ${tunnels(touched)}`;
}

function said(verb: string, labels: string[]): string {
  const shown = labels.filter(
    (label) => !COMPONENTS.test(label) && !OF_BUCKET.test(label) && !goesWithMachine(label, labels),
  );
  const groups = Map.groupBy(shown, (label) => NOUNS[label.split(" ")[0]!]!);
  const words = [...groups].map(([noun, members]) => {
    if (COUNTED.has(noun))
      return `${members.length} ${members.length === 1 ? noun : noun.replace(/y?$/, (end) => (end ? "ies" : "s"))}`;
    const names = members.map((label) => label.split(" ").slice(1).join(" ")).filter((name) => name !== "");
    return [noun, names.join(", ")].filter((word) => word !== "").join(" ");
  });
  return words.length === 0 ? "" : `${verb} ${words.join(", ")}`;
}

const END = / end\*\*/;

/** A role, which comes and goes with its machine. */
function goesWithMachine(label: string, labels: string[]): boolean {
  const machine = /^(?:Role|RolePolicy|InstanceProfile) (.+)$/.exec(label)?.[1];
  return machine !== undefined && labels.includes(`Instance ${machine}`);
}

/** Whether tunnels end, by the words of the page. */
export function endsTunnels(touched: Touched): boolean {
  return END.test(tunnels(touched));
}

/** Whether tunnels stay that lead nowhere, by the words of the page. */
export function cutsClientsOff(touched: Touched): boolean {
  return tunnels(touched).includes("nothing comes back");
}

/** What becomes of the tunnels, by what is touched; the worst that applies. */
function tunnels({
  created = [],
  restarted = [],
  replaced = [],
  deleted = [],
  machines = {},
}: Touched): string {
  const of = (list: string[], type: string) =>
    list.filter((label) => label.startsWith(`${type} `)).map((label) => label.slice(type.length + 1));
  const isGateway = (name: string) => name.startsWith("gateway-");
  const gone = of(deleted, "Eip");
  // Another address on the machine that stays.
  const anew = [...of(replaced, "Instance"), ...of(replaced, "NetworkInterface")];
  const readdressed = of(replaced, "EipAssociation").filter((name) => !anew.includes(name));
  const ended = [replaced, deleted, restarted].flatMap((list) => of(list, "Instance"));
  const servers = [...ended, ...readdressed].filter((name) => !isGateway(name));
  const zones = readdressed.filter(isGateway).map((name) => name.at(-1)!);
  const gateways = [replaced, restarted].flatMap((list) => of(list, "Instance").filter(isGateway));
  // Routes to clients change with the update, and a server that waits has the addresses of before.
  const cut = (machines["once no session is left"] ?? []).filter((server) =>
    of(replaced, "Route").some((name) => name.startsWith(`${server}-`)),
  );
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
    ...(cut.length > 0
      ? [`tunnels live on, and **nothing comes back to clients on ${cut.join(", ")} until then**`]
      : []),
    ...(gateways.length > 0 ? ["tunnels stand still while a gateway boots"] : []),
  ];
  return effects.length === 0 ? "Tunnels live on." : `${sentence(effects.join("; "))}.`;
}

export function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
