/** What a gateway lets nobody pass, and what it answers while it is shut: nothing. Namespaces as in gateway.test.ts. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { checksum, exchange, GRE, gre, hex, ICMP, TCP, tcp } from "../shared/gateway-traffic.ts";
import {
  CLIENT,
  counted,
  fromClient,
  fromServer,
  gatewayRoot,
  type Host,
  inside,
  OWN,
  onGateway,
  server,
  sharedZone,
  withRules,
} from "./gateway-net.ts";

beforeAll(sharedZone);

describe("what is not for it", () => {
  const PORT_UNREACHABLE = "0303";
  /** An ICMP error that quotes a GRE packet which left under the gateway's address. */
  const error = `${PORT_UNREACHABLE}000000000000450000300000400040${hex(GRE, 1)}0000${[OWN, CLIENT]
    .flatMap((address) => address.split(".").map((part) => hex(Number(part), 1)))
    .join("")}${gre(7).slice(0, 16)}`;

  test("an ICMP error about a tunnel reaches no server", async () => {
    const checked = `${error.slice(0, 4)}${checksum(error)}${error.slice(8)}`;
    const verdicts = await counted(async () => {
      const packet = fromClient(checked, { protocol: ICMP });
      expect(await exchange("zone-client", [packet], ["zone-servers", ICMP])).toEqual([[]]);
    });
    expect(verdicts).toEqual({ icmp_errors: 1 });
  });

  /** What a dial of the gateway's own address comes to, and which counters it moves. */
  const dialled = async (host: Host, port: number) => {
    const dial = `import socket
s = socket.socket(); s.settimeout(1)
try: s.connect(("${OWN}", ${port}))
except TimeoutError: print("nothing")
except OSError as error: print(error)`;
    let said = "";
    const moved = await counted(async () => {
      said = await inside(host, ["/usr/bin/python3", "-c", dial]);
    });
    return [said, Object.keys(moved)];
  };

  test("another port is dropped without a word, and counted", async () => {
    expect(await dialled("zone-client", 8723)).toEqual(["nothing\n", ["not_pptp"]]);
  });

  test("neither PPTP nor SSH is the servers', whom the security group lets in for what goes through", async () => {
    // SSH as where somebody may administer; nobody listens, so that an open port refuses.
    const administered = (rules: string) =>
      rules.replace(/^(?=\t\ticmp type echo-request accept$)/m, "\t\ttcp dport 22 accept\n");
    await withRules(administered, async () => {
      for (const port of [1723, 22])
        expect(await dialled("zone-servers", port)).toEqual(["nothing\n", ["not_pptp"]]);
      const [said] = await dialled("zone-client", 22);
      expect(said).toMatch(/refused/);
    });
  });

  test("nobody else's packets are forwarded, and a server's to the metadata service are not", async () => {
    const packets = [
      fromServer("00", { protocol: 99, source: "10.99.0.1" }),
      fromServer("00", { protocol: 99, destination: "169.254.169.254" }),
      fromServer(tcp(1723, 80), { protocol: TCP, destination: "169.254.169.254" }),
    ];
    expect(await counted(() => exchange("zone-servers", packets))).toEqual({ not_forwarded: 3 });
  });
});

describe("shut", () => {
  /** What a client gets for a tunnel's packets. */
  const answers = async () => {
    const packets = [fromClient(gre(server.first)), fromClient(tcp(40_002, 1723), { protocol: TCP })];
    return (await exchange("zone-client", packets, ["zone-client", ICMP], ["zone-client", TCP])).flat()
      .length;
  };

  test("it answers nothing, where a kernel without rules would end the tunnel twice", async () => {
    await onGateway("sysctl", "-qw", "net.ipv4.ip_forward=0");
    try {
      await onGateway("pptp-fleet-gateway", "shut");
      expect(await answers()).toBe(0);
      await onGateway("nft", "flush", "ruleset");
      expect(await answers()).toBe(2);
    } finally {
      await onGateway("pptp-fleet-gateway", "open");
    }
  });

  test("before there is nft, the routing rules of bootcmd answer nothing either, and go again", async () => {
    const { bootcmd } = parse(readFileSync(join(gatewayRoot(), "user-data.yaml"), "utf8"));
    const silence = bootcmd.find((command: string[]) => command.includes("pptp-fleet-silence")).at(-1);
    const before = await onGateway("ip", "rule");
    await onGateway("sysctl", "-qw", "net.ipv4.ip_forward=0");
    await onGateway("nft", "flush", "ruleset");
    try {
      await onGateway("sh", "-ec", silence);
      expect(await answers()).toBe(0);
      await onGateway("pptp-fleet-gateway", "shut");
      expect(await onGateway("ip", "rule")).toBe(before);
      expect(await answers()).toBe(0);
    } finally {
      await onGateway("pptp-fleet-gateway", "open");
    }
  });
});
