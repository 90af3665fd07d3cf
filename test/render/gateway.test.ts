import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { AwsFacts } from "../../plan/place/aws-facts.ts";
import { makePlan } from "../../plan/plan.ts";
import { renderGateway } from "../../render/machine.ts";
import { UNSET } from "../../settings/groups/conntrack.ts";
import type { Settings } from "../../settings/schema.ts";
import { read } from "../settings/groups/grouped.ts";
import { givenFacts, givenSettings } from "../shared/given.ts";
import { ed25519Of } from "../shared/made-keys.ts";

function machine(changes: Partial<Settings> = {}, facts: AwsFacts = givenFacts(), index = 0) {
  const plan = makePlan(givenSettings({ frontDoor: "nlb", ...changes }), facts, "dev");
  return renderGateway(plan, plan.gateways[index]!);
}
const file = (path: string, changes: Partial<Settings> = {}) =>
  machine(changes).bundle.files.find((each) => each.path === path)!.content;
const rules = (changes: Partial<Settings> = {}) => file("/etc/pptp-fleet/gateway.nft", changes);
const sysctl = () => file("/etc/sysctl.d/90-pptp-fleet.conf").split("\n");

describe("a gateway's bundle", () => {
  test("does not change when servers, accounts, allowed CIDRs or zones come and go", () => {
    const after = machine(
      {
        servers: 9,
        users: [{ name: "plc-7", password: "another" }],
        allowedCidrs: ["198.51.100.0/24", "10.9.0.0/16"],
        adminCidrs: ["10.8.0.0/16"],
      },
      givenFacts("abc"),
    );
    expect(after.packed.version).toBe(machine({ servers: 2 }).packed.version);
  });

  test("has a server's packages in config's version where it has them at all", () => {
    const { packages } = machine({ packageVersions: { nftables: "1.1.3-1", ppp: "2.5.2-1+1" } }).bundle;
    expect(packages).toContainEqual({ name: "nftables", version: "1.1.3-1" });
    expect(packages).toContainEqual({ name: "ppp", version: "2.5.2-1+1", ifInstalled: true });
  });

  test("changes when one comes or goes that lies in the VPC: the security group lets that in for more", () => {
    const inside = (changes: Partial<Settings>) =>
      rules(changes).match(/^.*saddr != \{.*$|^.*dport 22 ip.*$/gm);
    expect(inside({})).toBeNull();
    expect(inside({ allowedCidrs: ["10.42.7.0/24"], adminCidrs: ["10.0.0.0/8"] })).toEqual([
      '\t\ttcp dport 1723 ip saddr { 10.42.0.0/16 } ip saddr != { 10.42.7.0/24 } counter name "not_pptp" drop',
      "\t\ttcp dport 22 ip saddr { 10.42.0.0/16 } accept",
    ]);
  });

  test("keeps the image's kernel, and fetches what the image may lack of what it runs", () => {
    const { packages, purges } = machine().bundle;
    expect(packages).toEqual([{ name: "nftables" }, { name: "python3" }]);
    expect(purges).toEqual([]);
  });

  test("lets administrators in", () => {
    const sshPublicKeys = [ed25519Of(1)];
    expect(file("/etc/ssh/authorized_keys.d/admin", { sshPublicKeys })).toContain(`\n${sshPublicKeys[0]}\n`);
  });
});

describe("a gateway's rules", () => {
  test("have every position of their own zone, taken or not, and no other zone's", () => {
    const ranges = rules({ servers: 1 })
      .match(/^\t+\d+-\d+ : [\d.]+,$/gm)!
      .map((line) => line.trim());
    expect(ranges).toHaveLength(62);
    expect([ranges[0], ranges[61]]).toEqual(["1024-2047 : 10.42.0.4,", "63488-64511 : 10.42.0.65,"]);
    const [second] = machine({}, givenFacts(), 1).bundle.files.filter(({ path }) =>
      path.endsWith("gateway.nft"),
    );
    expect(second!.content).toContain("1024-2047 : 10.42.32.4,");
    expect(second!.content).not.toMatch(/10\.42\.0\.(?!0\/16)/);
  });

  test("translate the servers, and their clients where these are routed", () => {
    const sources = (mode: "nat" | "routed") =>
      rules(read({ egress: { mode } }))
        .match(/^\t\tip saddr \{.*snat to.*$/gm)!
        .map((line) => /\{ (.*?) \}/.exec(line)![1]);
    expect(sources("nat")).toEqual(["10.42.0.0/20", "10.42.0.0/20"]);
    expect(sources("routed")).toEqual(Array(2).fill(`10.42.0.0/20, ${givenSettings().clientPool}`));
  });

  test("open SSH where somebody may administer, and to none who comes for what goes through", () => {
    const input = (changes: Partial<Settings>) =>
      /chain input \{\n([\s\S]*?)\n\t\}/
        .exec(rules(changes))![1]!
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => /dport 22|saddr/.test(line));
    const closed = 'ip saddr { 10.42.0.0/16 } counter name "not_pptp" drop';
    expect(input({})).toEqual([closed]);
    expect(input({ sshPublicKeys: [ed25519Of(1)] })).toEqual([closed, "tcp dport 22 accept"]);
    expect(input(read({ egress: { mode: "routed" } }))).toEqual([
      'ip saddr { 10.42.0.0/16, 10.64.0.0/14 } counter name "not_pptp" drop',
    ]);
  });

  test("name their own address nowhere: it is learnt at boot", () => {
    expect(rules()).not.toMatch(/10\.42\.16\.(1[6-9]|2\d|3[01])\b/);
    expect(rules()).toContain("ip saddr set $own");
  });

  test("have each closing brace on its own line, as nft wants them", () => {
    expect(
      rules()
        .match(/\}\s*\}[ \t]*$/gm)
        ?.filter((braces) => !braces.includes("\n")) ?? [],
    ).toEqual([]);
  });
});

