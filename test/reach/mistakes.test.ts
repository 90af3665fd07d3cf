/** The model finds what a mistake in the program would open, close or lead astray (reach.test.ts). */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Resources } from "../policy/changed-resources.ts";
import { type Config, run } from "../program/run.ts";
import { NAMED } from "../shared/existing-vpc.ts";
import { ECHO_REQUEST } from "./asked.ts";
import { astray, wrong } from "./faults.ts";
import { GRE, ICMP, type Reach, TCP } from "./model.ts";
import { reachOf } from "./read.ts";

// Warnings of quotas are other tests' subject.
beforeAll(() => {
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
});
afterAll(() => {
  vi.restoreAllMocks();
});

describe("a mistake is found", () => {
  const config: Config = {
    servers: 1,
    zones: ["eu-west-1a"],
    vpcCidr: "10.42.0.0/16",
    allowedCidrs: ["198.51.100.0/24"],
    adminCidrs: [],
    dns: [],
    egress: { mode: "routed", cidrs: ["10.9.0.0/16"], clientToClient: false },
  };
  const brokenReach = async (config: Config, breaks: (resources: Resources) => void): Promise<Reach> => {
    const fleet = await run(config);
    const resources = new Resources(fleet.resources);
    breaks(resources);
    return reachOf({ ...fleet, resources: resources.list });
  };
  const broken = async (breaks: (resources: Resources) => void): Promise<string[]> =>
    wrong(config, await brokenReach(config, breaks));

  test("in none of what the program made", async () => {
    expect(await broken(() => undefined)).toEqual([]);
  });

  test("in a server that closes nothing to those who reach its clients", async () => {
    const found = await broken((resources) =>
      resources.rewriteFile("pptp-fleet-a-1", "/etc/nftables.conf", (rules) =>
        rules.replace(/^.*routed to the server itself.*$/m, ""),
      ),
    );
    expect(found).toEqual(
      [`${TCP}/1723`, `${TCP}/8723`, `${ICMP}/${ECHO_REQUEST}`].map(
        (what) => `a-1 from 10.9.0.0 ${what}: open`,
      ),
    );
  });

  test("in a gateway that closes nothing to the VPC", async () => {
    const path = "/etc/pptp-fleet/gateway.nft";
    const found = await broken((resources) =>
      resources.rewriteFile("pptp-fleet-gateway-a", path, (rules) =>
        rules.replaceAll(/^\s+(tcp dport 1723 )?ip saddr \{.*not_pptp" drop$/gm, ""),
      ),
    );
    expect(found).toContain(`gateway-a from 10.42.0.0 ${TCP}/1723: open`);
    expect(found).toContain(`gateway-a from 10.64.0.0 ${ICMP}/${ECHO_REQUEST}: open`);
  });

  test("in a rule of the group that nobody asked for, and in one that is gone", async () => {
    const more = await broken((resources) =>
      resources.change("SecurityGroupIngressRule", /^pptp-fleet-in-clients-tcp-/, (rule) => {
        rule.cidrIpv4 = "10.8.0.0/15";
      }),
    );
    expect(more).toEqual([`a-1 from 10.8.0.0 ${TCP}/1723: open`, `a-1 from 10.8.0.0 ${TCP}/8723: open`]);
    const less = await broken((resources) =>
      resources.remove("SecurityGroupIngressRule", "pptp-fleet-in-gre-198.51.100.0/24"),
    );
    expect(less).toEqual([`a-1 from 198.51.100.0 ${GRE}: closed`]);
  });

  test("in named route tables of two zones that are mixed up, and in one without a default route", async () => {
    const existing: Config = { ...NAMED, servers: 2 };
    const mixed = await brokenReach(existing, (resources) =>
      resources.change("Route", /./, (route) => {
        const other = { "rtb-0123456789abcdef2": "rtb-0123456789abcdef3" }[route.routeTableId as string];
        route.routeTableId = other ?? "rtb-0123456789abcdef2";
      }),
    );
    expect(astray(mixed)).toHaveLength(4);
    const gone = await brokenReach(existing, (resources) => resources.remove("Route", "pptp-fleet-a"));
    expect(astray(gone)).toEqual(["10.20.4.4 by undefined", "10.20.3.4 by undefined"]);
  });
});
