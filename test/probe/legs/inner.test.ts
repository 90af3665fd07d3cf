/** The legs inside the tunnel, on a machine that answers as a path of some width would. */
import { describe, expect, test } from "vitest";
import type { Evidence } from "../../../probe/legs/evidence.ts";
import { innerLegs, largest, pingOf } from "../../../probe/legs/inner.ts";
import { Log } from "../../../probe/legs/legs.ts";
import { pathMachine } from "../machines/path-machine.ts";

const TUNNEL = { interface: "ppp0", local: "10.64.0.2", remote: "10.64.0.1" };

async function legs(path: Parameters<typeof pathMachine>[0]) {
  const log = new Log();
  const evidence: Evidence = { grown: {} };
  await innerLegs(pathMachine(path), TUNNEL, log, evidence);
  return { evidence, results: log.results.map(({ leg, state, detail }) => `${leg} ${state}: ${detail}`) };
}

describe("the largest packet", () => {
  test("the interface's MTU, where it passes", async () => {
    const { evidence, results } = await legs({ mtu: 1456, passes: 1456 });
    expect(evidence.largest).toEqual({ passed: 1456, mtu: 1456 });
    expect(results[1]).toBe("largest ok: 1456 bytes, the interface's MTU; at most 1500 on the path");
  });

  test.each([1455, 1300, 1257, 532])("%i, found exactly, where the MTU says 1456", async (passes) => {
    const { evidence, results } = await legs({ mtu: 1456, passes });
    expect(evidence.largest).toEqual({ passed: passes, mtu: 1456 });
    expect(results[1]).toBe(
      `largest failed: ${passes} bytes (${passes + 37} on the path), and the MTU says 1456`,
    );
  });

  test("not even the least that IPv4 promises", async () => {
    const { results } = await legs({ mtu: 1456, passes: 300 });
    expect(results[1]).toBe("largest failed: not even 532 bytes pass, and the MTU says 1456");
  });

  test("is found in as many steps as its bits", async () => {
    let steps = 0;
    const passes = async (bytes: number) => {
      steps++;
      return bytes <= 1300;
    };
    expect([await largest(532, 1456, passes), steps <= 12]).toEqual([1300, true]);
  });
});

test("no answer to a ping ends it there", async () => {
  const { results } = await legs({ mtu: 1456, passes: 0 });
  expect(results).toEqual(["ping failed: 10.64.0.1 answers none of 5 pings"]);
});

describe("what ping says", () => {
  test.each([
    [
      "5 packets transmitted, 4 received, 20% packet loss, time 1205ms\nrtt min/avg/max/mdev = 1.0/2.5/9.9/1.1 ms",
      { received: 4, rtt: ", 2.5 ms on average", said: "" },
    ],
    [
      "3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 600ms",
      { received: 0, rtt: "", said: "" },
    ],
  ])("%s", (stdout, expected) => {
    expect(pingOf({ stdout, stderr: "" })).toEqual(expected);
  });

  test("its complaint is kept", () => {
    expect(pingOf({ stdout: "", stderr: "ping: SO_BINDTODEVICE ppp0: No such device\n" }).said).toContain(
      "No such device",
    );
  });
});
