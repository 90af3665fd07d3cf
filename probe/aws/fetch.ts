/** Reads a stack's inventory from AWS: EC2 here, the rest in fetch-*.ts. Only describes and reads, changes nothing. */
import {
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  EC2Client,
  type RouteTable as Ec2RouteTable,
  type IpPermission,
  paginateDescribeRouteTables,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
  type SecurityGroup,
  type Tag,
} from "@aws-sdk/client-ec2";
import { filterParts } from "../../plan/quotas/filter-values.ts";
import { fetchBalancer } from "./fetch-balancer.ts";
import { fetchMachines } from "./fetch-machines.ts";
import { fetchReports } from "./fetch-reports.ts";
import { byOwner, type ClientConfig, type Owner, tagged } from "./fetched.ts";
import type { FleetInstance, Group, Inventory, RouteTable, Rule } from "./inventory.ts";

export interface FetchOptions {
  project: string;
  /** @default the stack that tags the dialled address */
  stack?: string | undefined;
  dialled?: string | undefined;
  /** @default AWS's own configuration */
  region?: string | undefined;
  /** Another AWS, for tests. */
  endpoint?: string | undefined;
}

/** @throws Error where AWS refuses, or where nothing says which stack it is. */
export async function fetchInventory({
  project,
  stack,
  dialled,
  ...where
}: FetchOptions): Promise<Inventory> {
  const config = clientConfig(where);
  const ec2 = new EC2Client(config);
  try {
    const owner = { project, stack: stack ?? (await stackOf(ec2, project, dialled)) };
    const [{ machines, account }, balancer] = await Promise.all([
      fetchMachines(ec2, owner),
      fetchBalancer(config, owner),
    ]);
    const addresses = await fetchAddresses(ec2, owner, machines, dialled);
    const subnetIds = [
      ...new Set([...machines.map((each) => each.subnetId), ...(balancer?.subnetIds ?? [])]),
    ];
    const groupIds = [
      ...new Set([...machines, ...(balancer ? [balancer] : [])].flatMap((each) => each.groupIds)),
    ];
    const bucketOwner = { ...owner, account, region: await ec2.config.region() };
    const names = machines.map(({ name }) => name);
    const [{ subnets, vpcIds }, groups, bucket] = await Promise.all([
      fetchSubnets(ec2, subnetIds),
      fetchGroups(ec2, groupIds),
      names.length === 0 ? undefined : fetchReports(config, bucketOwner, names),
    ]);
    const routeTables = await fetchRouteTables(ec2, vpcIds);
    return {
      ...{ stack: owner.stack, machines, addresses, groups, subnets, routeTables },
      ...(balancer ? { balancer } : {}),
      ...(bucket ? { bucket } : {}),
    };
  } finally {
    ec2.destroy();
  }
}

function clientConfig({ region, endpoint }: Pick<FetchOptions, "region" | "endpoint">): ClientConfig {
  return { ...(region === undefined ? {} : { region }), ...(endpoint === undefined ? {} : { endpoint }) };
}

/** Of the address's own tags, or of those of the machine that has it: one of `elasticIps` has none of ours. */
async function stackOf(ec2: EC2Client, project: string, dialled: string | undefined): Promise<string> {
  const Filters = [{ Name: "public-ip", Values: dialled === undefined ? [] : [dialled] }];
  const { Addresses = [] } =
    dialled === undefined ? {} : await ec2.send(new DescribeAddressesCommand({ Filters }));
  const [address] = Addresses;
  const stack =
    stackBy(project, address?.Tags) ??
    (address?.NetworkInterfaceId
      ? stackBy(project, await tagsOfMachine(ec2, address.NetworkInterfaceId))
      : undefined);
  if (stack === undefined)
    throw new Error(
      `no Elastic IP ${dialled ?? ""} of project ${project} in this region: say --stack, or --region`,
    );
  return stack;
}

function stackBy(project: string, tags: Tag[] | undefined): string | undefined {
  return tagged(tags, "project") === project ? tagged(tags, "stack") : undefined;
}

async function tagsOfMachine(ec2: EC2Client, interfaceId: string): Promise<Tag[] | undefined> {
  const { NetworkInterfaces = [] } = await ec2.send(
    new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [interfaceId] }),
  );
  const id = NetworkInterfaces[0]?.Attachment?.InstanceId;
  if (id === undefined) return undefined;
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return Reservations[0]?.Instances?.[0]?.Tags;
}

