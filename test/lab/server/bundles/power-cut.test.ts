/**
 * The power goes while a server is being changed, and it boots from its disk as that lies: whatever the moment, it comes to
 * be what its bundle says, by itself, and nothing has ever read half a file.
 *
 * Does not prove: what ext4 and EBS make of names that were not written yet (lab/guest/uml.ts has what the disk is).
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ping } from "../../../../lab/client/measure.ts";
import { waitUntil } from "../../../../lab/host/wait.ts";
import type { Bundle } from "../../../../render/bundle.ts";
import { APPLY } from "../../../../templates/apply/part.ts";
import { withFile } from "../../shared/bundled.ts";
import { onServer, replaceServer, sharedLab, tunnelUp } from "../../shared/lab.ts";
import { archive, PACKAGE, SLOW, state } from "./archive.ts";
import { become, bundleOf, dials, look, others, publish, SERVER, wordOf, wordsIn } from "./server.ts";

/** Files whose change does little: to be watched for the sessions that a new pptpd ends takes long. In the order of the bundle's. */
const CHANGED = [
  "/etc/apt/apt.conf.d/90-pptp-fleet.conf",
  "/etc/nftables.conf",
  "/etc/ppp/ip-up.d/pptp-fleet",
  "/etc/ppp/pptpd-options",
  "/etc/sysctl.d/90-pptp-fleet.conf",
  "/etc/systemd/system/pptp-fleet-accounts.timer",
  "/etc/udev/rules.d/90-pptp-fleet-nic.rules",
  "/usr/local/sbin/pptp-fleet-accounts",
  "/usr/local/sbin/pptp-fleet-apply",
  "/usr/local/sbin/pptp-fleet-health",
  "/usr/local/sbin/pptp-fleet-nic",
  "/usr/sbin/pptpctrl",
];
const FOUND = "/run/lab-found";

/** In the program that applies, so that it stops at a moment of the test's. */
const STOP = readFileSync(join(import.meta.dirname, "stop.py"), "utf8");
const MAIN = 'if __name__ == "__main__":';

let bundle: Bundle;

/** The program's, with a line more in each of these files, and watched for 3 s in place of 30. */
const variant = (n: number, version?: string): Bundle => {
  const other = withFile(bundle, APPLY, (program) => program.replace(MAIN, `${STOP.trim()}\n\n\n${MAIN}`));
  return {
    ...{ ...other, watch: 3 },
    files: other.files.map((file) =>
      CHANGED.includes(file.path) ? { ...file, content: `${file.content}# ${n}\n` } : file,
    ),
    packages: bundle.packages.map((each) => (each.name === PACKAGE && version ? { ...each, version } : each)),
  };
};

/** Begins a look, and comes back at once. */
const lookBegins = () =>
  onServer("systemctl stop pptp-fleet-apply.timer; systemctl start --no-block pptp-fleet-apply");

/** Waits for a file of the server's. */
const lies = (path: string) =>
  waitUntil(`${SERVER}: ${path}`, async () => (await onServer(`ls ${path} || true`)) !== "", {
    ...{ timeoutMs: 180_000, everyMs: 200 },
    evidence: () => onServer("journalctl -q -b -o cat -n 20 -u pptp-fleet-apply"),
  });

/** How many variants there have been. */
let n = 0;

beforeAll(async () => {
  await replaceServer();
  bundle = await bundleOf(SERVER);
  await publish(SERVER, variant(n));
  expect(await look(SERVER)).toMatchObject({ result: "applied" });
  // What a boot finds, before anything of it is read.
  await onServer(`cat >/etc/systemd/system/lab-found.service <<'X'
[Unit]
DefaultDependencies=no
Before=sysinit.target systemd-modules-load.service systemd-sysctl.service systemd-udevd.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStartPre=mkdir ${FOUND}
ExecStart=-cp --archive --parents ${bundle.files.map(({ path }) => path).join(" ")} ${FOUND}
[Install]
WantedBy=sysinit.target
X
systemctl enable lab-found
# What it has written so far, a machine that is up for longer has on its disk.
find /etc /var -xdev -type f -mmin -60 -exec sync {} +`);
});

afterAll(async () => {
  await publish(SERVER, bundle);
  await replaceServer({ keeps: false });
});

