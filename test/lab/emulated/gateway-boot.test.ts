/**
 * A gateway of the dev stack, from an image like the AMI to forwarding, by its own user data on the cloud's kernel. It
 * has namespaces and a virtual machine of its own (gateway-boot-facts.ts), which end before the next file begins. As with a
 * server its first boot may be that of an earlier run of the same inputs (lab/vms/snapshot.ts).
 *
 * Does not prove: an AMI as Debian publishes it, how long an instance takes, routes and Elastic IP that move meanwhile
 * (test/lab/vpc).
 */
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { crashes } from "../../../lab/guest/guest.ts";
import { run } from "../../../lab/host/run.ts";
import { GATEWAY_GAP } from "../../../plan/tunnel/timers.ts";

const HERE = import.meta.dirname;
// The JSON that gateway-boot-facts.ts prints.
let facts: any;

beforeAll(async () => {
  const program = ["--", process.execPath, join(HERE, "gateway-boot-facts.ts")];
  const { stdout } = await run(process.execPath, [join(HERE, "../../../lab/enter.ts"), ...program], {
    timeoutMs: 1_400_000,
    onLine: (line) => {
      if (/^[…✓✗] |^ {2}\S/.test(line)) console.error(line);
      const [, crash] = /^a guest crashed: (.*)/.exec(line) ?? [];
      if (crash !== undefined) crashes.push(crash);
    },
  });
  facts = JSON.parse(stdout);
  const { silent, forwarding, ready, cloudInit } = facts.seconds;
  const clock = facts.accelerated === "tcg" ? "emulated, on a host that does other work too" : "under KVM";
  console.info(
    `gap of a gateway's first boot: ${Math.round(forwarding)} s from its kernel's start to forwarding (${clock};
    the rules silent after ${Math.round(silent)} s, ready after ${Math.round(ready)} s, cloud-init done after ${Math.round(cloudInit)} s);
    sessions are planned to outlast ${GATEWAY_GAP} s on an instance`,
  );
});

describe("after its first boot a gateway", () => {
  test("runs the cloud's kernel, and has booted once", () => {
    expect(facts.kernel).toMatch(/-cloud-amd64$/);
    expect(facts.boots).toBe(1);
  });

  test("is done with cloud-init, which met no error, and no unit has failed", () => {
    const { status, errors, recoverable_errors } = facts.cloudInit;
    expect([status, errors, recoverable_errors, facts.failedUnits]).toEqual(["done", [], {}, ""]);
  });

  test("is ready", () => expect(facts.ready).toBe("active\nready\n"));

  test("has learnt its own address, which no file says, and its rules stand under it", () => {
    expect(facts.learnt).toBe(facts.own);
    expect(facts.prerouting).toContain(`ip daddr ${facts.own} ip protocol vmap`);
    expect(facts.map).toBe(62);
  });

  test("has the fast way on its card, by the VPC's router", () => {
    expect(facts.fast).toContain('type filter hook ingress device "eth0"');
    expect(facts.fast).toContain(`fwd ip to ${facts.router} device "eth0"`);
  });

  test("forwards, and sends and takes no redirects", () => {
    expect(facts.forward).toBe("1");
    expect([facts.sendRedirects, facts.acceptRedirects]).toEqual([
      ["0", "0", "0"],
      ["0", "0", "0"],
    ]);
  });

  test("has none left of the routing rules that kept it silent before there was nft", () => {
    expect(facts.routingRules.map((rule: string) => rule.split(":")[0])).toEqual(["0", "32766", "32767"]);
  });

  test("holds no account and no password", () => {
    expect(facts.holds).toEqual({ account: false, password: false, balancer: true });
  });
});

describe("what passes it", () => {
  test("GRE goes to the server of its call ID, with the client's address", () =>
    expect(facts.greIn).toMatchObject({ source: facts.client, destination: facts.server }));

  test("GRE of a server comes back under the address that was dialled", () =>
    expect(facts.greOut).toMatchObject({ source: facts.elasticIp, destination: facts.client }));

  test("both took the fast way", () => {
    expect(facts.counters["netdev gre_in"]).toBeGreaterThan(0);
    expect(facts.counters["netdev gre_out"]).toBeGreaterThan(0);
    expect([facts.counters["ip gre_in"], facts.counters["ip gre_out"]]).toEqual([0, 0]);
  });

  test("TCP 1723 reaches the balancer's node, and its refusal comes back", () => {
    expect(facts.control).toBe("refused");
    expect(facts.counters["ip tcp_in"]).toBeGreaterThan(0);
    expect(facts.counters["ip tcp_out"]).toBeGreaterThan(0);
  });

  test("a server reaches the outside by it", () => expect(facts.outside).toBe("open"));
});
