/**
 * The VPC that the program's own resources describe, and nothing else: the lab holds no copy of an address, a rule, a
 * route or a byte of user data. What a mutation takes away is not there.
 *
 * What a balancer is, balancer.ts reads. Leaves out what lab/README.md lists; rules that name no CIDR are refused
 * where they are used (lab/network/rules.ts), not ignored.
 */

import { publicIpOf } from "../../../offline/answers.ts";
import { VPC } from "../../../offline/existing-vpc.ts";
import type { RecordedResource } from "../../../offline/program.ts";
import { standingVpc } from "../../../offline/standing-vpc.ts";
import type { Eni, Route, RouteTable, Vpc, VpcMachine } from "../vpc.ts";
import { Account, type Known, macOf } from "./account.ts";
import { balancerNodes } from "./balancer.ts";

const INSTANCE = "aws:ec2/instance:Instance";
/** Where the VPC that exists is. */
const REGION = "eu-west-1";

/** @throws Error where AWS would refuse: a subnet that is not there, an address twice. */
export function readVpc(resources: RecordedResource[]): Vpc {
  const account = new Account([...existing(resources), ...resources]);
  const [vpc] = account.all("aws:ec2/vpc:Vpc");
  if (!vpc) throw new Error("the program makes no VPC, and names none that the lab knows");
  const instances = account.all(INSTANCE);
  const balancers = balancerNodes(account);
  const interfaces = [
    ...instances.map((each) => instanceInterface(account, each)),
    ...balancers.map(({ eni }) => eni),
  ];
  unique("name", interfaces);
  unique("privateAddress", interfaces);
  unique("publicAddress", interfaces);
  return {
    region: interfaces[0]!.subnet.zone.replace(/[a-z]$/, ""),
    cidr: vpc.inputs.cidrBlock,
    interfaces,
    routeTables: account.all("aws:ec2/routeTable:RouteTable").map(({ id }) => routeTable(account, id)),
    nodes: balancers.map(({ node }) => node),
    machines: instances.map((each) => machine(account, each)),
    secrets: secrets(account),
  };
}

/** The VPC that the program names in place of one of its own; its CIDR is the first one, the lab has no others. */
function existing(resources: RecordedResource[]): Known[] {
  const group = resources.find(({ type }) => type === "aws:ec2/securityGroup:SecurityGroup");
  return group?.inputs.vpcId === VPC ? standingVpc(REGION) : [];
}

/** The `server` or the `gateway` tag. */
function nameOf({ name, inputs }: Known): string {
  return inputs.tags?.server ?? inputs.tags?.gateway ?? name;
}

function machine(account: Account, instance: Known): VpcMachine {
  const { inputs } = instance;
  const profile = inputs.iamInstanceProfile;
  return {
    name: nameOf(instance),
    kind: inputs.tags?.gateway === undefined ? "server" : "gateway",
    instanceType: inputs.instanceType,
    userData: Buffer.from(inputs.userDataBase64, "base64"),
    role: profile ? account.find("aws:iam/instanceProfile:InstanceProfile", profile).inputs.role : "",
  };
}

/** An interface of its own, or the one that EC2 makes with the instance. */
function instanceInterface(account: Account, instance: Known): Eni {
  const { inputs, state } = instance;
  const own = inputs.primaryNetworkInterface?.networkInterfaceId;
  const nic = own && account.find("aws:ec2/networkInterface:NetworkInterface", own).inputs;
  const id: string = own ?? state.primaryNetworkInterfaceId;
  const groups: string[] = (own ? nic.securityGroups : inputs.vpcSecurityGroupIds) ?? [];
  const privateAddress: string = own ? nic.privateIps[0] : state.privateIp;
  const publicAddress =
    elasticIp(account, id, instance.id) ??
    (inputs.associatePublicIpAddress ? launchAddress(privateAddress) : undefined);
  return {
    name: nameOf(instance),
    id,
    privateAddress,
    subnet: account.subnet(own ? nic.subnetId : inputs.subnetId),
    mac: macOf(privateAddress),
    sourceDestCheck: (own ? nic.sourceDestCheck : inputs.sourceDestCheck) ?? true,
    ingress: account.rules("Ingress", groups),
    egress: account.rules("Egress", groups),
    ...(publicAddress && { publicAddress }),
  };
}

function elasticIp(account: Account, networkInterface: string, instance: string): string | undefined {
  const association = account
    .all("aws:ec2/eipAssociation:EipAssociation")
    .find(({ inputs }) => inputs.networkInterfaceId === networkInterface || inputs.instanceId === instance);
  return association && publicIpOf(account.all("aws:ec2/eip:Eip"), association.inputs.allocationId);
}

/** What AWS gives from its own pool while no Elastic IP is on the interface: the lab's is 198.18.128.0/17. */
function launchAddress(privateAddress: string): string {
  const [, , third, fourth] = privateAddress.split(".").map(Number);
  return `198.18.${128 + (third! % 128)}.${fourth}`;
}

function routeTable(account: Account, id: string): RouteTable {
  const routes = account
    .all("aws:ec2/route:Route")
    .filter(({ inputs }) => inputs.routeTableId === id)
    .map(({ name, inputs }): Route => {
      const destination = inputs.destinationCidrBlock;
      if (inputs.gatewayId !== undefined) {
        account.find("aws:ec2/internetGateway:InternetGateway", inputs.gatewayId);
        return { destination, via: { internetGateway: true } };
      }
      if (inputs.networkInterfaceId !== undefined)
        return { destination, via: { networkInterface: inputs.networkInterfaceId } };
      throw new Error(`the route ${name} leads to what the lab does not know`);
    });
  return { id, routes };
}

function secrets(account: Account): Vpc["secrets"] {
  const versions = account.all("aws:secretsmanager/secretVersion:SecretVersion");
  return account.all("aws:secretsmanager/secret:Secret").map((secret) => {
    const version = versions.find((each) => each.inputs.secretId === secret.id);
    return { name: secret.inputs.name, value: version?.inputs.secretString ?? "" };
  });
}

function unique(key: "name" | "privateAddress" | "publicAddress", interfaces: Eni[]): void {
  const seen = new Map<string, string>();
  for (const { id, [key]: value } of interfaces) {
    if (value === undefined) continue;
    const other = seen.get(value);
    if (other !== undefined) throw new Error(`${value} is the ${key} of two interfaces: ${other} and ${id}`);
    seen.set(value, id);
  }
}
