/**
 * What Pulumi itself calls: for the program's questions, and for state and secrets in S3 and KMS (Pulumi: DIY backends). Of
 * sts:GetCallerIdentity, the provider's and the program's, nothing is decided: AWS lets everybody, whatever a policy says.
 */
import { ACCOUNT, arn, type Call, call, looks, plain } from "../call.ts";

const VPC = plain(arn("ec2", "vpc/vpc-0123456789abcdef0"));

/** By the program's question. */
export const questions: Record<string, Call[]> = {
  "aws:ec2/getAmi:getAmi": looks("ec2:DescribeImages"),
  "aws:ec2/getEips:getEips": looks("ec2:DescribeAddresses"),
  // The provider looks up its reverse name as well.
  "aws:ec2/getElasticIp:getElasticIp": looks("ec2:DescribeAddresses", "ec2:DescribeAddressesAttribute"),
  "aws:ec2/getInstances:getInstances": looks("ec2:DescribeInstances"),
  "aws:ec2/getInstanceType:getInstanceType": looks("ec2:DescribeInstanceTypes"),
  "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": looks("ec2:DescribeInstanceTypeOfferings"),
  "aws:ec2/getInternetGateway:getInternetGateway": looks("ec2:DescribeInternetGateways"),
  "aws:ec2/getNetworkInterface:getNetworkInterface": looks("ec2:DescribeNetworkInterfaces"),
  "aws:ec2/getNetworkInterfaces:getNetworkInterfaces": looks("ec2:DescribeNetworkInterfaces"),
  "aws:ec2/getRouteTable:getRouteTable": looks("ec2:DescribeRouteTables"),
  "aws:ec2/getRouteTables:getRouteTables": looks("ec2:DescribeRouteTables"),
  "aws:ec2/getSubnet:getSubnet": looks("ec2:DescribeSubnets"),
  "aws:ec2/getSubnets:getSubnets": looks("ec2:DescribeSubnets"),
  // The provider looks up its attributes and its main table as well.
  "aws:ec2/getVpc:getVpc": [
    ...looks("ec2:DescribeVpcs", "ec2:DescribeRouteTables"),
    call("ec2:DescribeVpcAttribute", { vpc: VPC }),
  ],
  "aws:index/getCallerIdentity:getCallerIdentity": [],
  "aws:index/getAvailabilityZones:getAvailabilityZones": looks("ec2:DescribeAvailabilityZones"),
};

const BUCKET = "arn:aws:s3:::example-pulumi-state";
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/00000000-0000-0000-0000-000000000000`;
const object = (path: string) => ({ object: plain(`${BUCKET}/.pulumi/${path}`) });
const STACK = "stacks/pptp-fleet/prod.json";

/** Before a preview or an update: the state, and the key of its secrets. */
export const open: Call[] = [
  call("s3:ListBucket", { bucket: plain(BUCKET) }),
  ...["meta.yaml", STACK].map((path) => call("s3:GetObject", object(path))),
  call("kms:Decrypt", { key: plain(KEY) }),
];

const LOCK = "locks/organization/pptp-fleet/prod/0f8fad5b.json";
const KEPT = [STACK, `${STACK}.bak`, "history/pptp-fleet/prod/prod-1.history.json"];

/** During an update: the lock, the new state, the last one as a backup, the history. */
export const write: Call[] = [
  ...[LOCK, ...KEPT].map((path) => call("s3:PutObject", object(path))),
  ...[LOCK].flatMap((path) => [call("s3:GetObject", object(path)), call("s3:DeleteObject", object(path))]),
];
