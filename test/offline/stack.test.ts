/** A stack's config without the CLI. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { stackInput } from "../../offline/stack.ts";

/** A stack that has groups in its file. */
const FILE = `
config:
  aws:region: eu-west-1
  pptp-fleet:servers: 1
  pptp-fleet:allowedCidrs: [198.51.100.0/24]
  pptp-fleet:mtu: { mtu: 1400, mss: 1200 }
  pptp-fleet:users: { secure: AAABAB== }
`;
const folder = mkdtempSync(join(tmpdir(), "stack-"));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, "Pulumi.given.yaml"), FILE);

const given = (overrides: string[]) => stackInput("given", overrides, folder);

/** A key of the config as the program would parse it. */
const parsed = (overrides: string[], key: string) =>
  JSON.parse(given(overrides).config[`pptp-fleet:${key}`] ?? "null");

describe("a stack's config", () => {
  test("is its file's: scalars as text, the rest as JSON", () => {
    expect(given([]).config).toMatchObject({
      "aws:region": "eu-west-1",
      "pptp-fleet:servers": "1",
      "pptp-fleet:allowedCidrs": '["198.51.100.0/24"]',
      "pptp-fleet:mtu": '{"mtu":1400,"mss":1200}',
    });
  });

  test("has a stand-in for what is encrypted, and says so", () => {
    const { config, secretKeys, sealed } = given([]);
    expect([secretKeys, sealed]).toEqual([["pptp-fleet:users"], ["pptp-fleet:users"]]);
    expect(JSON.parse(config["pptp-fleet:users"]!)).toHaveLength(1);
  });

  test("of a stack without a file is refused with those that have one", () => {
    expect(() => stackInput("none", [])).toThrow(/no Pulumi\.none\.yaml here; there are the stacks .*dev/);
  });
});

describe("--config", () => {
  test("mtu.mss=1300 reaches the member, beside those of the stack's file", () => {
    expect(parsed(["mtu.mss=1300"], "mtu")).toEqual({ mtu: 1400, mss: 1300 });
  });

  test("reaches members of a group that the file does not have, one after the other", () => {
    const overrides = ["keepalive.lcpEchoInterval=30", "pptp-fleet:keepalive.lcpEchoFailure=5"];
    expect(parsed(overrides, "keepalive")).toEqual({ lcpEchoInterval: 30, lcpEchoFailure: 5 });
  });

  test("takes a member's value as JSON where it is, and else as text", () => {
    const overrides = ['egress.cidrs=["10.9.0.0/16"]', "egress.mode=routed", "egress.clientToClient=true"];
    expect(parsed(overrides, "egress")).toEqual({
      cidrs: ["10.9.0.0/16"],
      mode: "routed",
      clientToClient: true,
    });
  });

  test("sets a whole key, which is then none of the file's", () => {
    expect(parsed(['mtu={"mru":1300}'], "mtu")).toEqual({ mru: 1300 });
    expect(given(["servers=3"]).config["pptp-fleet:servers"]).toBe("3");
  });

  test("in plain text opens what was sealed, and keeps it secret", () => {
    const { secretKeys, sealed } = given(['users=[{"name":"a","password":"b"}]']);
    expect([secretKeys.includes("pptp-fleet:users"), sealed]).toEqual([true, []]);
  });

  test.each(["servers", "=3"])("%s is none", (override) => {
    expect(() => given([override])).toThrow(`--config ${override}: say key=value`);
  });
});
