/** Reads a stack's balancer: the first of its load balancers, by tags. */
import {
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  type TargetGroup as ElbTargetGroup,
  type LoadBalancer,
  paginateDescribeLoadBalancers,
  type TargetHealthDescription,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ClientConfig, Owner } from "./fetched.ts";
import type { Balancer, Target, TargetGroup } from "./inventory.ts";

/** How many resources one DescribeTags takes. */
const TAGS_AT_ONCE = 20;

export async function fetchBalancer(config: ClientConfig, owner: Owner): Promise<Balancer | undefined> {
  const elb = new ElasticLoadBalancingV2Client(config);
  try {
    const found = await ownBalancer(elb, owner);
    return found ? await balancerOf(elb, found) : undefined;
  } finally {
    elb.destroy();
  }
}

/** ELB finds nothing by tags: all are listed, and asked for theirs. */
async function ownBalancer(
  elb: ElasticLoadBalancingV2Client,
  owner: Owner,
): Promise<LoadBalancer | undefined> {
  const all: LoadBalancer[] = [];
  for await (const { LoadBalancers = [] } of paginateDescribeLoadBalancers({ client: elb }, {}))
    all.push(...LoadBalancers);
  for (let at = 0; at < all.length; at += TAGS_AT_ONCE) {
    const some = all.slice(at, at + TAGS_AT_ONCE);
    const ResourceArns = some.flatMap(({ LoadBalancerArn }) => LoadBalancerArn ?? []);
    const { TagDescriptions = [] } = await elb.send(new DescribeTagsCommand({ ResourceArns }));
    const own = TagDescriptions.find(({ Tags = [] }) =>
      Object.entries(owner).every(([key, value]) =>
        Tags.some((tag) => tag.Key === key && tag.Value === value),
      ),
    );
    if (own) return some.find(({ LoadBalancerArn }) => LoadBalancerArn === own.ResourceArn);
  }
  return undefined;
}

async function balancerOf(elb: ElasticLoadBalancingV2Client, found: LoadBalancer): Promise<Balancer> {
  const about = { LoadBalancerArn: found.LoadBalancerArn };
  const [{ Attributes = [] }, { Listeners = [] }, { TargetGroups = [] }] = await Promise.all([
    elb.send(new DescribeLoadBalancerAttributesCommand(about)),
    elb.send(new DescribeListenersCommand(about)),
    elb.send(new DescribeTargetGroupsCommand(about)),
  ]);
  const nameOf = (arn: string | undefined) =>
    TargetGroups.find(({ TargetGroupArn }) => TargetGroupArn === arn)?.TargetGroupName;
  return {
    name: found.LoadBalancerName ?? "",
    scheme: found.Scheme ?? "",
    state: found.State?.Code ?? "",
    groupIds: found.SecurityGroups ?? [],
    subnetIds: (found.AvailabilityZones ?? []).flatMap(({ SubnetId }) => SubnetId ?? []),
    crossZone: byKey(Attributes)["load_balancing.cross_zone.enabled"] === "true",
    listeners: Listeners.map(({ Protocol = "", Port = 0, DefaultActions = [] }) => {
      const name = nameOf(DefaultActions.find(({ Type }) => Type === "forward")?.TargetGroupArn);
      return { protocol: Protocol, port: Port, ...(name === undefined ? {} : { targetGroup: name }) };
    }),
    targetGroups: await Promise.all(TargetGroups.map((group) => targetGroupOf(elb, group))),
  };
}

async function targetGroupOf(elb: ElasticLoadBalancingV2Client, group: ElbTargetGroup): Promise<TargetGroup> {
  const about = { TargetGroupArn: group.TargetGroupArn };
  const [{ Attributes = [] }, { TargetHealthDescriptions = [] }] = await Promise.all([
    elb.send(new DescribeTargetGroupAttributesCommand(about)),
    elb.send(new DescribeTargetHealthCommand(about)),
  ]);
  return {
    name: group.TargetGroupName ?? "",
    attributes: byKey(Attributes),
    check: { protocol: group.HealthCheckProtocol ?? "", port: group.HealthCheckPort ?? "" },
    targets: TargetHealthDescriptions.map(targetOf),
  };
}

function targetOf({ Target, TargetHealth }: TargetHealthDescription): Target {
  const { State = "", Reason, Description } = TargetHealth ?? {};
  return {
    address: Target?.Id ?? "",
    port: Target?.Port ?? 0,
    state: State,
    reason: [Reason, Description].filter(Boolean).join(": "),
  };
}

function byKey(
  attributes: { Key?: string | undefined; Value?: string | undefined }[],
): Record<string, string> {
  return Object.fromEntries(attributes.map(({ Key = "", Value = "" }) => [Key, Value]));
}
