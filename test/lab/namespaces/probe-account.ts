/** A fleet's resources in moto, made with AWS's own SDK, for what reads them: npm run probe -- … --aws. */
import * as ec2 from "@aws-sdk/client-ec2";
import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import * as s3 from "@aws-sdk/client-s3";
import { tags } from "../../../components/tags.ts";
import { bucketName, desiredKey, statusKey } from "../../../plan/bucket.ts";
import { HEALTH_PORT } from "../../../plan/front-door/health.ts";

export interface AwsAccount {
  ec2: ec2.EC2Client;
  elb: elb.ElasticLoadBalancingV2Client;
  s3: s3.S3Client;
  /** IDs by what they are of, such as `gateway.instance`; ARNs of the balancer's parts. */
  ids: Record<string, string>;
  /** The Elastic IP. */
  dialled: string;
  /** The stack's bucket. */
  bucket: string;
}

const REGION = "eu-west-1";
const CLIENTS = "203.0.113.0/24";
const ZONE = "eu-west-1a";
const VPC = "10.42.0.0/16";
const SUBNETS = { servers: "10.42.0.0/20", balancer: "10.42.16.0/28", gateway: "10.42.16.16/28" };
const SERVER = "10.42.0.4";
const OWNER = { project: "pptp-fleet", stack: "prod" };

const tagged = (type: ec2.ResourceType, name: string, more: Record<string, string> = {}) => ({
  TagSpecifications: [
    {
      ResourceType: type,
      Tags: Object.entries({ ...tags(OWNER, name), ...more }).map(([Key, Value]) => ({ Key, Value })),
    },
  ],
});

/** One zone: a gateway, a server, the balancer. */
export async function fleetInMoto(endpoint: string): Promise<AwsAccount> {
  const config = { endpoint, region: REGION, credentials: { accessKeyId: "x", secretAccessKey: "x" } };
  const account: AwsAccount = {
    ec2: new ec2.EC2Client(config),
    elb: new elb.ElasticLoadBalancingV2Client(config),
    s3: new s3.S3Client({ ...config, forcePathStyle: true }),
    ids: {},
    dialled: "",
    bucket: "",
  };
  await network(account);
  await groups(account);
  await machines(account);
  await routes(account);
  await balancer(account);
  await reports(account);
  return account;
}

async function network({ ec2: client, ids }: AwsAccount): Promise<void> {
  const { Vpc } = await client.send(new ec2.CreateVpcCommand({ CidrBlock: VPC, ...tagged("vpc", "vpc") }));
  ids.vpc = Vpc!.VpcId!;
  const { InternetGateway } = await client.send(
    new ec2.CreateInternetGatewayCommand(tagged("internet-gateway", "internet")),
  );
  ids.internet = InternetGateway!.InternetGatewayId!;
  await client.send(
    new ec2.AttachInternetGatewayCommand({ VpcId: ids.vpc, InternetGatewayId: ids.internet }),
  );
  for (const [role, CidrBlock] of Object.entries(SUBNETS)) {
    const where = { VpcId: ids.vpc, AvailabilityZone: ZONE, CidrBlock };
    const { Subnet } = await client.send(
      new ec2.CreateSubnetCommand({ ...where, ...tagged("subnet", `${role}-a`) }),
    );
    const { RouteTable } = await client.send(
      new ec2.CreateRouteTableCommand({ VpcId: ids.vpc, ...tagged("route-table", `${role}-a`) }),
    );
    ids[`${role}.subnet`] = Subnet!.SubnetId!;
    ids[`${role}.table`] = RouteTable!.RouteTableId!;
    const own = { SubnetId: Subnet!.SubnetId!, RouteTableId: RouteTable!.RouteTableId! };
    await client.send(new ec2.AssociateRouteTableCommand(own));
  }
}

/** @param port -1 for a protocol that has none: EC2 takes it with and without, moto with. */
const permission = (protocol: string, port: number, cidr: string): ec2.IpPermission => ({
  IpProtocol: protocol,
  FromPort: port,
  ToPort: port,
  IpRanges: [{ CidrIp: cidr }],
});
const gre = (cidr: string) => permission("47", -1, cidr);
const control = (cidr: string) => permission("tcp", 1723, cidr);
const health = (cidr: string) => permission("tcp", HEALTH_PORT, cidr);

async function groups({ ec2: client, ids }: AwsAccount): Promise<void> {
  const rules: Record<string, { in: ec2.IpPermission[]; out: ec2.IpPermission[] }> = {
    servers: { in: [control(CLIENTS), gre(CLIENTS), health(SUBNETS.balancer)], out: [gre(CLIENTS)] },
    gateway: {
      in: [control(CLIENTS), gre(CLIENTS), gre(SUBNETS.servers)],
      out: [control("10.42.16.4/32"), gre(CLIENTS), gre(SUBNETS.servers)],
    },
    balancer: { in: [control(CLIENTS)], out: [control(SUBNETS.servers), health(SUBNETS.servers)] },
  };
  for (const [role, { in: ingress, out: egress }] of Object.entries(rules)) {
    const about = { GroupName: role, Description: role, VpcId: ids.vpc };
    const { GroupId } = await client.send(
      new ec2.CreateSecurityGroupCommand({ ...about, ...tagged("security-group", role) }),
    );
    ids[`${role}.group`] = GroupId!;
    const all = [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }];
    await client.send(new ec2.RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: all }));
    // One by one: moto takes two of one protocol in one request for the same.
    for (const rule of ingress)
      await client.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [rule] }));
    for (const rule of egress)
      await client.send(new ec2.AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions: [rule] }));
  }
}

