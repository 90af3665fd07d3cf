import { GROUP_RULE } from "../../../graph/types.ts";
import type { Case } from "../changed-resources.ts";
import { addRule, CLIENTS, IN, inline, OUT } from "./rules.ts";

/** Ingress rules that clients come by. */
const OPENED = [
  `pptp-fleet-balancer-in-control-${CLIENTS}`,
  `pptp-fleet-gateway-in-control-${CLIENTS}`,
  `pptp-fleet-gateway-in-gre-${CLIENTS}`,
  `pptp-fleet-in-control-${CLIENTS}`,
  `pptp-fleet-in-gre-${CLIENTS}`,
];

const SSH = { ipProtocol: "tcp", fromPort: 22, toPort: 22 };

/** Networks of eight bits: none is too wide. */
const eights = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `${from + i}.0.0.0/8`);

const worlds: Case[] = ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "64.0.0.0/2", "anything"].map((cidr) => ({
  policy: "no-open-world",
  what: `clients' rules open to ${cidr}`,
  breaks: (resources) => {
    for (const type of [IN, OUT])
      resources.change(type, new RegExp(`(control|gre)-${CLIENTS}$`), (rule) => {
        rule.cidrIpv4 = cidr;
      });
  },
  at: OPENED,
}));

const worlds6: Case[] = ["::/0", "8000::/1"].map((cidr) => ({
  policy: "no-open-world",
  what: `clients' rules open to ${cidr}`,
  breaks: (resources) => {
    for (const type of [IN, OUT])
      resources.change(type, new RegExp(`(control|gre)-${CLIENTS}$`), (rule) => {
        delete rule.cidrIpv4;
        rule.cidrIpv6 = cidr;
      });
  },
  at: OPENED,
}));

export const openWorldCases: Case[] = [
  ...worlds,
  ...worlds6,
  {
    policy: "no-open-world",
    what: "SSH open to the world",
    breaks: (resources) =>
      resources.change(IN, "pptp-fleet-in-ssh-203.0.113.0/24", (rule) => {
        rule.cidrIpv4 = "0.0.0.0/0";
      }),
    at: ["pptp-fleet-in-ssh-203.0.113.0/24"],
  },
  {
    policy: "no-open-world",
    what: "a prefix list that may do SSH",
    breaks: (resources) =>
      resources.change(IN, "pptp-fleet-in-ssh-203.0.113.0/24", (rule) => {
        delete rule.cidrIpv4;
        rule.prefixListId = "pl-0123456789abcdef0";
      }),
    at: ["pptp-fleet-in-ssh-203.0.113.0/24"],
  },
  {
    policy: "no-open-world",
    what: "a rule inside a group for all TCP ports",
    breaks: (resources) =>
      resources.change("SecurityGroup", "pptp-fleet", (group) =>
        Object.assign(
          group,
          inline({ protocol: "tcp", fromPort: 0, toPort: 65535, cidrBlocks: ["10.0.0.0/8", "0.0.0.0/0"] }),
        ),
      ),
    at: ["pptp-fleet"],
  },
  {
    policy: "no-open-world",
    what: "a rule of the older kind for all protocols",
    breaks: (resources) =>
      resources.add(GROUP_RULE, "older", {
        type: "ingress",
        protocol: "all",
        ipv6CidrBlocks: ["::/0"],
        description: "All",
        securityGroupId: "sg-0123",
      }),
    at: ["older"],
  },
  {
    policy: "no-open-world",
    what: "GRE by its number in an older rule",
    breaks: (resources) =>
      resources.add(GROUP_RULE, "older", {
        type: "ingress",
        protocol: 47,
        cidrBlocks: ["0.0.0.0/0"],
        description: "All",
        securityGroupId: "sg-0123",
      }),
    at: ["older"],
  },
  {
    policy: "no-open-world",
    what: "SSH open to the world, in a list with a group that is not made yet",
    breaks: (resources) => {
      const [balancer] = resources.find("SecurityGroup", "pptp-fleet-balancer");
      resources.change("SecurityGroup", "pptp-fleet", (group) => {
        const rule = { description: "A rule inside a group", protocol: "tcp" };
        group.ingress = [
          { ...rule, fromPort: 8080, toPort: 8080, securityGroups: [balancer!.id] },
          { ...rule, fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] },
        ];
      });
    },
    at: ["pptp-fleet"],
  },
  {
    policy: "no-open-world",
    what: "half of the world, for a range of ports by the protocol's number",
    breaks: (resources) =>
      addRule(resources, "pptp-fleet", "wide", {
        ipProtocol: "6",
        fromPort: 1000,
        toPort: 65_535,
        cidrIpv4: "128.0.0.0/1",
      }),
    at: ["wide"],
  },
  {
    policy: "no-open-world",
    what: "SSH open to half of the world, in a list inside a group",
    breaks: (resources) =>
      resources.change("SecurityGroup", "pptp-fleet", (group) =>
        Object.assign(
          group,
          inline({ protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: eights(0, 128) }),
        ),
      ),
    at: ["pptp-fleet"],
  },
  {
    policy: "no-open-world",
    what: "SSH open to half of the world, in a list of an older rule",
    breaks: (resources) =>
      resources.add(GROUP_RULE, "older", {
        ...{ type: "ingress", protocol: "tcp", fromPort: 22, toPort: 22, description: "Older" },
        ...{ cidrBlocks: eights(128, 256), securityGroupId: "sg-0123" },
      }),
    at: ["older"],
  },
  {
    policy: "no-open-world",
    what: "SSH open to more than a 64th of the world, by rules of one network each",
    breaks: (resources) => {
      for (const cidrIpv4 of eights(11, 16)) addRule(resources, "pptp-fleet", cidrIpv4, { ...SSH, cidrIpv4 });
    },
    at: ["pptp-fleet"],
  },
  {
    policy: "no-open-world",
    what: "SSH open to IPv6 networks of many providers",
    breaks: (resources) => {
      for (let i = 0; i < 17; i++)
        addRule(resources, "pptp-fleet", `six-${i}`, {
          ...SSH,
          cidrIpv6: `2a${i.toString(16).padStart(2, "0")}::/32`,
        });
    },
    at: ["pptp-fleet"],
  },
  {
    policy: "no-open-world",
    what: "SSH open to more than a 64th of the world, by two groups of one machine",
    breaks: (resources) => {
      for (const cidrIpv4 of eights(11, 14)) addRule(resources, "pptp-fleet", cidrIpv4, { ...SSH, cidrIpv4 });
      for (const cidrIpv4 of eights(14, 16))
        addRule(resources, "pptp-fleet-gateway", cidrIpv4, { ...SSH, cidrIpv4 });
      const [group] = resources.find("SecurityGroup", "pptp-fleet-gateway");
      for (const nic of resources.find("NetworkInterface", "pptp-fleet-a-1")) {
        nic.inputs.securityGroups = [...nic.inputs.securityGroups, group!.id];
        nic.state.securityGroups = nic.inputs.securityGroups;
        nic.propertyDependencies.securityGroups = [...nic.propertyDependencies.securityGroups!, group!.urn];
      }
    },
    at: ["pptp-fleet-a-1"],
  },
];
