/**
 * Each rendered file, read by the program that will read it, in Debian 13's version: in the root of the client's
 * image, which has the server's packages too, and in the server itself where a kernel with PPP is needed.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { run } from "../../../lab/host/run.ts";
import type { Architecture } from "../../../plan/place/aws-facts.ts";
import { makePlan } from "../../../plan/plan.ts";
import { type RenderedMachine, renderServer } from "../../../render/machine.ts";
import { readSettings } from "../../../settings/read.ts";
import { givenFacts } from "../../shared/given.ts";
import { debianRoot } from "../shared/debian-root.ts";
import { sharedLab } from "../shared/lab.ts";

/** Every branch of the templates, and the edges of what may be set: values as the CLI hands them over. */
const VARIANTS: [name: string, config: Record<string, string>, architecture?: Architecture][] = [
  ["the defaults", {}],
  ["Graviton", {}, "arm64"],
  ["the smallest path, and no traffic out", { pathMtu: "576", egress: '{"mode":"none"}' }],
  [
    "the largest path and pool, DNS and WINS, routed",
    {
      pathMtu: "8196",
      sessionsPerServer: "500",
      dns: '["9.9.9.9","1.1.1.1"]',
      ppp: '{"wins":["10.42.0.8","10.42.0.9"]}',
      egress:
        '{"mode":"routed","clientToClient":true,"cidrs":["10.42.0.0/16","10.42.8.0/24","172.16.0.0/12"]}',
    },
  ],
  [
    "one session that ends by time, tracked, with adaptive echo",
    {
      sessionsPerServer: "1",
      conntrack: '{"mode":"track"}',
      keepalive: '{"lcpEchoAdaptive":true}',
      ppp: '{"idleTimeout":3600,"sessionLimit":86400}',
      dns: '["9.9.9.9"]',
      egress: '{"cidrs":["10.42.0.0/16"]}',
    },
  ],
  ["no encryption", { ppp: '{"mppe":"none","trafficMayBeRead":true}' }],
  [
    "every card's knob kept, and tracked without a helper",
    {
      nic: '{"irq":"spread","rps":false,"ring":"keep","moderation":50,"qdisc":"keep","governor":"keep"}',
      conntrack: '{"mode":"track","helper":false,"greTimeoutStream":300}',
      ppp: '{"mppe":40,"trafficMayBeRead":true}',
    },
  ],
];

function rendered(config: Record<string, string>, architecture: Architecture): RenderedMachine {
  const read = readSettings({ allowedCidrs: '["198.51.100.0/24"]', ...config }, new Set());
  if ("mistakes" in read) throw new Error(JSON.stringify(read.mistakes));
  const plan = makePlan(read.settings, { ...givenFacts(), architecture }, "dev");
  return renderServer(plan, plan.servers[0]!);
}

describe.each(VARIANTS)("files of %s", (_, config, architecture = "x86_64") => {
  const machine = rendered(config, architecture);
  let root: string;
  beforeAll(async () => {
    root = await debianRoot(machine);
  });
  const inRoot = async (...command: string[]) => {
    const { code, stdout, stderr } = await run("chroot", [root, ...command], { mayFail: true });
    return { code, said: `${stdout}${stderr}`.trim() };
  };

  test("nft takes nftables.conf", async () => {
    expect(await inRoot("nft", "-c", "-f", "/etc/nftables.conf")).toEqual({ code: 0, said: "" });
  });

  test("systemd takes the units, with nothing to say about them", async () => {
    const units = machine.bundle.files.flatMap(
      ({ path }) => /^\/etc\/systemd\/system\/([^/]+)$/.exec(path)?.[1] ?? [],
    );
    expect(units).toContain("pptp-fleet-ready.service");
    expect(await inRoot("systemd-analyze", "verify", "--man=no", "pptpd.service", ...units)).toEqual({
      code: 0,
      said: "",
    });
  });

  test("cloud-init takes the user data by its schema", async () => {
    const { code, said } = await inRoot("cloud-init", "schema", "--config-file", "/user-data.yaml");
    expect(said).toMatch(/Valid schema/);
    expect(code).toBe(0);
  });

  test("cloud-init knows each of its keys, which its schema does not check", () => {
    const schemas = join(root, "usr/lib/python3/dist-packages/cloudinit/config/schemas");
    const schema = JSON.parse(readFileSync(join(schemas, "schema-cloud-config-v1.json"), "utf8"));
    const known = Object.values<any>(schema.$defs).flatMap(({ properties = {} }) => Object.keys(properties));
    const keys = Object.keys(parse(readFileSync(join(root, "user-data.yaml"), "utf8")));
    expect(keys.filter((key) => !known.includes(key))).toEqual([]);
  });

  test("each script's own shell takes it", async () => {
    const scripts = machine.bundle.files.filter(({ content }) => /^#!\/bin\/(ba)?sh/.test(content));
    expect(scripts).toHaveLength(5);
    for (const { path, content } of scripts) {
      const shell = content.startsWith("#!/bin/bash") ? "bash" : "dash";
      expect([path, await inRoot(shell, "-n", path)]).toEqual([path, { code: 0, said: "" }]);
    }
  });

  test("pppd takes the options, on a kernel with PPP", async () => {
    const { servers } = await sharedLab();
    const options = machine.bundle.files.find(({ path }) => path === "/etc/ppp/pptpd-options")!.content;
    const { code, stdout, stderr } = await servers[0]!.agent.exec(
      ["bash", "-c", "cat >/run/options && pppd notty dryrun file /run/options"],
      { input: options },
    );
    expect([code, stdout + stderr]).toEqual([0, ""]);
  });
});

test("pppd refuses an option that it does not know, so the test above can fail", async () => {
  const { servers } = await sharedLab();
  const command = ["bash", "-c", "cat >/run/options && pppd notty dryrun file /run/options"];
  const { code } = await servers[0]!.agent.exec(command, { input: "mppe-stateless\n" });
  expect(code).not.toBe(0);
});
