import type { Case } from "../broken.ts";

const IN = "SecurityGroupIngressRule";
const OUT = "SecurityGroupEgressRule";
const CLIENTS = "198.51.100.0/24";
/** Ingress rules that clients come by. */
const OPENED = [
  `pptp-fleet-balancer-in-control-${CLIENTS}`,
  `pptp-fleet-gateway-in-control-${CLIENTS}`,
  `pptp-fleet-gateway-in-gre-${CLIENTS}`,
  `pptp-fleet-in-control-${CLIENTS}`,
  `pptp-fleet-in-gre-${CLIENTS}`,
];

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

const inline = (rule: object, direction = "ingress") => ({
  [direction]: [{ description: "A rule inside a group", ...rule }],
});

export const firewallCases: Case[] = [
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
      resources.add("aws:ec2/securityGroupRule:SecurityGroupRule", "older", {
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
      resources.add("aws:ec2/securityGroupRule:SecurityGroupRule", "older", {
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
    what: "egress.mode routed, with everywhere as what clients reach",
    config: ["egress.mode=routed", 'egress.cidrs=["0.0.0.0/0"]'],
    breaks: () => undefined,
    at: ["pptp-fleet-in-clients-tcp-0.0.0.0/0"],
  },
  ...[
    { what: "no protocol 47 in", type: IN, gone: `pptp-fleet-in-gre-${CLIENTS}`, left: "pptp-fleet" },
    { what: "no protocol 47 out", type: OUT, gone: `pptp-fleet-out-gre-${CLIENTS}`, left: "pptp-fleet" },
    {
      what: "no protocol 47 into gateways",
      type: IN,
      gone: `pptp-fleet-gateway-in-gre-${CLIENTS}`,
      left: "pptp-fleet-gateway",
    },
    {
      what: "no protocol 47 out of gateways",
      type: OUT,
      gone: `pptp-fleet-gateway-out-gre-${CLIENTS}`,
      left: "pptp-fleet-gateway",
    },
  ].map(
    ({ what, type, gone, left }): Case => ({
      policy: "gre-beside-control",
      what,
      breaks: (resources) => resources.remove(type, gone),
      at: [`${left}-in-control-${CLIENTS}`],
    }),
  ),
  {
    policy: "gre-beside-control",
    what: "protocol 47 for fewer than TCP 1723",
    breaks: (resources) =>
      resources.change(IN, `pptp-fleet-in-gre-${CLIENTS}`, (rule) => {
        rule.cidrIpv4 = "198.51.100.0/25";
      }),
    at: [`pptp-fleet-in-control-${CLIENTS}`],
  },
  {
    policy: "gre-beside-control",
    what: "TCP 1723 inside a group, without protocol 47",
    breaks: (resources) =>
      resources.change("SecurityGroup", "pptp-fleet", (group) =>
        Object.assign(
          group,
          inline({ protocol: "tcp", fromPort: 1723, toPort: 1723, cidrBlocks: ["10.9.0.0/16"] }),
        ),
      ),
    at: ["pptp-fleet"],
  },
  {
    policy: "gre-beside-control",
    what: "the servers in the balancer's group",
    breaks: (resources) => {
      const [group] = resources.find("SecurityGroup", "pptp-fleet-balancer");
      for (const nic of resources.find("NetworkInterface", "pptp-fleet-a-1")) {
        nic.inputs.securityGroups = [group!.id];
        nic.state.securityGroups = [group!.id];
        nic.propertyDependencies.securityGroups = [group!.urn];
      }
    },
    at: [`pptp-fleet-balancer-in-control-${CLIENTS}`],
  },
  {
    policy: "rules-described",
    what: "a rule without a description",
    breaks: (resources) =>
      resources.change(OUT, "pptp-fleet-out-https-0.0.0.0/0", (rule) => {
        delete rule.description;
      }),
    at: ["pptp-fleet-out-https-0.0.0.0/0"],
  },
  {
    policy: "rules-described",
    what: "a rule inside a group without a description",
    breaks: (resources) =>
      resources.change("SecurityGroup", "pptp-fleet", (group) =>
        Object.assign(
          group,
          inline(
            { protocol: "udp", fromPort: 123, toPort: 123, cidrBlocks: ["10.9.0.0/16"], description: " " },
            "egress",
          ),
        ),
      ),
    at: ["pptp-fleet"],
  },
  {
    policy: "default-group-closed",
    what: "a VPC whose default group is AWS's",
    breaks: (resources) => resources.remove("DefaultSecurityGroup", "pptp-fleet"),
    at: ["pptp-fleet"],
  },
  {
    policy: "default-group-closed",
    what: "a default group that lets its members talk",
    breaks: (resources) =>
      resources.change("DefaultSecurityGroup", "pptp-fleet", (group) =>
        Object.assign(group, inline({ protocol: "tcp", fromPort: 80, toPort: 80, self: true })),
      ),
    at: ["pptp-fleet"],
  },
];
