/**
 * A server of the dev stack, from an image like the AMI to serving, by its own user data and nothing else. Where an earlier
 * run has seen that boot, with the same inputs, it is that run's machine (lab/vms/snapshot.ts): the phases say which.
 *
 * Does not prove: an AMI as Debian publishes it, Graviton; a Xen instance, which emulation has not: its driver is in the
 * initramfs.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { wholeMachine } from "../../../lab/guest/accel.ts";
import { READY_UNIT } from "../../../lab/guest/first-boot.ts";
import { waitUntil } from "../../../lab/host/wait.ts";
import type { Lab } from "../../../lab/vms/lab.ts";
import { type RecordedMachine, recordedMachines } from "../../../offline/machines.ts";
import { notSet } from "../../../plan/tunings/not-set.ts";
import { call, onServer, sharedLab, tunnelUp } from "../shared/lab.ts";
import { LOOK_AND_NO_MORE } from "../shared/look.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await sharedLab(wholeMachine);
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
    const [{ files }] = recordedMachines(lab.run) as [RecordedMachine];
    const digest = (content: string) => createHash("sha256").update(content).digest("hex");
    const sums = files.map(({ path, content }) => `${digest(content)}  ${path}`);
    expect(await onServer(`sha256sum -c --quiet <<'X' 2>&1 || true\n${sums.join("\n")}\nX`)).toBe("");
    const modes = files.map(({ path, permissions }) => `${Number(permissions)} ${path}`);
    const paths = files.map(({ path }) => path).join(" ");
    expect((await onServer(`stat -c '%a %n' ${paths}`)).trim().split("\n")).toEqual(modes);
  });

  test("has the kernel settings that its file says", async () => {
    // A key with a star is that of each interface; of several numbers the kernel prints tabs between them.
    const differs =
      await onServer(`grep -v '^#' /etc/sysctl.d/90-pptp-fleet.conf | grep . | while IFS== read -r key value; do
      for path in $(echo /proc/sys/$(echo $key | tr . /)); do
        [ -e "$path" ] || echo "no $path"
        [ "$(echo $(cat $path))" = "$(echo $value)" ] || echo "$path is $(cat $path), not $value"; done; done`);
    expect(differs).toBe("");
  });

  test("has the modules that its files name", async () => {
    const missing =
      await onServer(`grep -hv '^#' /etc/modules-load.d/pptpd.conf | grep . | while read -r module; do
      [ -d "/sys/module/$module" ] || echo "$module"; done; systemctl is-failed systemd-modules-load || true`);
    expect(missing).toBe("active\n");
  });

  test("has both kinds of EC2's disks in its initramfs, and nothing of the machine that made it", async () => {
    const modules = await onServer(
      "lsinitramfs /boot/initrd.img-$(uname -r) | grep -o '[^/]*\\.ko'",
      300_000,
    );
    expect(modules.split("\n")).toEqual(expect.arrayContaining(["nvme.ko", "xen-blkfront.ko", "ext4.ko"]));
    expect(modules).not.toMatch(/virtio|ahci|e1000/);
    expect(await onServer("findmnt -no SOURCE /")).toBe("/dev/nvme0n1p1\n");
  });

  test("has no modules for what no instance has", async () => {
    const each = (command: string) =>
      onServer(`sed -n 's/^path-exclude=//p' /etc/dpkg/dpkg.cfg.d/pptp-fleet | while read -r pattern; do
        ${command}; done`);
    expect(await each('find /usr/lib/modules -type f -path "$pattern"')).toBe("");
    // Of each kind the package has some.
    const packed = await each(
      "case $pattern in */media/*) dpkg -L linux-image-$(uname -r) | grep -c /media/ ;; esac",
    );
    expect(Number(packed)).toBeGreaterThan(100);
  });

  test("lacks what the docs say is gone from the kernel", async () => {
    const gone = notSet.flatMap(({ gone }) => gone ?? []);
    expect(gone.length).toBeGreaterThan(0);
    expect(await onServer(`ls ${gone.join(" ")} 2>/dev/null || true`)).toBe("");
  });

  test("has set up its card, and says what the card lacks where readiness is asked for", async () => {
    const log = await onServer("journalctl -q -b -o cat -u 'pptp-fleet-nic@*'");
    expect(log).toMatch(/eth0: 1 queue, the plan has 2/);
    const status = await onServer(`systemctl show -P StatusText ${READY_UNIT}`);
    expect(status).toBe("ready, but eth0: 1 queue, the plan has 2: the card offers no more\n");
    expect(await onServer("systemctl show -P ActiveState 'pptp-fleet-nic@eth0'")).toBe("active\n");
    expect(await onServer("tc qdisc show dev eth0 root")).toMatch(/^qdisc fq_codel /);
  });

  test("asks the VPC's own time service, as no other is let out", async () => {
    expect(await onServer("timedatectl show-timesync -p SystemNTPServers")).toBe(
      "SystemNTPServers=169.254.169.123\n",
    );
  });
});

describe("whether it has booted just now or in an earlier run, a server", () => {
  test("knows this run's account, by this run's role, and no other run's", async () => {
    await (await tunnelUp()).hangUp();
    // One that no run has ever had is refused likewise.
    for (const account of [...lab.formerAccounts, { ...lab.account, password: "not that" }]) {
      const result = await call({ account });
      expect(result.up ? "up" : result.failure.stage).toBe("auth");
    }
    expect(lab.cloud.credentials.keyIds.length).toBeGreaterThan(0);
  });

  test("has the time of day", async () => {
    const before = Date.now() / 1000;
    const now = Number(await onServer("date +%s.%N"));
    // The emulated board's clock tells whole seconds, and its counter of cycles was measured on a busy host (1.2 s behind
    // after a first boot, seen): an earlier run's time would be minutes away.
    expect(now - before).toBeGreaterThan(-10);
    expect(now - Date.now() / 1000).toBeLessThan(10);
  });

  test("has its address by this run's DHCP", async () => {
    const log = readFileSync(join(lab.runDir, "dnsmasq.log"), "utf8");
    expect(log).toMatch(new RegExp(`DHCPACK\\(br-a\\) ${lab.fleet.machines[0]!.privateAddress} `));
  });

  test("has no unit that failed", async () => {
    expect(await onServer("systemctl --failed --no-legend")).toBe("");
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

  test("pptpd comes back by itself when it dies", async () => {
    await onServer("pkill -KILL -x pptpd");
    await waitUntil("pptpd", async () => (await onServer("pgrep -x pptpd || true")) !== "", {
      timeoutMs: 30_000,
    });
    await becomes(/^active$/);
  });
});

/** The initramfs was made under another chipset than it boots under. */
describe("at its next boot, in a machine of another kind, a server", () => {
  test("is ready again, and a client dials in at once", async () => {
    const bridge = () => onServer("cat /sys/bus/pci/devices/0000:00:00.0/device");
    expect(await bridge()).toBe("0x29c0\n"); // Q35
    await lab.changeMachine(0, "pc");
    expect(await bridge()).toBe("0x1237\n"); // 440FX
    await (await tunnelUp()).hangUp();
  });

  test("finds all of itself as it was left", async () => {
    await onServer(LOOK_AND_NO_MORE, 300_000);
    const { result, drift } = JSON.parse(await onServer("cat /var/lib/pptp-fleet/status.json"));
    expect([result, drift]).toEqual(["applied", []]);
  });
});
