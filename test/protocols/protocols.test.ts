/** Protocols side by side: each brings what is its own, and changes nothing of another's. */
import { describe, expect, test } from "vitest";
import { gatewayRules, type Rules, serverRules } from "../../components/network/rules.ts";
import { makePlan } from "../../plan/plan.ts";
import { timers } from "../../plan/tunnel/timers.ts";
import { judge } from "../../probe/aws/faults.ts";
import { flowsOf, protocols } from "../../protocols/protocols.ts";
import { stops } from "../policy/analysis.ts";
import { Resources } from "../policy/changed-resources.ts";
import { inventoryOf } from "../probe/aws/from-program.ts";
import { run } from "../program/run.ts";
import { givenFacts, givenSettings } from "../shared/given.ts";
import { beside, l2tp } from "./another.ts";

const both = [...protocols, l2tp];

describe("each protocol", () => {
  test("has flows by names of their own", () => {
    const names = flowsOf(both).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(protocols.map((protocol) => [protocol.name, protocol] as const))(
    "%s has a chain of timers for each flow, and flows that break legs of its own",
    (_, { flows, legs, chains }) => {
      const { keepalive } = givenSettings();
      const timer = { name: "somebody", seconds: 1000, source: "" };
      const path = {
        group: { tcp: timer, others: timer },
        balancer: { tcp: timer },
        tracking: { tcp: timer, gre: timer },
      };
      const titles = chains(keepalive, path).map(({ flow }) => flow);
      expect(titles.sort()).toEqual(flows.map(({ title }) => title as string).sort());
      const broken = flows.flatMap(({ legs: { there, back } }) => [there, back]);
      expect(broken.filter((leg) => !(leg in legs))).toEqual([]);
    },
  );
});

describe("a protocol more", () => {
  const { fleet, gateways } = makePlan(givenSettings({ frontDoor: "nlb" }), givenFacts("a"), "dev");
  const openings = { ...fleet, gateways };
  const added = (rules: (of: typeof both) => Rules) => {
    const [before, after] = [rules([...protocols]), rules(both)];
    const names = ({ ingress, egress }: Rules) =>
      [...ingress.map((rule) => ["in", rule] as const), ...egress.map((rule) => ["out", rule] as const)].map(
        ([way, { name, cidr, ipProtocol, ports = [] }]) =>
          [way, name, cidr, ipProtocol, ports.join("-")].filter((part) => part !== "").join(" "),
      );
    expect(names(after)).toEqual(expect.arrayContaining(names(before)));
    return names(after).filter((rule) => !names(before).includes(rule));
  };

  test("opens its ports and protocols on servers, both ways, and nothing twice", () => {
    expect(added((of) => serverRules(openings, of))).toEqual([
      "in ike 198.51.100.0/24 udp 500-500",
      "in ike-nat 198.51.100.0/24 udp 4500-4500",
      "in esp 198.51.100.0/24 50",
      "out ike 198.51.100.0/24 udp 1-65535",
      "out esp 198.51.100.0/24 50",
    ]);
  });

  test("passes gateways: what is balanced to the balancer, the rest to servers", () => {
    const [{ balancerAddress, serversCidr }] = gateways as [(typeof gateways)[number]];
    expect(added((of) => gatewayRules(openings, of))).toEqual([
      "in ike 198.51.100.0/24 udp 500-500",
      "in ike-nat 198.51.100.0/24 udp 4500-4500",
      "in esp 198.51.100.0/24 50",
      `in answers-ike ${balancerAddress}/32 udp 1-65535`,
      `in ike-nat-servers ${serversCidr} udp 1-65535`,
      `in esp-servers ${serversCidr} 50`,
      `in past-ike ${serversCidr} udp 1-65535`,
      `out balancer-ike ${balancerAddress}/32 udp 500-500`,
      `out ike-nat-servers ${serversCidr} udp 4500-4500`,
      `out esp-servers ${serversCidr} 50`,
      "out ike 198.51.100.0/24 udp 1-65535",
      "out esp 198.51.100.0/24 50",
    ]);
  });

  test("has its chain beside the others, and its own keepalive counts", () => {
    const [alone, more] = [timers(givenSettings()), timers(givenSettings(), both)];
    expect(more.chains.slice(0, alone.chains.length)).toEqual(alone.chains);
    expect(more.chains.slice(alone.chains.length).map(({ flow }) => flow)).toEqual(["ESP"]);
    expect([alone.outlasted, more.outlasted]).toEqual([60, 50]);
  });

  test("changes no resource that was there, and adds its rules, a listener and a target group", async () => {
    const config = { servers: 1, zones: ["eu-west-1a"] };
    const [before, after] = [await run(config), await beside(() => run(config))];
    const shown = ({ resources }: typeof before) =>
      new Map(resources.map(({ urn, inputs }) => [urn, JSON.stringify(inputs)]));
    const [old, now] = [shown(before), shown(after)];
    expect([...old].filter(([urn, inputs]) => now.get(urn) !== inputs)).toEqual([]);
    const made = after.resources.filter(({ urn }) => !old.has(urn));
    expect(
      made
        .filter(({ type }) => type.startsWith("aws:lb/"))
        .map(({ type, name, inputs }) => [type.split(":").at(-1), name, inputs.protocol, inputs.port]),
    ).toEqual([
      ["Listener", "pptp-fleet-ike", "UDP", 500],
      ["TargetGroup", "pptp-fleet-ike", "UDP", 500],
      ["TargetGroupAttachment", "pptp-fleet-a-1-ike", undefined, 500],
    ]);
    const rules = made.filter(({ type }) => type.startsWith("aws:vpc/securityGroup"));
    expect(made).toHaveLength(3 + rules.length);
    expect(rules.length).toBe(5 + 12 + 2);
  });
});

describe("a protocol more, of a fleet that has it", () => {
  const CONFIG = { servers: 1, zones: ["eu-west-1a"] };
  /** What policies stop, once some resources are others. */
  const stopped = (change: (resources: Resources) => void = () => {}) =>
    beside(async () => {
      const resources = new Resources((await run(CONFIG)).resources);
      change(resources);
      return stops(resources.list);
    });

  test("stops no policy", async () => {
    expect(await stopped()).toEqual([]);
  });

  test("is nobody's on the internet", async () => {
    const rule = "pptp-fleet-in-esp-198.51.100.0/24";
    const open = await stopped((resources) =>
      resources.change("SecurityGroupIngressRule", rule, (inputs) => {
        inputs.cidrIpv4 = "0.0.0.0/0";
      }),
    );
    expect(open).toContain(`no-open-world: ${rule}`);
  });

  test("has its tunnels beside its control", async () => {
    const closed = await stopped((resources) =>
      resources.remove("SecurityGroupEgressRule", "pptp-fleet-out-esp-198.51.100.0/24"),
    );
    expect(closed).toEqual(["gre-beside-control: pptp-fleet-in-ike-198.51.100.0/24"]);
  });

  test("has the listeners of its flows, and no other", async () => {
    const other = await stopped((resources) =>
      resources.change("Listener", "pptp-fleet-ike", (inputs) => {
        inputs.port = 501;
      }),
    );
    expect(other).toEqual(["balancer-internal: pptp-fleet-ike"]);
  });

  test("is asked after by the probe, each way of each flow", async () => {
    const from = "198.51.100.9";
    const [sound, closed] = await beside(async () => {
      const inventory = inventoryOf(await run(CONFIG));
      const servers = inventory.groups.find(({ name }) => name === "pptp-fleet")!;
      const groups = [{ ...servers, rules: servers.rules.filter(({ protocol }) => protocol !== "50") }];
      const without = {
        ...inventory,
        groups: inventory.groups.filter((each) => each !== servers).concat(groups),
      };
      return [judge(inventory, { from }), judge(without, { from })];
    });
    expect(sound).toEqual([]);
    expect(closed!.map(({ id }) => id)).toEqual(["rule-servers-in-50", "rule-servers-out-50"]);
  });
});
