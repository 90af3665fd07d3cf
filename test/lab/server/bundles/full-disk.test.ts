/**
 * A server whose disk is full: what stands, stands and serves, its report says why nothing new comes, and room is all it wants.
 *
 * Does not prove: ext4, which keeps a share for root; here root has filled all of it.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Bundle } from "../../../../render/bundle.ts";
import { withFile } from "../../shared/bundled.ts";
import { onServer } from "../../shared/lab.ts";
import { bundleOf, dials, look, others, publish, SERVER } from "./server.ts";

/** Takes all room of `/`, down to what a file of a byte needs. */
const FILL = `mkdir -p /filled
fallocate -l $(($(df --output=avail -B1 / | tail -n 1) - 1048576)) /filled/most
dd if=/dev/zero of=/filled/more bs=64k 2>/dev/null || true
i=0; while { echo x >/filled/$i; } 2>/dev/null; do i=$((i + 1)); done
df --output=avail / | tail -n 1`;

let bundle: Bundle;
beforeAll(async () => {
  bundle = await bundleOf(SERVER);
});
afterAll(async () => {
  await onServer("rm -rf /filled");
  await publish(SERVER, bundle);
  expect((await look(SERVER)).result).toBe("applied");
  expect(await others(bundle.files)).toEqual([]);
});

test("a full disk changes nothing, is reported by its name, and room is all that a change wants", async () => {
  const firewall = withFile(bundle, "/etc/nftables.conf", (rules) => `${rules}# another\n`);
  // Small as S3 has it, and not as a file.
  const long = `${"#".repeat(99)}\n`.repeat(10_000);
  const wanted: Bundle = {
    ...withFile(firewall, "/etc/ppp/pptpd-options", (options) => options + long),
    watch: 1,
  };
  const { version: stood } = await look(SERVER);
  expect((await onServer(FILL, 120_000)).trim()).toBe("0");

  // No room for the bundle itself.
  const version = await publish(SERVER, wanted);
  const unfetched = await look(SERVER);
  expect(unfetched).toMatchObject({ version: stood, good: stood });
  expect(unfetched.why).toMatch(/No space left on device: '\/var\/lib\/pptp-fleet\/bundle-\w+'/);
  expect(await others(bundle.files)).toEqual([]);
  await dials();

  // For the bundle, and not for its files.
  await onServer("truncate -s -200K /filled/more");
  const unwritten = await look(SERVER);
  expect(unwritten).toMatchObject({ version, good: stood, result: "waits" });
  expect(unwritten.why).toMatch(/No space left on device: '\/etc\/ppp\/pptpd-options'/);
  expect(await others(bundle.files)).toEqual([]);
  await dials();

  await onServer("rm -rf /filled");
  expect(await look(SERVER)).toMatchObject({ version, good: version, result: "applied", waits: [] });
  expect(await others(wanted.files)).toEqual([]);
  await dials();
});
