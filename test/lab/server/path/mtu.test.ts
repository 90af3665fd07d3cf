/**
 * Packet sizes on paths of several MTUs, and what goes wrong without each of the settings
 * (traps: mppe-takes-four-bytes, default-mtu-fragments, fixed-mss-only-lowers).
 *
 * Does not prove: a path whose MTU differs by direction, or changes while a tunnel is up.
 */
import { beforeAll, describe, expect, test } from "vitest";
import {
  fragmentsDuring,
  ping,
  routeThrough,
  serverEnd,
  throughput,
} from "../../../../lab/client/measure.ts";
import { run } from "../../../../lab/host/run.ts";
import { waitUntil } from "../../../../lab/host/wait.ts";
import { inInternet } from "../../../../lab/network/internet.ts";
import { INTERNET, INTERNET_MTU } from "../../../../lab/network/topology.ts";
import type { Lab } from "../../../../lab/vms/lab.ts";
import { onClient, sharedLab, tunnelUp } from "../../shared/lab.ts";
import { edited, retuned, without } from "../retuned.ts";

const OPTIONS = "/etc/ppp/pptpd-options";
const RULES = "/etc/nftables.conf";

let lab: Lab;
beforeAll(async () => {
  lab = await sharedLab();
});

/** Runs `work` while the path to the client carries packets of `mtu` bytes at most. */
async function onPath<T>(mtu: number, work: () => Promise<T>): Promise<T> {
  const set = async (bytes: number) => {
    await run("ip", ["link", "set", lab.cloud.network.client.tap, "mtu", `${bytes}`]);
    await onClient(`ip link set eth0 mtu ${bytes}`);
  };
  await set(mtu);
  try {
    return await work();
  } finally {
    await set(INTERNET_MTU);
  }
}

/** What a new tunnel carries: the server's MTU, pings of `bytes` with DF that came back, and fragments outside. */
async function carried(bytes: number) {
  const { agent } = lab.client;
  const tunnel = await tunnelUp();
  await routeThrough(agent, tunnel, INTERNET.host);
  try {
    const { mtu } = await serverEnd(lab.servers[0]!.agent, tunnel);
    const [fragments, received] = await fragmentsDuring(agent, async () => {
      const pinged = await ping(agent, tunnel.remote, 5, bytes - 28);
      await throughput(agent, INTERNET.host, 443, 2);
      return pinged.received;
    });
    return { mtu, received, whole: fragments === 0 };
  } finally {
    await tunnel.hangUp();
  }
}

describe("on a path of", () => {
  test.each([
    [1500, "Ethernet", 1456],
    [1492, "PPPoE", 1448],
    [1400, "a mobile carrier's", 1356],
  ])("%i bytes (%s): packets of %i bytes pass whole, and TCP fragments nothing", async (path, _, largest) => {
    const measure = () => onPath(path, () => carried(largest));
    const seen = path === INTERNET_MTU ? await measure() : await retuned([`pathMtu=${path}`], measure);
    expect(seen).toEqual({ mtu: largest, received: 5, whole: true });
  });
});

describe("pppd's options", () => {
  test("left out send full packets in two", async () => {
    const seen = await edited(OPTIONS, without(/^m[tr]u /), () => carried(1496));
    expect(seen).toEqual({ mtu: 1496, received: 5, whole: false });
  });

  test("give an interface of 4 bytes less than pppd's mtu, which the plan reckons with", async () => {
    const naive = (content: string) => content.replaceAll(/^(m[tr]u) 1460$/gm, "$1 1456");
    const tunnel = await edited(OPTIONS, naive, () => tunnelUp());
    const { mtu } = await serverEnd(lab.servers[0]!.agent, tunnel);
    await tunnel.hangUp();
    expect(mtu).toBe(1452);
  });
});

/**
 * The largest segment of each connection at the far host, in bytes, by the other end. Secrets Manager's stand-in,
 * which the servers ask every few minutes, is an address of its own.
 */
async function farSegments(): Promise<Map<string, number>> {
  const [command, ...args] = inInternet([
    "ss",
    "-HtinO",
    "state",
    "established",
    "src",
    `${INTERNET.host}:443`,
  ]);
  const lines = (await run(command!, args)).stdout.trim().split("\n");
  return new Map(
    lines.flatMap((line): [string, number][] => {
      const [, , , peer] = line.trim().split(/\s+/);
      const mss = / mss:(\d+)/.exec(line)?.[1];
      return peer === undefined || mss === undefined ? [] : [[peer, Number(mss)]];
    }),
  );
}

describe("TCP's largest segment", () => {
  /** What the far host may send to the client and was told by it, and the client to the far host, in bytes. */
  const segments = async (options: string[]) => {
    const tunnel = await tunnelUp({ options });
    await routeThrough(lab.client.agent, tunnel, INTERNET.host);
    // What an earlier frag-needed has taught the far host holds for ten minutes.
    const [ip, ...flush] = inInternet(["ip", "route", "flush", "cache"]);
    await run(ip!, flush);
    // Whatever it takes in, it may send what the server takes in: its own MTU does not bound what it announces.
    await onClient(`ip link set ${tunnel.interface} mtu 1456`);
    try {
      const json = await onClient(`timeout 20 iperf3 -J -c ${INTERNET.host} -p 443 -t 1`, 60_000);
      // A connection that an earlier tunnel left behind is none of this one's.
      const before = new Set((await farSegments()).keys());
      const watched = onClient(`timeout 20 iperf3 -R -c ${INTERNET.host} -p 443 -t 4 >/dev/null`, 60_000);
      const far = await waitUntil(
        "a connection at the far host",
        async () => [...(await farSegments())].find(([peer]) => !before.has(peer))?.[1],
        { timeoutMs: 15_000, everyMs: 200 },
      );
      await watched;
      // Both without the 12 bytes of TCP's timestamps.
      return { near: JSON.parse(json).start.tcp_mss_default + 12, far: far + 12 };
    } finally {
      await tunnel.hangUp();
    }
  };

  test("is the plan's, both ways", async () => {
    expect(await segments([])).toEqual({ near: 1416, far: 1416 });
  });

  test("follows a client's smaller MRU by the route's MTU, which a fixed value alone does not", async () => {
    const small = ["mru 1000"];
    expect((await edited(RULES, without(/set rt mtu/), () => segments(small))).near).toBe(1416);
    expect(await segments(small)).toEqual({ near: 956, far: 956 });
  });

  test("is the fixed value where that is lower, which the route's MTU alone does not know", async () => {
    await retuned(["mtu.mss=1200"], async () => {
      expect(await segments([])).toEqual({ near: 1200, far: 1200 });
    });
    expect(await edited(RULES, without(/maxseg size set 1416/), () => segments([]))).toEqual({
      near: 1416,
      far: 1416,
    });
  });
});
