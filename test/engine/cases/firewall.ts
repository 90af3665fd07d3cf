/** Who may dial, who may administer, and who has an account. */
import { ed25519Of } from "../../shared/made-keys.ts";
import { arrives, type Case, each, GATEWAY_NAMES, SERVER_NAMES } from "./case.ts";

const ALWAYS = "198.51.100.0/24";
const MORE = "10.9.0.0/16";
const ADMIN = "203.0.113.0/24";
const [KEY, OTHER] = [1, 2].map(ed25519Of) as [string, string];

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

const KEYS = { adminCidrs: [ADMIN], sshPublicKeys: [KEY] };
const keyChanged = {
  nlb: arrives("in place", [...SERVER_NAMES, ...GATEWAY_NAMES]),
  eip: arrives("in place"),
};

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
    nlb: { created: dialling(MORE).nlb, ...arrives("in place") },
    eip: { created: dialling(MORE).eip, ...arrives("in place") },
  },
  {
    change: "`allowedCidrs`: one more, in the VPC",
    to: { allowedCidrs: [ALWAYS, NEAR] },
    nlb: { created: dialling(NEAR).nlb, ...arrives("in place", GATEWAY_NAMES) },
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
    to: KEYS,
    nlb: {
      created: [...ssh(ADMIN).nlb, ...jump],
      ...arrives("in place", [...SERVER_NAMES, ...GATEWAY_NAMES]),
    },
    eip: { created: ssh(ADMIN).eip, ...arrives("in place") },
  },
  {
    change: "`sshPublicKeys`: one more",
    from: KEYS,
    to: { sshPublicKeys: [KEY, OTHER] },
    ...keyChanged,
  },
  {
    change: "`sshPublicKeys`: one less",
    from: { ...KEYS, sshPublicKeys: [KEY, OTHER] },
    to: { sshPublicKeys: [KEY] },
    ...keyChanged,
  },
  {
    change: "`adminCidrs`: one more",
    from: KEYS,
    to: { adminCidrs: [ADMIN, MORE] },
    nlb: { created: ssh(MORE).nlb },
    eip: { created: ssh(MORE).eip },
  },
  {
    change: "`adminCidrs`: one more, from where routed clients are reached too",
    from: { ...KEYS, ...ROUTED },
    to: { adminCidrs: [ADMIN, MORE] },
    nlb: { created: ssh(MORE).nlb, ...arrives("in place") },
    eip: { created: ssh(MORE).eip, ...arrives("in place") },
  },
  {
    change: "`adminCidrs`: one more, in the VPC",
    from: KEYS,
    to: { adminCidrs: [ADMIN, NEAR] },
    nlb: { created: ssh(NEAR).nlb, ...arrives("in place", GATEWAY_NAMES) },
    eip: { created: ssh(NEAR).eip },
  },
];