describe("a gateway's kernel", () => {
  test("has the kernel settings that one interface wants", () => {
    expect(sysctl()).toEqual(
      expect.arrayContaining(
        ["send_redirects", "accept_redirects", "rp_filter"].flatMap((name) =>
          ["all", "default", "*"].map((which) => `net.ipv4.conf.${which}.${name} = 0`),
        ),
      ),
    );
  });

  test("has room for the flows of a thousand sessions", () => {
    const max = Number(/^-net\.netfilter\.nf_conntrack_max = (\d+)$/m.exec(sysctl().join("\n"))![1]);
    expect(max).toBeGreaterThanOrEqual(1000 * UNSET.flowsPerSession);
  });

  test("forwards by no file that a boot reads before the rules stand", () => {
    const files = machine().bundle.files.filter(({ path }) => !path.startsWith("/usr/local/sbin/"));
    const lines = files.flatMap(({ content }) => content.split("\n")).filter((line) => !/^\s*#/.test(line));
    expect(lines.filter((line) => line.includes("ip_forward"))).toEqual([]);
    const script = file("/usr/local/sbin/pptp-fleet-gateway");
    expect(script).toMatch(/\n\tnft .*\n\techo 1 >\/proc\/sys\/net\/ipv4\/ip_forward\n/);
    expect(script.match(/ip_forward/g)).toHaveLength(1);
  });

  test("is told each setting under a comment that gives the reason", () => {
    const blocks = file("/etc/sysctl.d/90-pptp-fleet.conf").split("\n\n");
    expect(blocks.filter((block) => !block.startsWith("#"))).toEqual([]);
  });
});

test("no rule of routing is left once the rules stand, for whatever bootcmd has set", () => {
  const { bootcmd } = parse(gunzipSync(machine().userData).toString());
  const silence = bootcmd[0].at(-1);
  const added = [...silence.matchAll(/ip rule add pref (\d)/g)].map(([, pref]) => pref);
  const [, removed] = /for pref in ([\d ]+);/.exec(file("/usr/local/sbin/pptp-fleet-gateway"))!;
  expect(removed!.split(" ")).toEqual(added);
});
