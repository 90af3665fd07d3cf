/**
 * Needs above what AWS gives at all, to whoever asks: refused before anything is made, where AWS would refuse half-way. They
 * are counted from the plan, as nothing is registered yet; that the program then registers as many is a test
 * (test/components/quotas/quota-mistakes.test.ts).
 */
import type { FleetPlan, Plan } from "../../plan/plan.ts";
import { type CappedKey, type Needs, quotas } from "../../plan/quotas/quotas.ts";
import { type Mistake, printable } from "../../settings/mistakes.ts";
import { balancerRules, gatewayRules, type Rules, serverRules } from "../network/rules.ts";

export type CappedNeeds = Pick<Needs, CappedKey>;

/** How many the program will register. */
export function cappedNeeds({ fleet, servers, gateways }: Plan): CappedNeeds {
  const openings = { ...fleet, gateways };
  const groups = {
    servers: serverRules(openings),
    ...(fleet.frontDoor === "nlb"
      ? { gateways: gatewayRules(openings), balancer: balancerRules(openings) }
      : {}),
  };
  const routed = fleet.egress.mode === "routed" ? servers.length : 0;
  // Tables of ours have a default route; what else an existing one holds, nobody has said.
  const defaults = fleet.vpcId === undefined || fleet.internetGatewayId !== undefined ? 1 : 0;
  const dialled = fleet.frontDoor === "eip" ? servers.length : new Set(servers.map(({ zone }) => zone)).size;
  return {
    rulesPerGroup: most(groups),
    routesPerTable: { count: routed + defaults },
    recordsPerName: { count: fleet.name === undefined ? 0 : dialled },
  };
}

function most(groups: Record<string, Rules>): Needs["rulesPerGroup"] {
  return Object.entries(groups)
    .flatMap(([group, { ingress, egress }]) => [
      { count: ingress.length, of: `the ${group}' group, inbound` },
      { count: egress.length, of: `the ${group}' group, outbound` },
    ])
    .reduce((largest, each) => (each.count > largest.count ? each : largest));
}

/** One for each need above what AWS gives. */
export function quotaMistakes(plan: Plan): Mistake[] {
  const needs = cappedNeeds(plan);
  return (Object.keys(MISTAKES) as CappedKey[])
    .filter((key) => needs[key].count > quotas[key].most!)
    .map((key) => MISTAKES[key](plan, needs[key], quotas[key].most!));
}

const MISTAKES: Record<CappedKey, (plan: Plan, need: Needs[CappedKey], most: number) => Mistake> = {
  rulesPerGroup: tooManyRules,

  routesPerTable: ({ servers: { length }, fleet: { egress } }, { count }, most) => {
    const fitting = length - (count - most);
    return {
      key: "servers",
      value: printable(length),
      allowed: `${fitting} with egress.mode ${egress.mode}: a route a server, and AWS has at most ${most} in a route table`,
      fix: `pulumi config set pptp-fleet:servers ${fitting}, the rest in another stack, or pulumi config set --path 'pptp-fleet:egress.mode' nat`,
    };
  },

  recordsPerName: ({ servers: { length } }, _, most) => ({
    key: "servers",
    value: printable(length),
    allowed: `${most} with frontDoor eip and a dialName: a record a server, and Route 53 has at most ${most} of a name`,
    fix: `pulumi config set pptp-fleet:servers ${most}, the rest in another stack with a pptp-fleet:dialName of its own, or pulumi config set pptp-fleet:frontDoor nlb, which has a record a zone, or pulumi config rm pptp-fleet:dialName and pulumi config rm pptp-fleet:hostedZoneId`,
  }),
};

/** Lists of CIDRs that have no bound of their own. */
const LISTS = ["allowedCidrs", "adminCidrs"] as const satisfies (keyof FleetPlan)[];

/** The list that takes most rules, and how many of it fit beside all else. */
function tooManyRules(plan: Plan, { count, of }: Needs[CappedKey], most: number): Mistake {
  const taken = (key: (typeof LISTS)[number]) =>
    count - cappedNeeds({ ...plan, fleet: { ...plan.fleet, [key]: [] } }).rulesPerGroup.count;
  const key = LISTS.reduce((first, each) => (taken(each) > taken(first) ? each : first));
  const { length } = plan.fleet[key];
  const fitting = length - Math.ceil((count - most) / Math.floor(taken(key) / length));
  return {
    key,
    value: `${length} CIDRs`,
    allowed: `${most} rules in a security group each way, the most that AWS gives; ${of} would have ${count}`,
    fix: `fewer, larger CIDRs in pptp-fleet:${key}${fitting > 0 ? `: ${fitting} fit beside the rest` : ""}`,
  };
}
