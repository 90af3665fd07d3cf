/** A gateway's files, read by Debian 13's programs that will read them. */
import { beforeAll, expect, test } from "vitest";
import { run } from "../../../lab/host/run.ts";
import { renderGateway } from "../../../render/machine.ts";
import { gateway, gatewayRoot, plan, sharedZone } from "./gateway-net.ts";

beforeAll(sharedZone);

const machine = renderGateway(plan, gateway);
const inRoot = async (...command: string[]) => {
  const { code, stdout, stderr } = await run("chroot", [gatewayRoot(), ...command], { mayFail: true });
  return { code, said: `${stdout}${stderr}`.trim() };
};

test("systemd takes the units, with nothing to say about them", async () => {
  const units = machine.bundle.files.flatMap(
    ({ path }) => /^\/etc\/systemd\/system\/([^/]+)$/.exec(path)?.[1] ?? [],
  );
  expect(units).toContain("pptp-fleet-ready.service");
  expect(await inRoot("systemd-analyze", "verify", "--man=no", ...units)).toEqual({ code: 0, said: "" });
});

test("cloud-init takes the user data by its schema", async () => {
  const { code, said } = await inRoot("cloud-init", "schema", "--config-file", "/user-data.yaml");
  expect(said).toMatch(/Valid schema/);
  expect(code).toBe(0);
});

test("dash takes each script", async () => {
  const scripts = machine.bundle.files.filter(({ content }) => content.startsWith("#!/bin/sh"));
  expect(scripts).toHaveLength(2);
  for (const { path } of scripts)
    expect([path, await inRoot("dash", "-n", path)]).toEqual([path, { code: 0, said: "" }]);
});
