/**
 * Tunnels to a server of the dev stack, dialled by Debian's own client from a machine of its own.
 *
 * Does not prove: AWS's own network, what other clients negotiate.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { IMPATIENT, type Tunnel } from "../../../../lab/client/dial.ts";
import {
  clientEnd,
  fragmentsDuring,
  overhead,
  ping,
  routeThrough,
  serverEnd,
  throughput,
} from "../../../../lab/client/measure.ts";
import type { GroupRule } from "../../../../lab/network/fleet.ts";
import { INTERNET } from "../../../../lab/network/topology.ts";
import type { Lab } from "../../../../lab/vms/lab.ts";
import { recordedPlan } from "../../../../offline/machines.ts";
import type { Plan } from "../../../../plan/plan.ts";
import { call, onServer, sharedLab, tunnelUp } from "../../shared/lab.ts";

let lab: Lab;
let plan: Plan;
beforeAll(async () => {
  lab = await sharedLab();
  plan = recordedPlan(lab.run);
});

describe("a tunnel", () => {
  let tunnel: Tunnel;
  beforeAll(async () => {
    tunnel = await tunnelUp();
    await routeThrough(lab.client.agent, tunnel, INTERNET.host);
  });
  afterAll(() => tunnel.hangUp());

  test("comes up with MPPE-128, stateless, at both ends", async () => {
    const ends = [await clientEnd(lab.client.agent, tunnel), await serverEnd(lab.servers[0]!.agent, tunnel)];
    expect(ends.map((end) => end.mppe)).toEqual(["128-bit stateless", "128-bit stateless"]);
  });

  test("has the plan's addresses", () => {
    const { local, remote } = plan.servers[0]!.clientPool;
    expect(tunnel.remote).toBe(local);
    // Any of the pool's: the first may still be that of a session that has just ended.
    const [, subnet, first, last] = /^(.*\.)(\d+)-(\d+)$/.exec(remote[0]!)!;
    expect(tunnel.local.startsWith(subnet!)).toBe(true);
    const host = Number(tunnel.local.slice(subnet!.length));
    expect([host >= Number(first), host <= Number(last)]).toEqual([true, true]);
  });

  test("has the plan's MTU at the server, and asks the client for the plan's MRU", async () => {
    const end = await serverEnd(lab.servers[0]!.agent, tunnel);
    expect([end.mtu, end.mru]).toEqual([plan.fleet.sizes.interfaceMtu, plan.fleet.sizes.pppMru]);
  });

  test("has the plan's queue length at the server, which the kernel would make 3", async () => {
    const { interface: name } = await serverEnd(lab.servers[0]!.agent, tunnel);
    const [link] = JSON.parse(await onServer(`ip -j link show dev ${name}`));
    expect([link.txqlen, link.qdisc]).toEqual([plan.fleet.nic.txqueuelen, plan.fleet.kernel.defaultQdisc]);
  });

  test("compresses nothing and speaks no IPv6, though the client would", () => {
    const asked = tunnel.log.match(/rcvd \[(?:CCP|IPCP|IPV6CP) ConfReq.*/g)!.join("\n");
    expect(asked).toMatch(/<mppe /);
    expect(asked).not.toMatch(/<(bsd|deflate|compress)|IPV6CP/);
    expect(tunnel.log).not.toMatch(/rcvd \[IPCP ConfAck .*<compress/);
  });

  test("carries pings without a loss", async () => {
    expect(await ping(lab.client.agent, tunnel.remote, 20)).toMatchObject({ sent: 20, received: 20 });
  });

  test("carries the plan's largest packet whole, both ways, and fragments none outside", async () => {
    const data = plan.fleet.sizes.interfaceMtu - 28;
    // With DF; the answer is as large as the question.
    const [fragments, pinged] = await fragmentsDuring(lab.client.agent, () =>
      ping(lab.client.agent, tunnel.remote, 5, data),
    );
    expect([fragments, pinged.received]).toEqual([0, 5]);
  });

  test("adds to a packet what the plan reckons with, at most", async () => {
    const { sent, received } = await overhead(lab.client.agent, tunnel.remote);
    for (const [least, most] of [sent, received]) {
      expect(least).toBeGreaterThanOrEqual(37);
      expect(most).toBeLessThanOrEqual(plan.fleet.sizes.overhead);
    }
  });

  test("carries TCP to the internet and back, under the server's address", async () => {
    const { up, down } = await throughput(lab.client.agent, INTERNET.host, 443, 3);
    expect([up > 0, down > 0]).toEqual([true, true]);
  });

  test("reaches neither the server's SSH nor its metadata", async () => {
    await routeThrough(lab.client.agent, tunnel, "169.254.169.254");
    const reach = async (address: string, port: number) =>
      (await lab.client.agent.exec(["timeout", "5", "bash", "-c", `exec 3<>/dev/tcp/${address}/${port}`]))
        .code;
    // 124: no answer at all within 5 s; 1 would be a refusal, 0 a connection.
    expect([await reach(tunnel.remote, 22), await reach("169.254.169.254", 80)]).toEqual([124, 124]);
  });
});

describe("security group rules for protocol 47", () => {
  const without47 = (rules: GroupRule[]) => rules.filter((rule) => rule.protocol !== "47");

  test("taken out both ways make the dial fail at LCP; before and after it succeeds", async () => {
    await (await tunnelUp()).hangUp();
    lab.cloud.network.applyRules({
      ...lab.fleet,
      machines: lab.fleet.machines.map((machine) => ({
        ...machine,
        ingress: without47(machine.ingress),
        egress: without47(machine.egress),
      })),
    });
    const refused = await call({ options: IMPATIENT });
    lab.cloud.network.applyRules(lab.fleet);
    await (await tunnelUp()).hangUp();
    expect(refused).toMatchObject({ up: false, failure: { stage: "lcp" } });
  });
});
