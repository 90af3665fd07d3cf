/** Which machines: image, type, protection, tags. */
import { type Case, each, GATEWAYS, NOTHING, SERVERS } from "./case.ts";

const AMI = "ami-0123456789abcdef0";
const all = {
  nlb: { replaced: [...SERVERS, ...GATEWAYS.replaced], updated: GATEWAYS.updated },
  eip: { replaced: SERVERS },
};

export const cases: Case[] = [
  { change: "`amiId`: set, or another", to: { amiId: AMI }, ...all },
  {
    change: "`amiId`: unset again",
    from: { amiId: AMI },
    to: { amiId: undefined },
    nlb: NOTHING,
    eip: NOTHING,
  },
  {
    change: "`instanceType`: another of the same processor",
    to: { instanceType: "t3.small" },
    nlb: { restarted: SERVERS },
    eip: { restarted: SERVERS },
  },
  {
    change: "`instanceType`: of another processor, and `gatewayInstanceType` with it",
    to: { instanceType: "c7gn.large", gatewayInstanceType: "c7gn.large" },
    ...all,
  },
  {
    change: "`gatewayInstanceType`: another of the same processor",
    to: { gatewayInstanceType: "t3.small" },
    nlb: { restarted: each("Instance", "gateway-a", "gateway-b") },
    eip: NOTHING,
  },
  {
    change: "`terminationProtection`: on",
    to: { terminationProtection: true },
    nlb: { updated: [...SERVERS, ...each("Instance", "gateway-a", "gateway-b"), "LoadBalancer"] },
    eip: { updated: SERVERS },
  },
];
