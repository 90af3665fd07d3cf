import { describe, expect, test } from "vitest";
import type { Mistake } from "../../settings/mistakes.ts";
import { readSettings } from "../../settings/read.ts";
import { ED25519 } from "../shared/public-keys.ts";
import { afterFix, type Raw } from "./applied-fix.ts";

const VPC = { frontDoor: "eip", vpcId: "vpc-0123456789abcdef0" };
/** One zone of subnets that exist, behind a gateway. */
const NAMED = {
  ...{ ...VPC, frontDoor: "nlb" },
  subnetIds: '["subnet-01234567"]',
  gatewaySubnetIds: '["subnet-0000000a"]',
  balancerSubnetIds: '["subnet-0000000b"]',
  defaultRouteTableIds: '["rtb-01234567"]',
};
/** One zone of a VPC's free CIDRs. */
const CARVED = { ...VPC, subnetCidrs: '["10.20.128.0/24"]', zones: '["eu-west-1a"]' };
const SUBNET = "subnet-0123456789abcdef0";
const ELASTIC_IP = "eipalloc-0123456789abcdef0";
const ADMIN = { adminCidrs: '["203.0.113.0/24"]', sshPublicKeys: JSON.stringify([ED25519]) };

const given = (raw: Raw): Raw => ({ allowedCidrs: '["198.51.100.0/24"]', ...raw });

function mistakes(raw: Raw): Mistake[] {
  const result = readSettings(given(raw), new Set(["users"]));
  return "mistakes" in result ? result.mistakes : [];
}

/** The only mistake of a config as `key | value | allowed | fix`. */
function only(raw: Raw): string {
  const [mistake, ...others] = mistakes(raw);
  if (mistake === undefined) return "no mistake";
  expect(others).toEqual([]);
  const { key, value, allowed, fix } = mistake;
  return [key, value, allowed, fix].join(" | ");
}

function users(...accounts: unknown[]): { users: string } {
  return { users: JSON.stringify(accounts) };
}

