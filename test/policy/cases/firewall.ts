import { GROUP_RULE } from "../../../graph/types.ts";
import type { Case } from "../changed-resources.ts";
import { addRule, CLIENTS, IN, inline, OUT } from "./rules.ts";

export const firewallCases: Case[] = [
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
    what: "TCP 1723 inside a group, with protocol 47 in only, and a member that is not made yet",
    breaks: (resources) => {
      const [balancer] = resources.find("SecurityGroup", "pptp-fleet-balancer");
      resources.change("SecurityGroup", "pptp-fleet", (group) => {
        const rule = { description: "A rule inside a group" };
        group.ingress = [
          { ...rule, protocol: "tcp", fromPort: 1723, toPort: 1723, cidrBlocks: ["10.9.0.0/16"] },
          { ...rule, protocol: "47", cidrBlocks: ["10.9.0.0/16"] },
          { ...rule, protocol: "udp", fromPort: 123, toPort: 123, securityGroups: [balancer!.id] },
        ];
      });
    },
    at: ["pptp-fleet"],
  },
  {
    policy: "gre-beside-control",
    what: "TCP 1723 in a range of ports, without protocol 47",
    breaks: (resources) =>
      addRule(resources, "pptp-fleet", "range", {
        ipProtocol: "tcp",
        fromPort: 1700,
        toPort: 1800,
        cidrIpv4: "10.9.0.0/16",
      }),
    at: ["range"],
  },
  {
    policy: "gre-beside-control",
    what: "TCP 1723 in a rule of the older kind, without protocol 47",
    breaks: (resources) => {
      const [group] = resources.find("SecurityGroup", "pptp-fleet");
      const rule = { type: "ingress", protocol: "tcp", fromPort: 1723, toPort: 1723, description: "Older" };
      resources.add(
        GROUP_RULE,
        "older",
        { ...rule, cidrBlocks: ["10.9.0.0/16"], securityGroupId: group!.id },
        { securityGroupId: group! },
      );
    },
    at: ["older"],
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
    policy: "rules-described",
    what: "a group without a description",
    breaks: (resources) =>
      resources.change("SecurityGroup", "pptp-fleet", (group) => {
        group.description = "Managed by Pulumi";
      }),
    at: ["pptp-fleet"],
  },
  {
    policy: "default-group-closed",
    what: "a rule of its own for the default group",
    breaks: (resources) => {
      const [group] = resources.find("DefaultSecurityGroup", "pptp-fleet");
      const tags = { Name: "more", project: "pptp-fleet", stack: "prod" };
      const rule = { ipProtocol: "tcp", fromPort: 80, toPort: 80, cidrIpv4: "10.9.0.0/16" };
      resources.add(
        `aws:vpc/securityGroupEgressRule:${OUT}`,
        "more",
        { securityGroupId: group!.id, description: "One more", ...rule, tags },
        { securityGroupId: group! },
      );
    },
    at: ["more"],
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
