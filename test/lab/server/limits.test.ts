/** What keeps one address from taking pptpd from all others (traps: one-new-client-at-a-time, backlog-of-three). */
import { beforeAll, describe, expect, test } from "vitest";
import type { Lab } from "../../../lab/vms/lab.ts";
import { recordedPlan } from "../../../offline/machines.ts";
import { counted, onClient, onServer, secondClient, sharedLab, tunnelUp } from "../shared/lab.ts";
import { retuned } from "./retuned.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await sharedLab();
});

/** Runs `work` while the client holds connections to TCP 1723 that it has opened all at once and is silent on. */
async function whileSilent<T>(connections: number, work: () => Promise<T>): Promise<T> {
  const { publicAddress } = lab.fleet.machines[0]!;
  const script = `import socket, time
held = [socket.socket() for _ in range(${connections})]
for each in held:
    each.setblocking(False)
    each.connect_ex(("${publicAddress}", 1723))
open("/run/silent", "w")
time.sleep(600)`;
  // A SYN that is dropped comes again after one second and after three.
  await onClient(`rm -f /run/silent; systemd-run --quiet --collect --unit=silent python3 -c '${script}'
    for i in $(seq 600); do test -e /run/silent && break; sleep 0.1; done; sleep 4`);
  try {
    return await work();
  } finally {
    await onClient("systemctl stop silent");
    // Each waits for its turn; a new pptpd has none that wait, and the next test begins with none counted.
    await onServer("systemctl reload nftables; systemctl restart pptpd");
  }
}

/** A connection of the client's that has spoken. @returns what has it speak again. */
async function speaker(): Promise<() => Promise<void>> {
  const { publicAddress } = lab.fleet.machines[0]!;
  // Start-Control-Connection-Request (RFC 2637, 2.1), answered as often as it is asked.
  const script = `import os, socket, time
control = socket.create_connection(("${publicAddress}", 1723))
for turn in (1, 2):
    while not os.path.exists(f"/run/speak-{turn}"):
        time.sleep(0.1)
    control.sendall(bytes.fromhex("009c00011a2b3c4d00010000010000000000000300000003") + bytes(132))
    if len(control.recv(156)) == 156:
        open(f"/run/spoken-{turn}", "w")
time.sleep(600)`;
  await onClient(`rm -f /run/speak-* /run/spoken-*
    systemd-run --quiet --collect --unit=speaker python3 -c '${script}'`);
  const turn = (number: number) =>
    onClient(`touch /run/speak-${number}
      for i in $(seq 300); do test -e /run/spoken-${number} && exit; sleep 0.1; done; exit 1`);
  await turn(1);
  return async () => void (await turn(2));
}

const silent = async () => {
  const set = await onServer("nft -j list set inet pptp_fleet silent");
  return (JSON.parse(set).nftables.find((each: any) => each.set).set.elem ?? []).length;
};

test("pptpd runs with the time that a silent client may take, which it hears on its command line only", async () => {
  const { initialPacket } = recordedPlan(lab.run).fleet.timers;
  expect(await onServer("ps -o args= -C pptpd")).toContain(`--stimeout ${initialPacket}`);
});

test("pptpd's backlog is 3, whatever somaxconn says", async () => {
  expect((await onServer("ss -Hltn 'sport = :1723'")).trim().split(/\s+/)[2]).toBe("3");
  expect(Number(await onServer("sysctl -n net.core.somaxconn"))).toBeGreaterThan(3);
});

describe("silent connections", () => {
  test("of one address are as many as the config says, and others are dropped and counted", async () => {
    const { halfOpenPerSource } = recordedPlan(lab.run).fleet.limits;
    const seen = await whileSilent(halfOpenPerSource + 10, async () => ({
      held: await silent(),
      dropped: await counted("too many silent connections of one address"),
    }));
    expect(seen.held).toBeLessThanOrEqual(halfOpenPerSource);
    expect(seen.dropped).toBeGreaterThanOrEqual(10);
  });

  test("do not keep another address out", async () => {
    const namespace = await secondClient();
    await whileSilent(30, async () => {
      await (await tunnelUp({ namespace })).hangUp();
    });
  });

  test("are none once a client has spoken", async () => {
    const tunnel = await tunnelUp();
    const left = await silent();
    await tunnel.hangUp();
    expect(left).toBe(0);
  });

  test("of all addresses together are as many as the config says, and whoever has spoken frees none but its own", async () => {
    // pptpd gives each up in its turn, and with that its slot: not before it is looked at.
    const patient = "limits.initialPacketTimeout=60";
    await retuned(["limits.halfOpen=2", "limits.halfOpenPerSource=2", patient], async () => {
      // The end of its connection is a signal that makes pptpd drop the silent one it has in hand
      // (traps: dial-dropped-by-signal).
      await onServer("systemctl stop pptp-fleet-health");
      const namespace = await secondClient();
      const { publicAddress } = lab.fleet.machines[0]!;
      const refused = () => counted("too many silent connections");
      // One of the silent has the slot that it has had.
      const speakAgain = await speaker();
      try {
        const [held, dropped] = await whileSilent(2, async () => {
          await speakAgain();
          const left = await silent();
          const before = await refused();
          await onClient(
            `ip netns exec ${namespace} timeout 5 bash -c 'exec 3<>/dev/tcp/${publicAddress}/1723' || true`,
          );
          return [left, (await refused()) - before];
        });
        expect(held).toBe(2);
        expect(dropped).toBeGreaterThan(0);
      } finally {
        await onClient("systemctl stop speaker");
        await onServer("systemctl start pptp-fleet-health");
      }
    });
  });
});

test("dials too fast from one address are dropped and counted", async () => {
  const { dialBurst } = recordedPlan(lab.run).fleet.limits;
  const dropped = await whileSilent(dialBurst * 3, () => counted("dials too fast"));
  expect(dropped).toBeGreaterThan(0);
});

test("too many connections of one address are dropped and counted", async () => {
  await retuned(["limits.connectionsPerSource=2"], async () => {
    expect(await whileSilent(3, () => counted("too many connections"))).toBeGreaterThan(0);
  });
});