const cases: [string, Record<string, string>, RegExp][] = [
  [
    "no server",
    { servers: "0" },
    /^servers \| 0 \| a whole number from 1 to 10000 \| pulumi config set pptp-fleet:servers 2$/,
  ],
  ["a negative number of servers", { servers: "-1" }, /^servers \| -1 \|/],
  ["too many servers", { servers: "10001" }, /^servers \| 10001 \|/],
  ["half a server", { servers: "1.5" }, /^servers \| "1.5" \| a whole number/],
  ["servers in words", { servers: "many" }, /^servers \| "many" \| a whole number/],
  ["servers as a list", { servers: "[2]" }, /^servers \| "\[2\]" \|/],
  ["servers beyond counting", { servers: "9".repeat(400) }, /^servers \| "9{79}… \| a whole number/],

  [
    "an Elastic IP by its number",
    { elasticIps: '{"a":"203.0.113.7"}' },
    /^elasticIps.a \| "203.0.113.7" \| an Elastic IP's allocation ID, such as eipalloc-0123456789abcdef0 \| aws ec2 describe-addresses lists them$/,
  ],
  [
    "an Elastic IP of no zone or server",
    { elasticIps: `{"gateway-a":"${ELASTIC_IP}"}` },
    /^elasticIps.gateway-a \| .* \| the letter of a zone, such as a, or a server's name, such as a-1 \| name the zone or server/,
  ],
  [
    "an Elastic IP by a zone's whole name",
    { elasticIps: `{"eu-west-1a":"${ELASTIC_IP}"}` },
    /^elasticIps.eu-west-1a \|/,
  ],
  [
    "an Elastic IP of a server before the first",
    { elasticIps: `{"a-0":"${ELASTIC_IP}"}` },
    /^elasticIps.a-0 \|/,
  ],
  [
    "an Elastic IP twice",
    { elasticIps: `{"a":"${ELASTIC_IP}","b-1":"${ELASTIC_IP}"}` },
    /^elasticIps.b-1 \| "eipalloc-0123456789abcdef0" \| each allocation ID once; a has it \| pulumi config rm --path 'pptp-fleet:elasticIps\.b-1'$/,
  ],
  [
    "an Elastic IP of nobody's",
    { elasticIps: ELASTIC_IP },
    /^elasticIps \| .* \| an object of allocation IDs by zone or server, .* \| pulumi config set --path 'pptp-fleet:elasticIps.a' eipalloc-0123456789abcdef0$/,
  ],
  ["an Elastic IP as a list", { elasticIps: `{"a":["${ELASTIC_IP}"]}` }, /^elasticIps.a \| \["eipalloc/],
  [
    "an Elastic IP's member that a terminal obeys",
    { elasticIps: `{"\\u001b[2J":"${ELASTIC_IP}"}` },
    /^elasticIps.\\u001b\[2J \|/,
  ],

  [
    "a family without ENA",
    { instanceType: "t2.micro" },
    /^instanceType \| "t2.micro" \| .*the t2 family cannot.* \| .*t3.small$/,
  ],
  ["a family with ENA in one size", { instanceType: "m4.16xlarge" }, /the m4 family cannot .* m6i.large$/],
  ["one vCPU", { instanceType: "c7g.medium" }, /c7g.medium has one vCPU, so one queue \| .*c7g.large$/],
  [
    "one queue on two vCPUs",
    { instanceType: "c7i-flex.large" },
    /c7i-flex.large has one \| .*c7i.large, or c7i-flex.xlarge$/,
  ],
  ["a Mac", { instanceType: "mac-m4.metal" }, /Dedicated Host/],
  ["no instance type", { instanceType: "large" }, /family.size in lower case/],
  [
    "a family that EC2 cannot have",
    { instanceType: "nope.large" },
    /^instanceType \| "nope.large" \| a family that EC2 has: .*; nope has no number \| pulumi config set pptp-fleet:instanceType c6in.large$/,
  ],
  [
    "the same for gateways",
    { gatewayInstanceType: "nope.large" },
    /^gatewayInstanceType \| .* nope has no number \| .*pptp-fleet:gatewayInstanceType c6in.large$/,
  ],
  [
    "a family of one queue in every size",
    { instanceType: "t8i.medium" },
    /^instanceType \| "t8i.medium" \| .*no t8i has \| .* t3.small$/,
  ],

  ["no zone", { zones: '["eu-west-1"]' }, /^zones\[0\] \| "eu-west-1" \| availability zones of one region/],
  ["a Local Zone", { zones: '["us-west-2-lax-1a"]' }, /^zones\[0\] \|/],
  ["a zone twice", { zones: '["eu-west-1a","eu-west-1a"]' }, /^zones\[1\] \| "eu-west-1a" \| each zone once/],
  [
    "zones of two regions",
    { zones: '["eu-west-1a","eu-west-2a"]' },
    /^zones\[1\] .* the first one is of eu-west-1 \|/,
  ],
  [
    "zones as text",
    { zones: "eu-west-1a" },
    /^zones \| "eu-west-1a" \| .* pulumi config set --path 'pptp-fleet:zones\[0\]' eu-west-1a$/,
  ],
  ["zones in no JSON", { zones: '["eu-west-1a"' }, /^zones \| "\[\\"eu-west-1a\\"" \|/],

  [
    "a front door that is not there",
    { frontDoor: "alb" },
    /^frontDoor \| "alb" \| nlb or eip \| pulumi config set pptp-fleet:frontDoor eip$/,
  ],
  [
    "the balancer in an existing VPC without subnets for it",
    { ...NAMED, balancerSubnetIds: "[]" },
    /^balancerSubnetIds \| not set \| as many as subnetIds with frontDoor nlb, one in each zone: 1 \| .*subnetCidrs/,
  ],
  [
    "gateways in another number of subnets than servers",
    { ...NAMED, gatewaySubnetIds: '["subnet-0000000a","subnet-0000000c"]' },
    /^gatewaySubnetIds .* as many as subnetIds with frontDoor nlb, one in each zone: 1 \|/,
  ],
  [
    "subnets behind a gateway without their route tables",
    { ...NAMED, defaultRouteTableIds: "[]" },
    /^defaultRouteTableIds \| not set \| the route tables of subnetIds and balancerSubnetIds/,
  ],
  [
    "a subnet in two roles",
    { ...NAMED, balancerSubnetIds: '["subnet-01234567"]' },
    /^balancerSubnetIds .* subnets of one role each: subnet-01234567 is in subnetIds too/,
  ],
  [
    "a VPC's CIDRs without their zones",
    { ...CARVED, zones: "[]" },
    /^zones \| not set \| as many zones as subnetCidrs, in the same order: there is 1 CIDR and 0 zones/,
  ],
  [
    "more zones than a VPC's CIDRs",
    { ...CARVED, zones: '["eu-west-1a","eu-west-1b"]' },
    /^zones .* there is 1 CIDR and 2 zones \| .* or pulumi config rm --path 'pptp-fleet:zones\[1\]'$/,
  ],
  [
    "a VPC's CIDRs that overlap",
    {
      ...CARVED,
      subnetCidrs: '["10.20.128.0/24","10.20.128.128/26"]',
      zones: '["eu-west-1a","eu-west-1b"]',
    },
    /^subnetCidrs .* CIDRs that share no address; 10.20.128.128\/26 has some of another's/,
  ],
  [
    "a CIDR too small for a zone's subnets",
    { ...CARVED, subnetCidrs: '["10.20.128.0/27"]' },
    /^subnetCidrs\[0\] \| "10.20.128.0\/27" \| a list of at most 8 IPv4 CIDRs of \/16 to \/26/,
  ],
  [
    "CIDRs and subnets that exist",
    { ...CARVED, subnetIds: '["subnet-01234567"]', zones: "[]" },
    /^subnetIds .* nothing beside subnetCidrs/,
  ],
  [
    "CIDRs without a VPC",
    { subnetCidrs: '["10.20.128.0/24"]' },
    /^subnetCidrs .* nothing without the VPC that they are in/,
  ],
  [
    "a gateway's type with one queue",
    { gatewayInstanceType: "c6in.medium" },
    /^gatewayInstanceType \| "c6in.medium" \| .*one queue \| pulumi config set pptp-fleet:gatewayInstanceType c6in.large$/,
  ],
  [
    "a name without its hosted zone",
    { dialName: "pptp.example.com" },
    /^hostedZoneId \| not set \| a value beside dialName: .* or pulumi config rm pptp-fleet:dialName$/,
  ],
  [
    "a hosted zone without a name",
    { hostedZoneId: "Z0123456789ABCDEFGHIJ" },
    /^dialName \| not set \| a value beside hostedZoneId: .* or pulumi config rm pptp-fleet:hostedZoneId$/,
  ],
  ...[
    "pptp",
    "pptp.example.com.",
    "-a.example.com",
    "a_b.example.com",
    "PPTP.example.com",
    "198.51.100.7",
  ].map((name): [string, Record<string, string>, RegExp] => [
    `a name that is none: ${name}`,
    { dialName: name, hostedZoneId: "Z0123456789ABCDEFGHIJ" },
    /^dialName \| ".*" \| a fully qualified DNS name/,
  ]),

  [
    "nobody allowed in",
    { allowedCidrs: "[]" },
    /^allowedCidrs \| not set \| a list of one or more .*nothing is open by default \|/,
  ],
  [
    "host bits",
    { allowedCidrs: '["198.51.100.7/24"]' },
    /^allowedCidrs\[0\] .* host bits \| 198.51.100.0\/24 for the network, or 198.51.100.7\/32/,
  ],
  [
    "an address for a CIDR",
    { allowedCidrs: '["198.51.100.7"]' },
    /prefix length \| 198.51.100.7\/32 for this one address$/,
  ],
  ["IPv6", { allowedCidrs: '["2001:db8::/32"]' }, /^allowedCidrs\[0\] .* IPv4 only/],
  ["a CIDR twice", { allowedCidrs: '["10.0.0.0/8","10.0.0.0/8"]' }, /^allowedCidrs\[1\] .* each CIDR once/],
  [
    "octal in a CIDR",
    { allowedCidrs: '["010.0.0.0/8"]' },
    /^allowedCidrs\[0\] \| "010.0.0.0\/8" \| a list of one or more/,
  ],
  ...(["allowedCidrs", "adminCidrs"] as const).flatMap((key) =>
    [
      ["0.0.0.0/8", '0.0.0.0/8 is "this network"'],
      ["0.0.0.0/32", '0.0.0.0/8 is "this network"'],
      ["127.0.0.0/8", "127.0.0.0/8 is each machine's own loopback"],
      ["127.0.0.1/32", "127.0.0.0/8 is each machine's own loopback"],
      ["169.254.169.254/32", "169.254.0.0/16 is link-local, which no router forwards"],
      ["224.0.0.0/3", "224.0.0.0/3 is multicast and reserved"],
      ["224.0.0.0/4", "224.0.0.0/3 is multicast and reserved"],
      ["240.0.0.0/4", "224.0.0.0/3 is multicast and reserved"],
      ["255.255.255.255/32", "224.0.0.0/3 is multicast and reserved"],
    ].map(([cidr, why]): [string, Raw, RegExp] => [
      `${cidr} in ${key}, where no host is`,
      { ...(key === "adminCidrs" ? ADMIN : {}), [key]: JSON.stringify([cidr]) },
      new RegExp(
        `^${key}\\[0\\] \\| "${cidr}" \\| networks that hosts can be in; ${why} \\| pulumi config set --path 'pptp-fleet:${key}\\[0\\]' `,
      ),
    ]),
  ),
  ["a prefix length over 32", { allowedCidrs: '["10.0.0.0/33"]' }, /^allowedCidrs\[0\] \|/],
  ["a null among CIDRs", { allowedCidrs: "[null]" }, /^allowedCidrs\[0\] \| null \|/],

  [
    "administration that nobody can log in to",
    { adminCidrs: '["203.0.113.0/24"]' },
    /^sshPublicKeys \| not set \| .*nobody could log in/,
  ],
  [
    "keys without an open door",
    { sshPublicKeys: ADMIN.sshPublicKeys },
    /^adminCidrs \| not set \| .*SSH is closed without/,
  ],
  [
    "a key twice",
    { ...ADMIN, sshPublicKeys: JSON.stringify([ED25519, ED25519]) },
    /^sshPublicKeys\[1\] .* each key once/,
  ],

  [
    "a VPC larger than AWS has them",
    { vpcCidr: "10.0.0.0/15" },
    /^vpcCidr \| "10.0.0.0\/15" \| an IPv4 CIDR of \/16 to \/23/,
  ],
  ["a VPC too small for its zones", { vpcCidr: "10.42.0.0/24" }, /^vpcCidr \|/],
  [
    "a VPC in public space",
    { vpcCidr: "198.51.0.0/16" },
    /^vpcCidr .* within 10.0.0.0\/8, 172.16.0.0\/12, 192.168.0.0\/16 or 100.64.0.0\/10/,
  ],
  ["a VPC with host bits", { vpcCidr: "10.42.1.0/16" }, /^vpcCidr .* without host bits \| 10.42.0.0\/16$/],
  [
    "a VPC both old and new",
    { ...VPC, subnetIds: `["${SUBNET}"]`, vpcCidr: "10.43.0.0/16" },
    /^vpcCidr .* no value of its own beside vpcId/,
  ],
  [
    "an existing VPC with zones",
    { ...VPC, subnetIds: `["${SUBNET}"]`, zones: '["eu-west-1a"]' },
    /^zones .* no zones beside subnetIds: they follow from these/,
  ],
  [
    "an existing VPC without subnets",
    VPC,
    /^subnetCidrs \| not set \| one or more free CIDRs of vpcId, .* or subnets that exist/,
  ],
  ["subnets without a VPC", { subnetIds: `["${SUBNET}"]` }, /^subnetIds .* nothing without the VPC/],
  ["no VPC's ID", { vpcId: "main" }, /^vpcId \| "main" \| a VPC's ID/],
  ["no subnet's ID", { ...VPC, subnetIds: '["a"]' }, /^subnetIds\[0\] \| "a" \|/],
  [
    "a subnet twice",
    { ...VPC, subnetIds: `["${SUBNET}","${SUBNET}"]` },
    /^subnetIds\[1\] .* each subnet once/,
  ],

  [
    "clients in the VPC",
    { clientPool: "10.40.0.0/14" },
    /^clientPool .* apart from the VPC's, 10.42.0.0\/16: .* 10.64.0.0\/14$/,
  ],
  [
    "the VPC where clients are by default",
    { vpcCidr: "10.65.0.0/16" },
    /^clientPool \| "10.64.0.0\/14" \| .* 10.128.0.0\/14$/,
  ],
  ["clients in public space", { clientPool: "198.51.100.0/24" }, /^clientPool \|/],
  ["a pool without room", { clientPool: "10.64.0.0/29" }, /^clientPool .* of \/8 to \/28/],
  ["a pool beyond private space", { clientPool: "100.0.0.0/8" }, /^clientPool \|/],

  ["no session", { sessionsPerServer: "0" }, /^sessionsPerServer \| 0 \|/],
  [
    "more sessions than call IDs",
    { sessionsPerServer: "501" },
    /^sessionsPerServer \| 501 \| .* to 500: one server has 512 call IDs/,
  ],

  [
    "three resolvers",
    { dns: '["9.9.9.9","1.1.1.1","8.8.8.8"]' },
    /^dns \| .* at most two .* \| pulumi config rm --path 'pptp-fleet:dns\[2\]'$/,
  ],
  [
    "ten subnets",
    { ...VPC, subnetIds: JSON.stringify(Array.from({ length: 10 }, (_, i) => `subnet-0000000${i}`)) },
    /^subnetIds \| .* at most 8 .* \| pulumi config rm --path 'pptp-fleet:subnetIds\[9\]', and so on until 8 are left of 10$/,
  ],
  [
    "a resolver among the clients",
    { dns: '["9.9.9.9","10.65.3.4"]' },
    /^dns \| .* \| resolvers outside of clientPool, 10.64.0.0\/14: 10.65.3.4 is a client's .* \| a resolver's address, or pulumi config rm --path 'pptp-fleet:dns\[1\]'$/,
  ],
  [
    "a resolver at a server's end of the tunnels",
    { dns: '["10.128.0.1"]', clientPool: "10.128.0.0/24" },
    /^dns \| .* 10.128.0.1 is a client's address or a server's end of a tunnel/,
  ],
  ["a resolver by name", { dns: '["dns.example.org"]' }, /^dns\[0\] \|/],
  [
    "a resolver on the client itself",
    { dns: '["127.0.0.53"]' },
    /^dns\[0\] \| "127.0.0.53" \| an address that a server can have; 127.0.0.0\/8 is each machine's own loopback/,
  ],
  ["a resolver in IPv6", { dns: '["2620:fe::fe"]' }, /^dns\[0\] .* IPv4 only/],

  ["a path below IPv4's least", { pathMtu: "575" }, /^pathMtu \| 575 \| .* from 576 to 8196/],
  [
    "a path beyond pptpd's buffer",
    { pathMtu: "8197" },
    /^pathMtu \| 8197 \| at most 8196 bytes: pptpd's packet buffer/,
  ],

  ["users as an object", { users: '{"alice":"x"}' }, /^users \| \[secret\] \| a list of \{name, password\}/],
  ["a user without a password", users({ name: "a" }), /^users\[0\].password \| not set \|/],
  [
    "a user with more",
    users({ name: "a", password: "b", address: "10.64.0.9" }),
    /^users\[0\]\.address \| \[secret\] \| .* nothing else: .* \| there is none: a client gets any free address/,
  ],
  [
    "a name twice",
    users({ name: "a", password: "b" }, { name: "a", password: "c" }),
    /^users\[1\].name \| \[secret\] \| each name once/,
  ],
  ["anybody's name", users({ name: "*", password: "b" }), /^users\[0\].name .* \* means any client/],
  ["a name of no length", users({ name: "", password: "b" }), /^users\[0\].name \| \[secret\] \|/],
  ["a name beyond pppd's", users({ name: "n".repeat(256), password: "b" }), /^users\[0\].name \|/],
  ["a password beyond pppd's", users({ name: "a", password: "p".repeat(256) }), /^users\[0\].password \|/],
  [
    "a password that pppd takes for a file",
    users({ name: "a", password: "@/etc/shadow" }),
    /^users\[0\].password .* begin with @\//,
  ],
  ["a line break in a password", users({ name: "a", password: "b\nc * d" }), /^users\[0\].password \|/],
  ["a name beyond ASCII", users({ name: "zoë", password: "b" }), /^users\[0\].name \|/],

  ["no AMI's ID", { amiId: "debian-13" }, /^amiId \| "debian-13" \| an AMI's ID/],
  [
    "neither true nor false",
    { terminationProtection: "yes" },
    /^terminationProtection \| "yes" \| true or false/,
  ],
  [
    "days that CloudWatch Logs does not know",
    { flowLogRetentionDays: "100" },
    /^flowLogRetentionDays \| 100 \| a number of days that CloudWatch Logs knows: 1, 3, 5, .* 3653 \| pulumi config set pptp-fleet:flowLogRetentionDays 365$/,
  ],
  [
    "a policy's name in place of its ARN",
    { permissionsBoundary: "pptp-fleet-boundary" },
    /^permissionsBoundary \| "pptp-fleet-boundary" \| the ARN of a managed policy, .* \| pulumi config set pptp-fleet:permissionsBoundary arn:aws:iam::111122223333:policy\/pptp-fleet-boundary$/,
  ],
  [
    "a role's ARN as the boundary",
    { permissionsBoundary: "arn:aws:iam::111122223333:role/pptp-fleet" },
    /^permissionsBoundary \| "arn:aws:iam::111122223333:role\/pptp-fleet" \|/,
  ],
  [
    "a boundary of no account",
    { permissionsBoundary: "arn:aws:iam:::policy/pptp-fleet-boundary" },
    /^permissionsBoundary \| .* \| the ARN of a managed policy/,
  ],
  [
    "a version that is none",
    { packageVersions: '{"ppp":"latest"}' },
    /^packageVersions.ppp \| "latest" \| an exact version as dpkg shows it, .* \| pulumi config set --path 'pptp-fleet:packageVersions.ppp' <version>; npm run updates/,
  ],
  [
    "a range of versions, of a package with a dot",
    { packageVersions: '{"python3.13":">= 3.13"}' },
    /^packageVersions\["python3.13"\] \| ">= 3.13" \| an exact version .* \| pulumi config set --path 'pptp-fleet:packageVersions\["python3.13"\]' <version>;/,
  ],
  [
    "a version with no revision after its hyphen",
    { packageVersions: '{"ppp":"2.5.2-"}' },
    /^packageVersions.ppp \|/,
  ],
  [
    "a version with an epoch that is no number",
    { packageVersions: '{"ppp":"a:2.5.2"}' },
    /^packageVersions.ppp \|/,
  ],
  [
    "a version that YAML has rounded",
    { packageVersions: '{"ppp":2.5}' },
    /^packageVersions.ppp \| 2.5 \| .* in quotes where YAML would read a number, .* pulumi config set --path 'pptp-fleet:packageVersions.ppp' <version>$/,
  ],
  [
    "a package with its architecture",
    { packageVersions: '{"libc6:arm64":"2.41-12"}' },
    /^packageVersions.libc6:arm64 \| "2.41-12" \| a package's name without an architecture: .* \| call it libc6 in the stack's file$/,
  ],
  [
    "a package in capitals",
    { packageVersions: '{"OpenSSL":"3.5.9-1"}' },
    /^packageVersions.OpenSSL \| .* \| a Debian package's name: lower case letters, digits and \+\.-, two or more \| call it as dpkg-query -W does/,
  ],
  [
    "a package of one letter",
    { packageVersions: '{"r":"4.5.0-3"}' },
    /^packageVersions.r \| .* a Debian package's name/,
  ],
  [
    "packages without versions",
    { packageVersions: '["ppp"]' },
    /^packageVersions \| \["ppp"\] \| an object of exact versions by package, .* \| npm run updates -- --stack <stack> --write, or pulumi config set/,
  ],
  ["flow logs for ever", { flowLogRetentionDays: "0" }, /^flowLogRetentionDays \| 0 \|/],
];

describe("each wrong value is refused with its own message", () => {
  test.each(cases)("%s", (_, raw, message) => {
    expect(only(raw)).toMatch(message);
  });
});

describe("a fix that is a command leads out", () => {
  // What asks for a second thing beside it says so with the next message: a VPC for its subnets, a key for its CIDR.
  const ASKS_FOR_MORE =
    /^(vpcId|subnetCidrs|subnetIds|gatewaySubnetIds|balancerSubnetIds|defaultRouteTableIds|zones|sshPublicKeys|adminCidrs|frontDoor)$/;

  test.each(cases)("%s", (_, raw) => {
    const [mistake] = mistakes(raw);
    const told = `${mistake!.key}: ${mistake!.allowed}`;
    if (mistake!.fix.includes("and so on until")) return;
    for (const config of afterFix(given(raw), mistake!.fix)) {
      const left = mistakes(config).filter(({ key }) => !ASKS_FOR_MORE.test(key));
      expect([mistake!.fix, left]).toEqual([mistake!.fix, []]);
      expect(mistakes(config).map(({ key, allowed }) => `${key}: ${allowed}`)).not.toContain(told);
    }
  });
});

describe("a fix sets what is at fault, and not the first of its kind", () => {
  test.each([
    ["dns", '["9.9.9.9","127.0.0.1"]', "dns[1]"],
    ["allowedCidrs", '["198.51.100.0/24","203.0.113.0/24","x"]', "allowedCidrs[2]"],
    ["sshPublicKeys", JSON.stringify([ED25519, "ssh-rsa AAAA"]), "sshPublicKeys[1]"],
    ["zones", '["eu-west-1a","nowhere"]', "zones[1]"],
    ["subnetCidrs", '["10.20.128.0/24","8.8.8.0/24"]', "subnetCidrs[1]"],
    ["subnetIds", '["subnet-0123456789abcdef0","subnet-x"]', "subnetIds[1]"],
    ["elasticIps", '{"a":"eipalloc-0123456789abcdef1","b-2":[5]}', "elasticIps.b-2"],
    ["packageVersions", '{"ppp":"2.5.2-1+1","python3.13":[]}', 'packageVersions["python3.13"]'],
  ])("%s", (key, text, place) => {
    const [mistake] = mistakes({ [key]: text }).filter((each) => each.key === place);
    expect(mistake!.fix).toContain(`--path 'pptp-fleet:${place}'`);
  });

  test("one of zones in place of the CIDR's that has none", () => {
    const raw = { ...VPC, subnetCidrs: '["10.20.128.0/24","10.20.129.0/24"]' };
    const only = (zones: string) => mistakes({ ...raw, zones }).filter(({ key }) => key === "zones")[0]!.fix;
    expect(only("")).toBe(
      "name each CIDR's zone, in the same order: pulumi config set --path 'pptp-fleet:zones[0]' eu-west-1a",
    );
    expect(only('["us-east-1a"]')).toBe(
      "name each CIDR's zone, in the same order: pulumi config set --path 'pptp-fleet:zones[1]' us-east-1b, or pulumi config rm --path 'pptp-fleet:subnetCidrs[1]'",
    );
  });

  test("nothing is asked of named subnets that are to go", () => {
    const both = { ...VPC, frontDoor: "nlb", zones: '["eu-west-1a"]', subnetCidrs: '["10.20.128.0/24"]' };
    const told = mistakes({ ...both, subnetIds: '["subnet-0123456789abcdef0"]' }).map(({ key }) => key);
    expect(told).toEqual(["subnetIds"]);
  });
});

describe("values at the edge are allowed", () => {
  test.each([
    [{ servers: "10000" }],
    [{ sessionsPerServer: "500" }],
    [{ pathMtu: "576" }],
    [{ pathMtu: "8196" }],
    [{ vpcCidr: "192.168.0.0/23" }],
    [NAMED],
    [{ ...NAMED, frontDoor: "eip" }],
    [{ ...CARVED, subnetCidrs: '["10.20.0.0/26"]' }],
    [{ ...CARVED, frontDoor: "nlb" }],
    [{ clientPool: "192.168.0.0/28" }],
    // Whatever is wider than a range without hosts, and what lies beside one.
    [{ allowedCidrs: '["0.0.0.0/0"]' }],
    [{ allowedCidrs: '["0.0.0.0/1","128.0.0.0/1"]' }],
    [{ allowedCidrs: '["126.0.0.0/8","128.0.0.0/8","223.255.255.255/32","1.0.0.0/32"]' }],
    [{ ...ADMIN, adminCidrs: '["0.0.0.0/0"]' }],
    [{ egress: '{"cidrs":["0.0.0.0/0"]}' }],
    [{ dns: '["10.63.255.255","10.68.0.0"]' }],
    [{ instanceType: "c99x.large" }],
    [users({ name: "n".repeat(255), password: "p".repeat(255) })],
    [
      {
        packageVersions:
          '{"ca-certificates":20250419,"g++":"4:14.2.0-1","libssl3t64":"3.5.9-1~deb13u1","0ad":"0.27.0-2"}',
      },
    ],
    [{ permissionsBoundary: "arn:aws:iam::aws:policy/ReadOnlyAccess" }],
    [{ permissionsBoundary: `arn:aws-us-gov:iam::111122223333:policy/a/b/${"p".repeat(128)}` }],
  ])("%j", (raw) => {
    expect(only(raw as Record<string, string>)).toBe("no mistake");
  });
});

describe("the secret that the accounts travel in", () => {
  /** As many accounts of 55 bytes of JSON each (with the comma) as asked for. */
  const many = (count: number) =>
    users(
      ...Array.from({ length: count }, (_, i) => ({
        name: `meter-${String(i).padStart(6, "0")}`,
        password: "p".repeat(15),
      })),
    );

  test("accounts that fill it to the last one are allowed, and one more is told how many fit", () => {
    const each = JSON.stringify({ name: "meter-000000", password: "p".repeat(15) }).length + 1;
    const fit = Math.floor((65_536 - '{"users":[]}'.length + 1) / each);
    expect(only(many(fit))).toBe("no mistake");
    expect(only(many(fit + 1))).toContain(`the first ${fit} of these ${fit + 1} accounts fit`);
  });
});