/** The stack's own, whoever's are on its machines, and the one that was dialled. */
async function fetchAddresses(
  ec2: EC2Client,
  owner: Owner,
  machines: FleetInstance[],
  dialled: string | undefined,
): Promise<Inventory["addresses"]> {
  const interfaces = machines.map(({ interfaceId }) => interfaceId).filter((id) => id !== "");
  const questions = [
    byOwner(owner),
    ...filterParts(interfaces).map((Values) => [{ Name: "network-interface-id", Values }]),
    ...(dialled === undefined ? [] : [[{ Name: "public-ip", Values: [dialled] }]]),
  ];
  const answers = await Promise.all(
    questions.map((Filters) => ec2.send(new DescribeAddressesCommand({ Filters }))),
  );
  const found = answers.flatMap(({ Addresses = [] }) =>
    Addresses.map(({ PublicIp = "", NetworkInterfaceId }): [string, Inventory["addresses"][number]] => [
      PublicIp,
      { address: PublicIp, ...(NetworkInterfaceId ? { interfaceId: NetworkInterfaceId } : {}) },
    ]),
  );
  return [...new Map(found).values()];
}

async function fetchSubnets(ec2: EC2Client, ids: string[]) {
  const subnets: Inventory["subnets"] = [];
  const vpcIds = new Set<string>();
  // An empty list of IDs would mean all of them.
  const pages = ids.length === 0 ? [] : paginateDescribeSubnets({ client: ec2 }, { SubnetIds: ids });
  for await (const { Subnets = [] } of pages)
    for (const { SubnetId = "", AvailabilityZone = "", CidrBlock = "", VpcId, Tags } of Subnets) {
      subnets.push({
        id: SubnetId,
        name: tagged(Tags, "Name") ?? SubnetId,
        zone: AvailabilityZone,
        cidr: CidrBlock,
      });
      if (VpcId) vpcIds.add(VpcId);
    }
  return { subnets, vpcIds: [...vpcIds] };
}

async function fetchGroups(ec2: EC2Client, ids: string[]): Promise<Group[]> {
  const groups: Group[] = [];
  const pages = ids.length === 0 ? [] : paginateDescribeSecurityGroups({ client: ec2 }, { GroupIds: ids });
  for await (const { SecurityGroups = [] } of pages) groups.push(...SecurityGroups.map(groupOf));
  return groups;
}

function groupOf({ GroupId = "", Tags, IpPermissions = [], IpPermissionsEgress = [] }: SecurityGroup): Group {
  const rule = (direction: Rule["direction"]) => (permission: IpPermission) => ruleOf(permission, direction);
  return {
    id: GroupId,
    name: tagged(Tags, "Name") ?? GroupId,
    rules: [...IpPermissions.map(rule("in")), ...IpPermissionsEgress.map(rule("out"))],
  };
}

function ruleOf(
  { IpProtocol = "", FromPort, ToPort, IpRanges = [] }: IpPermission,
  direction: Rule["direction"],
): Rule {
  const ports =
    FromPort === undefined || ToPort === undefined || FromPort === -1 ? undefined : [FromPort, ToPort];
  return {
    direction,
    protocol: IpProtocol,
    ...(ports === undefined ? {} : { ports: ports as [number, number] }),
    cidrs: IpRanges.flatMap(({ CidrIp }) => CidrIp ?? []),
  };
}

/** All of the VPCs that the subnets are in: one of them may be a subnet's by being the main one. */
async function fetchRouteTables(ec2: EC2Client, vpcIds: string[]): Promise<RouteTable[]> {
  const tables: RouteTable[] = [];
  const Filters = [{ Name: "vpc-id", Values: vpcIds }];
  const pages = vpcIds.length === 0 ? [] : paginateDescribeRouteTables({ client: ec2 }, { Filters });
  for await (const { RouteTables = [] } of pages) tables.push(...RouteTables.map(tableOf));
  return tables;
}

function tableOf({ RouteTableId = "", Associations = [], Routes = [] }: Ec2RouteTable): RouteTable {
  const route = Routes.find(({ DestinationCidrBlock }) => DestinationCidrBlock === "0.0.0.0/0");
  // A route to an instance names its interface too, and the interface is what counts.
  const target =
    route?.NetworkInterfaceId ??
    route?.InstanceId ??
    route?.GatewayId ??
    route?.NatGatewayId ??
    route?.TransitGatewayId ??
    "something else";
  return {
    id: RouteTableId,
    main: Associations.some(({ Main }) => Main === true),
    subnetIds: Associations.flatMap(({ SubnetId }) => SubnetId ?? []),
    ...(route ? { defaultRoute: { target, state: route.State ?? "active" } } : {}),
  };
}
