/**
 * GRE with and without the server's connection tracking (traps: untracked-is-never-established, conntrack-helper-is-gone).
 */
import { beforeAll, describe, expect, test } from "vitest";
import { IMPATIENT } from "../../../../lab/client/dial.ts";
import { ping } from "../../../../lab/client/measure.ts";
import { waitUntil } from "../../../../lab/host/wait.ts";
import type { Lab } from "../../../../lab/vms/lab.ts";
import { call, onServer, secondClient, sharedLab, tunnelUp } from "../../shared/lab.ts";
import { edited, retuned, without } from "../retuned.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await sharedLab();
});

const flows = async () => (await onServer("grep ' gre ' /proc/net/nf_conntrack || true")).trim().split("\n");

describe("untracked GRE", () => {
  test("has no entry while a tunnel is up", async () => {
    const tunnel = await tunnelUp();
    const seen = await flows();
    await tunnel.hangUp();
    expect(seen).toEqual([""]);
  });

  test("is dropped without the rule that says untracked, and passes with it", async () => {
    const refused = await edited(
      "/etc/nftables.conf",
      without(/gre iifname \S+ \S+ ct state untracked accept/),
      () => call({ options: IMPATIENT }),
    );
    expect(refused).toMatchObject({ up: false, failure: { stage: "lcp" } });
    await (await tunnelUp()).hangUp();
  });
});

describe("tracked GRE", () => {
  test("carries tunnels, with a flow for each call and the kernel's PPTP helper", async () => {
    const namespace = await secondClient();
    await retuned(["conntrack.mode=track"], async () => {
      const tunnels = [await tunnelUp(), await tunnelUp({ namespace })];
      const pinged = await ping(lab.client.agent, tunnels[0]!.remote, 5);
      let assured: string[] = [];
      const oneEach = async () => {
        assured = (await flows()).filter((flow) => flow.includes("ASSURED"));
        return assured.length === 2;
      };
      await waitUntil("a flow for each call", oneEach, {
        timeoutMs: 15_000,
        evidence: () => onServer("cat /proc/net/nf_conntrack"),
      });
      const helper = await onServer("cut -d ' ' -f 1 /proc/modules | grep -x nf_conntrack_pptp");
      for (const tunnel of tunnels) await tunnel.hangUp();
      expect(pinged.received).toBe(5);
      // A flow of a call has the call's ID as its key; without the helper all keys are 0.
      expect(assured.every((flow) => /(src|dst)key=0x[1-9a-f]/.test(flow))).toBe(true);
      expect(assured.every((flow) => / stream_timeout=180 /.test(flow))).toBe(true);
      expect(helper).toBe("nf_conntrack_pptp\n");
    });
  });
});
