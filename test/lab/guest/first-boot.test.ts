/**
 * A server of the dev stack, from an image like the AMI to serving, by its own user data and nothing else.
 *
 * Does not prove: an AMI as Debian publishes it, Graviton.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { READY_UNIT } from "../../../lab/first-boot.ts";
import type { Lab } from "../../../lab/lab.ts";
import { waitUntil } from "../../../lab/wait.ts";
import { recordedPlan } from "../../../offline/machines.ts";
import type { Plan } from "../../../plan/plan.ts";
import { onServer, sharedLab, tunnelUp } from "./shared-lab.ts";

let lab: Lab;
let plan: Plan;
beforeAll(async () => {
  lab = await sharedLab();
  plan = recordedPlan(lab.run);
});

describe("after its first boot a server", () => {
  test("runs a kernel that is not the cloud's, after exactly one reboot", async () => {
    expect(await onServer("uname -r")).not.toMatch(/cloud/);
    expect(JSON.parse(await onServer("journalctl --list-boots -o json"))).toHaveLength(2);
  });

  test("is done with cloud-init, which met no error", async () => {
    const status = JSON.parse(await onServer("cloud-init status --wait --format json", 300_000));
    expect([status.status, status.errors]).toEqual(["done", []]);
  });

  test("has no cloud kernel left that could boot", async () => {
    expect(
      await onServer("ls /boot | grep cloud || true; dpkg -l 'linux-image*cloud*' | grep ^ii || true"),
    ).toBe("");
  });

  test("has every file as it was rendered", async () => {
    const differs = await onServer(`cd /var/lib/cloud/instance && zcat -f user-data.txt >/run/user-data
      python3 - <<'X'
import yaml
for each in yaml.safe_load(open("/run/user-data"))["write_files"]:
    if open(each["path"]).read() != each["content"]: print(each["path"])
X`);
    expect(differs).toBe("");
  });

  test("has the kernel settings that its file says", async () => {
    const differs =
      await onServer(`grep -hv '^#' /etc/sysctl.d/90-pptp-fleet.conf | grep . | while IFS=' =' read -r key value; do
      [ "$(sysctl -n "$key")" = "$value" ] || echo "$key"; done`);
    expect(differs).toBe("");
  });

  test("asks the VPC's own time service, as no other is let out", async () => {
    expect(await onServer("timedatectl show-timesync -p SystemNTPServers")).toBe(
      "SystemNTPServers=169.254.169.123\n",
    );
  });
});

describe("readiness", () => {
  const state = async () => (await onServer(`systemctl is-active ${READY_UNIT} || true`)).trim();
  const becomes = (wanted: RegExp) =>
    waitUntil(`readiness ${wanted}`, async () => wanted.test(await state()), { timeoutMs: 60_000 });

  test("ends when the firewall falls, and comes back with it", async () => {
    await onServer("nft flush ruleset");
    await becomes(/^activating$/);
    await onServer("systemctl reload nftables");
    await becomes(/^active$/);
  });

  test("ends while pptpd does not listen, and comes back with it", async () => {
    await onServer("systemctl stop pptpd");
    await becomes(/^activating$/);
    await onServer("systemctl start pptpd");
    await becomes(/^active$/);
  });

  test("pptpd runs with the time that a silent client may take, which it hears on its command line only", async () => {
    const { initialPacket } = plan.fleet.timers;
    expect(await onServer("ps -o args= -C pptpd")).toContain(`--stimeout ${initialPacket}`);
  });

  test("pptpd comes back by itself when it dies", async () => {
    await onServer("pkill -KILL -x pptpd");
    await waitUntil("pptpd", async () => (await onServer("pgrep -x pptpd || true")) !== "", {
      timeoutMs: 30_000,
    });
    await becomes(/^active$/);
  });
});

describe("at its next boot a server", () => {
  test("is ready again, and a client dials in at once", async () => {
    const server = lab.servers[0]!;
    const before = await server.bootId();
    await server.agent.exec(["systemctl", "reboot"]).catch(() => {});
    await waitUntil(
      "ready after a reboot",
      async () =>
        (await server.bootId()) !== before &&
        (await onServer(`systemctl is-active ${READY_UNIT}`)) === "active\n",
      { timeoutMs: 300_000, everyMs: 2_000 },
    );
    await (await tunnelUp()).hangUp();
  });
});
