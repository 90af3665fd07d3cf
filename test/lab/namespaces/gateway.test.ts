/**
 * The gateway's rules for GRE on Debian 13's nft, by the packets that arrive: nft takes rules that deliver nothing
 * (traps: match-that-nft-miscompiles). Namespaces in place of machines: its boot is gateway-boot.test.ts's, what AWS does
 * around it test/lab/vpc's.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { exchange, GRE, gre, hex, ICMP, type Packet, type Seen } from "../shared/gateway-traffic.ts";
import {
  CLIENT,
  counted,
  fromClient,
  fromServer,
  gateway,
  inside,
  OWN,
  onGateway,
  server,
  sharedZone,
  withRules,
} from "./gateway-net.ts";

beforeAll(sharedZone);

describe("GRE from a client", () => {
  test("goes to the server of its call ID, exactly at the edges of each of 62 ranges", async () => {
    expect(gateway.servers).toHaveLength(62);
    const ids = gateway.servers.flatMap(({ first, last }) => [first, first + 511, last]);
    let arrived: Seen[] = [];
    const verdicts = await counted(async () => {
      [arrived] = (await exchange(
        "zone-client",
        ids.map((id) => fromClient(gre(id))),
        ["zone-servers", GRE],
      )) as [Seen[]];
    });
    const expected = gateway.servers.flatMap(({ first, last, address }) =>
      [first, first + 511, last].map((id) => `${hex(id, 2)} ${CLIENT} ${address}`),
    );
    expect(
      arrived.map(({ payload, source, destination }) => `${payload.slice(12, 16)} ${source} ${destination}`),
    ).toEqual(expected);
    expect(verdicts).toEqual({ gre_in: 186 });
  });

  test("with a call ID that no server has is dropped and counted, below the first range and above the last", async () => {
    const strays = [0, 1023, 64_512, 65_535].map((id) => fromClient(gre(id)));
    const verdicts = await counted(async () => {
      expect(await exchange("zone-client", strays, ["zone-servers", GRE], ["zone-client", ICMP])).toEqual([
        [],
        [],
      ]);
    });
    expect(verdicts).toEqual({ gre_no_server: 4 });
  });

  test("that is not PPTP's is dropped and counted, with no error sent", async () => {
    // GRE of version 0 around IPv4, and around Ethernet with a key (RFC 2890).
    const packets = ["0000080000000000", "200065580000040000000000"].map((payload) => fromClient(payload));
    const verdicts = await counted(async () => {
      expect(await exchange("zone-client", packets, ["zone-servers", GRE], ["zone-client", ICMP])).toEqual([
        [],
        [],
      ]);
    });
    expect(verdicts).toEqual({ not_pptp: 2 });
  });

  const whole = gre(server.first, 2900);
  const inPieces = () => exchange("zone-client", [fromClient(whole, { pieces: 2 })], ["zone-servers", GRE]);

  test("arrives in fragments too", async () => {
    expect((await inPieces())[0]!.map(({ payload }) => payload)).toEqual([whole]);
  });

  test("does not where no `ct` is left in the rules, which is what puts fragments together", async () => {
    const untracked = (rules: string) =>
      rules.replace(/\tchain srcnat [\s\S]*?\n\t}\n/, "").replaceAll(/ct state [\w,]+ /g, "");
    expect(await withRules(untracked, inPieces)).toEqual([[]]);
  });
});

describe("GRE from a server", () => {
  const sent = (more: Partial<Packet> = {}) =>
    exchange("zone-servers", [fromServer(gre(7), more)], ["zone-client", GRE]);

  test("leaves under the gateway's own address, and is counted", async () => {
    const verdicts = await counted(async () => {
      expect((await sent())[0]).toEqual([{ source: OWN, destination: CLIENT, df: false, payload: gre(7) }]);
    });
    expect(verdicts).toEqual({ gre_out: 1 });
  });

  test("has no DF, whatever it came with", async () => {
    expect((await sent({ df: true }))[0]!.map(({ df }) => df)).toEqual([false]);
    const kept = (rules: string) => rules.replace("ip frag-off set ip frag-off & 0xbfff ", "");
    expect((await withRules(kept, () => sent({ df: true })))[0]!.map(({ df }) => df)).toEqual([true]);
  });
});

test("GRE of the usual kind is counted by the fast way, and arrives where there is none", async () => {
  const bothWays = async () => [
    ...(await exchange("zone-client", [fromClient(gre(server.first))], ["zone-servers", GRE])).flat(),
    ...(await exchange("zone-servers", [fromServer(gre(7))], ["zone-client", GRE])).flat(),
  ];
  const fast = async () => {
    const { nftables } = JSON.parse(
      await onGateway("nft", "-j", "list", "counters", "table", "netdev", "pptp_fleet"),
    );
    return nftables.flatMap(({ counter }: any) => (counter ? [counter.packets] : []));
  };
  await onGateway("pptp-fleet-gateway", "open");
  const before: number[] = await fast();
  const arrived = await bothWays();
  expect(arrived).toHaveLength(2);
  expect(await fast()).toEqual(before.map((packets) => packets + 1));
  await onGateway("nft", "delete", "table", "netdev", "pptp_fleet");
  expect(await bothWays()).toEqual(arrived);
  await onGateway("pptp-fleet-gateway", "open");
});

test("it sends no redirect, though all that it forwards leaves where it came in", async () => {
  // The kernel tells neighbours only: as if the servers were in the gateway's own subnet.
  await onGateway("ip", "route", "add", gateway.serversCidr, "dev", "eth0");
  const answerForThem = ["net.ipv4.conf.gateway.proxy_arp=1", "net.ipv4.neigh.gateway.proxy_delay=0"];
  await inside("zone-router", ["sysctl", "-qw", ...answerForThem]);
  const redirects = async () => {
    // With DF: by the fast way the kernel has nobody to tell of.
    const packets = Array.from({ length: 3 }, () => fromServer(gre(7), { df: true }));
    const [seen] = await exchange("zone-servers", packets, ["zone-servers", ICMP]);
    return seen!.filter(({ payload }) => payload.startsWith("05")).length;
  };
  expect(await redirects()).toBe(0);
  await onGateway("sysctl", "-qw", "net.ipv4.conf.eth0.send_redirects=1");
  const told = await redirects();
  await onGateway("sysctl", "-qw", "net.ipv4.conf.eth0.send_redirects=0");
  await onGateway("ip", "route", "del", gateway.serversCidr, "dev", "eth0");
  expect(told).toBeGreaterThan(0);
});
