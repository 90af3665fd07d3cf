/**
 * What `npm run probe` says of a whole fleet, with the gateway's own counters: dialled from a client of the lab, as a
 * user's Linux machine would.
 *
 * Does not prove: that AWS answers as the lab's VPC does. That is what a user's probe is for.
 */

import { beforeAll, describe, expect, test } from "vitest";
import { ROUTE } from "../../../graph/types.ts";
import { countersOf } from "../../../probe/legs/gateway.ts";
import { LEGS } from "../../../probe/legs/legs.ts";
import { machineThrough } from "../../../probe/machines/through.ts";
import { probe, type Report } from "../../../probe/probe.ts";
import {
  A1,
  dialled,
  type Mutation,
  mutated,
  quiet,
  sharedVpc,
  targetHealth,
  without,
} from "../shared/vpc.ts";

beforeAll(async () => {
  await sharedVpc();
  await targetHealth("a", { [`${A1}:1723`]: "healthy" });
});

async function probed(): Promise<Report> {
  const { clients, machines, account } = await sharedVpc();
  await quiet();
  const gateway = machines["gateway-a"]!.agent;
  return probe({
    ...{ machine: machineThrough((argv, options) => clients.client.exec(argv, options)), account },
    address: await dialled(),
    counters: async () => countersOf(await gateway.sh("nft -j list counters")),
  });
}

test("a sound fleet passes every leg, and its counters settle what nobody has seen on AWS", async () => {
  const { ok, legs, findings } = await probed();
  expect(ok).toBe(true);
  expect(legs.map(({ leg, state }) => [leg, state])).toEqual(Object.keys(LEGS).map((leg) => [leg, "ok"]));
  expect(findings).toEqual([
    expect.stringMatching(/^the balancer answers a client's public address .* seen \(tcp_out grew\)$/),
    expect.stringMatching(
      /^servers' TCP answers return through the balancer, .*: seen \(tcp_past_balancer did/,
    ),
    "GRE passes the gateway both ways",
  ]);
});

describe("made wrong, it is told by leg, likeliest cause and counters", () => {
  const BROKEN: { what: string; mutations: Mutation[]; failed: string; cause: RegExp; finding: RegExp }[] = [
    {
      what: "a balancer without a default route",
      mutations: [without(ROUTE, ({ inputs }) => inputs.routeTableId === "routetable-pptp-fleet-balancer-a")],
      failed: "tcp",
      cause: /^the balancer's answer does not reach the gateway: its subnet's default route/,
      finding: /^TCP 1723 reaches the gateway and nothing comes back to it/,
    },
    {
      what: "servers without a rule for 47, either way",
      mutations: ["Ingress", "Egress"].map((direction) =>
        without(
          `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`,
          ({ inputs }) => inputs.ipProtocol === "47" && inputs.securityGroupId === "securitygroup-pptp-fleet",
        ),
      ),
      failed: "greBack",
      cause: /^a security group has no rule for protocol 47/,
      finding: /^GRE passes the gateway to the server, and none comes back to it/,
    },
  ];

  test.each(BROKEN)("$what", async ({ mutations, failed, cause, finding }) => {
    const report = await mutated(mutations, probed);
    expect(report.failed).toBe(failed);
    expect(report.causes[0]!.cause).toMatch(cause);
    expect(report.findings.at(-1)).toMatch(finding);
  });
});
