/** Which machines: image, type, protection, tags. */
import { arrives, type Case, each, GATEWAY_NAMES, GATEWAYS, NOTHING, SERVERS } from "./case.ts";

const AMI = "ami-0123456789abcdef0";
const anew = (...instanceInputs: string[]) => ({
  nlb: { replaced: [...SERVERS, ...GATEWAYS.replaced], updated: GATEWAYS.updated, instanceInputs },
  eip: { replaced: SERVERS, instanceInputs },
});

const INSTANCE = "another instance";

export const cases: Case[] = [
  { change: "`amiId`: set, or another", to: { amiId: AMI }, ends: INSTANCE, ...anew("ami") },
  {
    change: "`amiId`: unset again",
    from: { amiId: AMI },
    to: { amiId: undefined },
    nlb: NOTHING,
    eip: NOTHING,
  },
  {
    change: "`packageVersions`: one more, or another version",
    to: { packageVersions: { "openssh-server": "1:10.0p1-7+deb13u4" } },
    nlb: {
      machines: {
        ...arrives("once no session is left").machines,
        ...arrives("in place", GATEWAY_NAMES).machines,
      },
    },
    eip: arrives("once no session is left"),
  },
  {
    change: "`instanceType`: another of the same processor",
    ends: INSTANCE,
    to: { instanceType: "t3.small" },
    nlb: { restarted: SERVERS, instanceInputs: ["instanceType"] },
    eip: { restarted: SERVERS, instanceInputs: ["instanceType"] },
  },
  {
    change: "`instanceType`: of another processor, and `gatewayInstanceType` with it",
    ends: INSTANCE,
    to: { instanceType: "c7gn.large", gatewayInstanceType: "c7gn.large" },
    ...anew("ami", "instanceType"),
  },
  {
    change: "`gatewayInstanceType`: another of the same processor",
    to: { gatewayInstanceType: "t3.small" },
    nlb: { restarted: each("Instance", ...GATEWAY_NAMES), instanceInputs: ["instanceType"] },
    eip: NOTHING,
  },
  {
    change: "`terminationProtection`: on",
    to: { terminationProtection: true },
    nlb: {
      updated: [...SERVERS, ...each("Instance", ...GATEWAY_NAMES), "LoadBalancer"],
      instanceInputs: ["disableApiTermination"],
    },
    eip: { updated: SERVERS, instanceInputs: ["disableApiTermination"] },
  },
];