async function machines(account: AwsAccount): Promise<void> {
  const { ec2: client, ids } = account;
  const { Images = [] } = await client.send(new ec2.DescribeImagesCommand({}));
  for (const [role, more, address] of [
    ["gateway", { gateway: "gateway-a" }, undefined],
    ["servers", { server: "a-1" }, SERVER],
  ] as const) {
    const { Instances = [], OwnerId } = await client.send(
      new ec2.RunInstancesCommand({
        ...{ ImageId: Images[0]!.ImageId, MinCount: 1, MaxCount: 1, InstanceType: "c6in.large" },
        ...{ SubnetId: ids[`${role}.subnet`], SecurityGroupIds: [ids[`${role}.group`]!] },
        ...(address === undefined ? {} : { PrivateIpAddress: address }),
        ...tagged("instance", role, more),
      }),
    );
    account.bucket = bucketName({ ...OWNER, account: OwnerId!, region: REGION });
    ids[`${role}.instance`] = Instances[0]!.InstanceId!;
    ids[`${role}.interface`] = Instances[0]!.NetworkInterfaces![0]!.NetworkInterfaceId!;
  }
  const check = { NetworkInterfaceId: ids["gateway.interface"], SourceDestCheck: { Value: false } };
  await client.send(new ec2.ModifyNetworkInterfaceAttributeCommand(check));
  const { PublicIp, AllocationId } = await client.send(
    new ec2.AllocateAddressCommand({ Domain: "vpc", ...tagged("elastic-ip", "gateway-a") }),
  );
  const where = { AllocationId, NetworkInterfaceId: ids["gateway.interface"] };
  const { AssociationId } = await client.send(new ec2.AssociateAddressCommand(where));
  ids.association = AssociationId!;
  account.dialled = PublicIp!;
}

async function routes({ ec2: client, ids }: AwsAccount): Promise<void> {
  const everywhere = { DestinationCidrBlock: "0.0.0.0/0" };
  const byGateway = { ...everywhere, NetworkInterfaceId: ids["gateway.interface"] };
  await client.send(
    new ec2.CreateRouteCommand({
      ...everywhere,
      RouteTableId: ids["gateway.table"],
      GatewayId: ids.internet,
    }),
  );
  for (const role of ["servers", "balancer"])
    await client.send(new ec2.CreateRouteCommand({ ...byGateway, RouteTableId: ids[`${role}.table`] }));
}

async function balancer({ elb: client, ids }: AwsAccount): Promise<void> {
  const Tags = Object.entries(tags(OWNER, "balancer")).map(([Key, Value]) => ({ Key, Value }));
  const { LoadBalancers = [] } = await client.send(
    new elb.CreateLoadBalancerCommand({
      ...{ Name: "prod", Type: "network", Scheme: "internal", Tags },
      ...{ SecurityGroups: [ids["balancer.group"]!], Subnets: [ids["balancer.subnet"]!] },
    }),
  );
  ids.balancer = LoadBalancers[0]!.LoadBalancerArn!;
  const { TargetGroups = [] } = await client.send(
    new elb.CreateTargetGroupCommand({
      ...{ Name: "prod-servers", Protocol: "TCP", Port: 1723, VpcId: ids.vpc, TargetType: "ip" },
      ...{ HealthCheckProtocol: "HTTP", HealthCheckPort: `${HEALTH_PORT}`, HealthCheckPath: "/" },
    }),
  );
  ids.targets = TargetGroups[0]!.TargetGroupArn!;
  await setTargetAttributes(client, ids.targets, {
    "load_balancing.cross_zone.enabled": "false",
    "preserve_client_ip.enabled": "true",
    "stickiness.enabled": "true",
    "stickiness.type": "source_ip",
    "target_health_state.unhealthy.connection_termination.enabled": "false",
  });
  await client.send(
    new elb.CreateListenerCommand({
      ...{ LoadBalancerArn: ids.balancer, Protocol: "TCP", Port: 1723 },
      DefaultActions: [{ Type: "forward", TargetGroupArn: ids.targets }],
    }),
  );
  const Targets = [{ Id: SERVER, Port: 1723 }];
  await client.send(new elb.RegisterTargetsCommand({ TargetGroupArn: ids.targets, Targets }));
}

/** Of each machine what it is to be, and that it is so. */
export async function reports({ s3: client, bucket }: AwsAccount): Promise<void> {
  const where = { LocationConstraint: REGION } as const;
  await client.send(new s3.CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: where }));
  for (const name of ["gateway-a", "a-1"]) {
    await put(client, bucket, desiredKey(name), { version: VERSION });
    await report(client, bucket, name, {});
  }
}

const VERSION = "a".repeat(64);

/** As the machine's program writes it. */
export async function report(client: s3.S3Client, bucket: string, name: string, more: object): Promise<void> {
  const sound = {
    bootstrap: 1,
    version: VERSION,
    result: "applied",
    waits: [],
    sessions: 0,
    drift: [],
    good: VERSION,
  };
  const at = `${new Date().toISOString().slice(0, 19)}Z`;
  await put(client, bucket, statusKey(name), { at, ...sound, ...more });
}

async function put(client: s3.S3Client, Bucket: string, Key: string, value: object): Promise<void> {
  await client.send(new s3.PutObjectCommand({ Bucket, Key, Body: JSON.stringify(value) }));
}

export async function setTargetAttributes(
  client: elb.ElasticLoadBalancingV2Client,
  TargetGroupArn: string,
  attributes: Record<string, string>,
): Promise<void> {
  const Attributes = Object.entries(attributes).map(([Key, Value]) => ({ Key, Value }));
  await client.send(new elb.ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }));
}

export const rulesOf = { gre, control, health, CLIENTS };
