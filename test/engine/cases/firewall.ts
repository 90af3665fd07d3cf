/** Who may dial, who may administer, and who has an account. */
import { type Case, each, GATEWAYS, SERVERS } from "./case.ts";

const ALWAYS = "198.51.100.0/24";
const MORE = "10.9.0.0/16";
const ADMIN = "203.0.113.0/24";
const KEY =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINfhxb+gURRPL1KNuBHmFR3pTYZ2VMDrTXyonfQmmmex admin@example.org";

/** The rules of one CIDR that may dial. */
function dialling(cidr: string): { nlb: string[]; eip: string[] } {
  const of = (group: string) => [
    ...each("SecurityGroupIngressRule", `${group}in-control-${cidr}`, `${group}in-gre-${cidr}`),
    ...each("SecurityGroupEgressRule", `${group}out-control-${cidr}`, `${group}out-gre-${cidr}`),
  ];
  return {
    nlb: [...of(""), ...of("gateway-"), ...each("SecurityGroupIngressRule", `balancer-in-control-${cidr}`)],
    eip: of(""),
  };
}

const ssh = (cidr: string) => ({
  nlb: each("SecurityGroupIngressRule", `in-ssh-${cidr}`, `gateway-in-ssh-${cidr}`),
  eip: each("SecurityGroupIngressRule", `in-ssh-${cidr}`),
});
/** By the gateway, once anybody may. */
const jump = [
  ...each("SecurityGroupIngressRule", "in-ssh-gateway-10.42.16.16/28", "in-ssh-gateway-10.42.48.16/28"),
  ...each("SecurityGroupEgressRule", "gateway-out-ssh-10.42.0.0/20", "gateway-out-ssh-10.42.32.0/20"),
];

/** From where clients are reached under their own addresses. */
const ROUTED = { egress: { mode: "routed", cidrs: ["10.0.0.0/8"] } };
/** In the VPC. */
const NEAR = "10.42.7.0/24";

export const cases: Case[] = [
  {
    change: "`allowedCidrs`: one more",
    to: { allowedCidrs: [ALWAYS, MORE] },
    nlb: { created: dialling(MORE).nlb },
    eip: { created: dialling(MORE).eip },
  },
  {
    change: "`allowedCidrs`: one less",
    from: { allowedCidrs: [ALWAYS, MORE] },
    to: { allowedCidrs: [ALWAYS] },
    nlb: { deleted: dialling(MORE).nlb },
    eip: { deleted: dialling(MORE).eip },
  },
  {
    change: "`allowedCidrs`: one more, from where routed clients are reached too",
    from: ROUTED,
    to: { allowedCidrs: [ALWAYS, MORE] },
    nlb: { created: dialling(MORE).nlb, replaced: SERVERS },
    eip: { created: dialling(MORE).eip, replaced: SERVERS },
  },
  {
    change: "`allowedCidrs`: one more, in the VPC",
    to: { allowedCidrs: [ALWAYS, NEAR] },
    nlb: { created: dialling(NEAR).nlb, ...GATEWAYS },
    eip: { created: dialling(NEAR).eip },
  },
  {
    change: "`users`",
    to: { users: [{ name: "plc-eight", password: "a password of another" }] },
    nlb: { replaced: ["SecretVersion"] },
    eip: { replaced: ["SecretVersion"] },
  },
  {
    change: "`adminCidrs` and `sshPublicKeys`: administration opened",
    to: { adminCidrs: [ADMIN], sshPublicKeys: [KEY] },
    nlb: {
      created: [...ssh(ADMIN).nlb, ...jump],
      replaced: [...SERVERS, ...GATEWAYS.replaced],
      updated: GATEWAYS.updated,
    },
    eip: { created: ssh(ADMIN).eip, replaced: SERVERS },
  },
  {
    change: "`adminCidrs`: one more",
    from: { adminCidrs: [ADMIN], sshPublicKeys: [KEY] },
    to: { adminCidrs: [ADMIN, MORE], sshPublicKeys: [KEY] },
    nlb: { created: ssh(MORE).nlb },
    eip: { created: ssh(MORE).eip },
  },
  {
    change: "`adminCidrs`: one more, from where routed clients are reached too",
    from: { adminCidrs: [ADMIN], sshPublicKeys: [KEY], ...ROUTED },
    to: { adminCidrs: [ADMIN, MORE], sshPublicKeys: [KEY] },
    nlb: { created: ssh(MORE).nlb, replaced: SERVERS },
    eip: { created: ssh(MORE).eip, replaced: SERVERS },
  },
  {
    change: "`adminCidrs`: one more, in the VPC",
    from: { adminCidrs: [ADMIN], sshPublicKeys: [KEY] },
    to: { adminCidrs: [ADMIN, NEAR], sshPublicKeys: [KEY] },
    nlb: { created: ssh(NEAR).nlb, ...GATEWAYS },
    eip: { created: ssh(NEAR).eip },
  },
];