describe("while files are replaced,", () => {
  const [half, all] = [CHANGED.length / 2, CHANGED.length];
  test.each<[string, string, number | undefined]>([
    ["half of them beside their places", `prepare ${half}`, 0],
    ["half of them in their places", `replace ${half}`, half],
    [
      "all in their places, but not on the disk for certain, and nothing done that they need",
      `replace ${all}`,
      undefined,
    ],
  ])("%s", async (_, moment, there) => {
    const [before, after] = [variant(n), variant(++n)];
    const version = await publish(SERVER, after);
    await onServer(`echo ${moment} >/run/lab-stop`);
    await lookBegins();
    await lies("/run/lab-stopped");
    // What is fsynced has the journal written, and all names with it.
    if (there !== undefined) await onServer("echo >/root/committed; sync /root/committed");
    await (await sharedLab()).powerCut(0);
    const { result, why, drift } = await become(version);
    expect([result, why, drift]).toEqual(["applied", undefined, []]);
    const paths = bundle.files.map(({ path }) => path);
    const found = await wordsIn(FOUND, paths);
    const as = ({ files }: Bundle) => paths.filter((path, i) => found[path] === wordOf(files[i]!));
    expect(paths.filter((path) => ![...as(before), ...as(after)].includes(path))).toEqual([]);
    const changed = CHANGED.filter((path) => as(after).includes(path));
    if (there !== undefined) expect(changed).toEqual(CHANGED.slice(0, there));
    expect(await others(after.files)).toEqual([]);
    const folders = [...new Set(CHANGED.map((path) => path.slice(0, path.lastIndexOf("/"))))].join(" ");
    expect(await onServer(`find ${folders} -maxdepth 1 -name '.*.pptp-fleet'; systemctl --failed -q`)).toBe(
      "",
    );
    await dials();
  });
});

describe("a newer package of what carries the tunnels", () => {
  test("waits for the session, which loses nothing, and leaves what is ours as it is", async () => {
    const { client } = await sharedLab();
    const [former, wanted] = await archive(1);
    expect(await others(variant(n).files)).toEqual([]);
    const tunnel = await tunnelUp();
    try {
      await publish(SERVER, variant(n, wanted));
      const [pings, waits] = await Promise.all([ping(client.agent, tunnel.remote, 200), look(SERVER)]);
      expect(waits).toMatchObject({
        ...{ result: "waits", waits: [`packages ${PACKAGE}: for 1 session to leave`], sessions: 1 },
        packages: { [PACKAGE]: former },
      });
      expect(pings).toMatchObject({ received: 200 });
      expect(await state()).toBe(`ii  ${former}`);
    } finally {
      await tunnel.hangUp();
    }
    const none = async () => (await onServer("ps -C pppd,pptpctrl -o pid= || true")).trim() === "";
    await waitUntil("a server without a call", none, { timeoutMs: 30_000 });
    const after = await look(SERVER);
    expect(after).toMatchObject({ result: "applied", waits: [], packages: { [PACKAGE]: wanted } });
    expect(await upgraded(wanted!)).toEqual({ state: `ii  ${wanted}`, others: [], ours: "1\n" });
    await dials();
  });

  test.each<[string, number, "preinst" | "postinst"]>([
    ["before its files are unpacked", 2, "preinst"],
    ["while it is configured", 3, "postinst"],
  ])("that the power goes under %s is there after the boot", async (_, next, script) => {
    const [, wanted] = await archive(next);
    await onServer(`touch ${SLOW}.${script}`);
    const version = await publish(SERVER, variant(n, wanted));
    await lookBegins();
    await lies(`${SLOW}.${script}.begun`);
    expect(await state()).not.toMatch(/^ii /);
    await (await sharedLab()).powerCut(0);
    expect(await become(version)).toMatchObject({ waits: [], packages: { [PACKAGE]: wanted } });
    expect(await upgraded(wanted!)).toEqual({ state: `ii  ${wanted}`, others: [], ours: "1\n" });
    await dials();
  });

  /** What is there of a version: as dpkg has it, ours that are otherwise, and how often its pptpctrl lies where ours starts it. */
  const upgraded = async (version: string) => ({
    state: await state(),
    others: await others(variant(n).files),
    ours: await onServer(`dpkg --audit; grep -c '^${version}$' /usr/lib/pptpd/pptpctrl`),
  });
});
