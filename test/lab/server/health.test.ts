/** What a server tells the balancer: 200 while a tunnel through it works, else the reason. Its live sessions stay. */
import { beforeAll, describe, expect, test } from "vitest";
import { ping } from "../../../lab/client/measure.ts";
import { waitUntil } from "../../../lab/host/wait.ts";
import { HEALTH_PORT } from "../../../plan/front-door/health.ts";
import { onServer, secondClient, sharedLab, tunnelUp } from "../shared/lab.ts";

const soon = { timeoutMs: 60_000 };

/** Status and first line of the answer. */
async function health(): Promise<string> {
  const said = await onServer(
    `curl -s -m 10 -w '%{http_code}' http://127.0.0.1:${HEALTH_PORT}/ | tr '\\n' ' ' || true`,
  );
  return said.trim();
}
const healthy = () => waitUntil("health", async () => (await health()) === "ok 200", soon);
const ill = (why: RegExp) =>
  waitUntil(`503: ${why}`, async () => why.test(await health()) && (await health()).endsWith("503"), soon);

/** Runs `work` while a drop-in changes the unit of the health endpoint. */
async function reconfigured<T>(environment: string, work: () => Promise<T>): Promise<T> {
  const drop = "/run/systemd/system/pptp-fleet-health.service.d";
  await onServer(`mkdir -p ${drop}; printf '[Service]\\nEnvironment=${environment}\\n' >${drop}/test.conf
    systemctl daemon-reload; systemctl restart pptp-fleet-health`);
  try {
    return await work();
  } finally {
    await onServer(`rm -r ${drop}; systemctl daemon-reload; systemctl restart pptp-fleet-health`);
  }
}

beforeAll(async () => {
  await sharedLab();
  await healthy();
});

describe("the health endpoint", () => {
  test("says why, and leaves a live session alone, while the server drains", async () => {
    const { client } = await sharedLab();
    const tunnel = await tunnelUp();
    await onServer("touch /run/pptp-fleet/drain");
    expect(await health()).toBe("draining 503");
    const pinged = await ping(client.agent, tunnel.remote, 5);
    await onServer("rm /run/pptp-fleet/drain");
    expect(await health()).toBe("ok 200");
    await tunnel.hangUp();
    expect(pinged).toMatchObject({ sent: 5, received: 5 });
  });

  test("says that the pool is full, at as many sessions as there may be, and not before", async () => {
    await reconfigured("SESSIONS=2", async () => {
      await healthy();
      const first = await tunnelUp();
      const one = await health();
      const second = await tunnelUp({ namespace: await secondClient() });
      const two = await health();
      await second.hangUp();
      await healthy();
      await first.hangUp();
      expect([one, two]).toEqual(["ok 200", "full: 2 sessions 503"]);
    });
  });

  test("says that pptpd has gone, until it is there again", async () => {
    // Masked, as pptp-fleet-ready would have it started again.
    await onServer("systemctl mask --runtime --now pptpd");
    try {
      await ill(/^pptpd does not run/);
    } finally {
      await onServer("systemctl unmask --runtime pptpd; systemctl start pptpd");
    }
    await healthy();
  });

  test("says that pptpd does not answer, though it listens", async () => {
    await reconfigured("BOUND=2", async () => {
      await healthy();
      await onServer("kill -STOP $(systemctl show -P MainPID pptpd)");
      try {
        await ill(/^no answer: timed out/);
      } finally {
        await onServer("kill -CONT $(systemctl show -P MainPID pptpd)");
      }
      await healthy();
    });
  });

  test("says what pptp-fleet-ready misses", async () => {
    await onServer("nft delete chain inet pptp_fleet input 2>/dev/null || nft flush ruleset");
    try {
      await ill(/^not ready: the firewall does not stand/);
    } finally {
      await onServer("systemctl reload nftables");
    }
    await healthy();
  });

  test("leaves no line in the journal, where Debian's unit has three for each check", async () => {
    const lines = () => onServer("journalctl -q -b -o cat -t pptpd | grep -cE '127.0.0.1|PPP.0.' || true");
    const checks = () => onServer("ls -t --time-style=full-iso -l /run/pptp-fleet/call-ids | sed -n 2p");
    const [before, last] = [await lines(), await checks()];
    await waitUntil("another check", async () => (await checks()) !== last, soon);
    expect(await lines()).toBe(before);
    const plain = `d=/run/systemd/system/pptpd.service.d; mkdir -p $d; printf '[Service]\\nLogFilterPatterns=\\n' >$d/z-test.conf
      systemctl daemon-reload; systemctl restart pptpd`;
    await onServer(plain);
    try {
      await waitUntil("lines of a check", async () => (await lines()) !== before, soon);
    } finally {
      await onServer(
        "rm -r /run/systemd/system/pptpd.service.d; systemctl daemon-reload; systemctl restart pptpd",
      );
    }
    await healthy();
  });

  test("holds no place of a client's between two checks", async () => {
    const places = () => onServer("p=$(systemctl show -P MainPID pptpd); cat /proc/$p/task/$p/children");
    await waitUntil("no connection", async () => (await places()).trim() === "", soon);
  });

  test("has an exposure of a service that can do little", async () => {
    const said = await onServer("systemd-analyze security --no-pager pptp-fleet-health.service | tail -n 1");
    expect(Number(/: ([\d.]+)/.exec(said)![1])).toBeLessThan(2.5);
  });
});
