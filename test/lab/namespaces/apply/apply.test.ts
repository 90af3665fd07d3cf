/**
 * A bundle is applied by its own program, on Debian 13's files, packages and readers, with real nft. systemd is
 * systemctl.py, so: which effects come in which order, and what no file may be. What units make of it, sessions, packages
 * from a mirror and the watch are the other suites'.
 */
import { existsSync, lstatSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { run } from "../../../../lab/host/run.ts";
import type { Bundle } from "../../../../render/bundle.ts";
import { edited, type Machine, newMachine, serverBundle, withLine } from "./machine.ts";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ somebody";
const bundle = serverBundle({ sshPublicKeys: [KEY] });
const FIREWALL = "/etc/nftables.conf";
const OPTIONS = "/etc/ppp/pptpd-options";
const POOL = "/etc/pptpd.conf";
const SYSCTL = "/etc/sysctl.d/90-pptp-fleet.conf";
const HEALTH = "/usr/local/sbin/pptp-fleet-health";
const KEYS = "/etc/ssh/authorized_keys.d/admin";

let machine: Machine;

/** Files of a bundle that lie there otherwise. */
const others = (wanted: Bundle) =>
  wanted.files
    .filter(({ path, content, permissions }) => {
      const at = join(machine.root, path);
      if (!existsSync(at) || machine.read(path) !== content) return true;
      return (lstatSync(at).mode & 0o7777).toString(8) !== permissions.replace(/^0/, "");
    })
    .map(({ path }) => path);

const leftOvers = () =>
  [...new Set(bundle.files.map(({ path }) => path.slice(0, path.lastIndexOf("/"))))].flatMap((folder) =>
    readdirSync(join(machine.root, folder)).filter((name) => name.endsWith(".pptp-fleet")),
  );

/** Applied, and what came of it. */
async function applied(wanted: Bundle) {
  const { code, text } = await machine.apply(wanted);
  return { code, text, asked: machine.asked(), report: machine.report() };
}

beforeAll(async () => {
  machine = await newMachine();
});

describe("a machine's first", () => {
  test("lays all files, then enables units, then starts them, the firewall first and waited for", async () => {
    const { code, text, asked, report } = await applied(bundle);
    expect([code, text]).toEqual([0, expect.stringContaining("/etc/pptpd.conf: written")]);
    expect(others(bundle)).toEqual([]);
    expect(report).toMatchObject({ result: "applied", waits: [], drift: [] });
    const starts = asked.filter((line) => /enable|start /.test(line) && !line.startsWith("try-"));
    expect(starts).toEqual([
      "restart systemd-modules-load.service",
      "restart systemd-sysctl.service",
      `--quiet --no-reload enable -- ${bundle.units.enabled.join(" ")}`,
      "start nftables.service",
      `start --no-block -- ${bundle.units.queued.join(" ")}`,
    ]);
    expect((await machine.run(["nft", "list", "chain", "inet", "pptp_fleet", "input"])).code).toBe(0);
  });

  test("is all: the next run asks what is so, and changes nothing", async () => {
    expect(await applied(bundle)).toMatchObject({
      code: 0,
      text: "",
      asked: [],
      report: { result: "applied" },
    });
  });

  test("is what packages it names are installed for, each reported with its version", () => {
    const names = bundle.packages.map(({ name }) => name);
    expect(Object.keys(machine.report().packages)).toEqual(names);
    expect(machine.report().packages.pptpd).toMatch(/^1\.5\.0-/);
  });
});

describe("a change does the least that its file needs", () => {
  const RELOAD = "daemon-reload";
  test.each<[string, string, string[]]>([
    [FIREWALL, "# another", ["reload-or-restart nftables.service"]],
    [OPTIONS, "# another", []],
    [POOL, "# another", ["restart pptpd.service"]],
    [SYSCTL, "# another", ["restart systemd-sysctl.service"]],
    [HEALTH, "# another", ["restart -- pptp-fleet-health.service"]],
    ["/usr/local/sbin/pptp-fleet-ready", "# another", ["restart --no-block -- pptp-fleet-ready.service"]],
    [
      "/etc/systemd/system/pptp-fleet-accounts.timer",
      "# another",
      [RELOAD, "restart -- pptp-fleet-accounts.timer"],
    ],
    ["/etc/modules-load.d/pptpd.conf", "# another", ["restart -- systemd-modules-load.service"]],
    ["/etc/systemd/system/pptpd.service.d/pptp-fleet.conf", "# another", [RELOAD, "restart pptpd.service"]],
    [KEYS, "# another", []],
    // No card of this machine has its unit.
    ["/usr/local/sbin/pptp-fleet-nic", "# another", []],
  ])("%s", async (path, line, effects) => {
    const other = withLine(bundle, path, line);
    const { code, asked, report } = await applied(other);
    expect([code, asked, others(other)]).toEqual([0, effects, []]);
    expect(report).toMatchObject({ result: "applied", changed: expect.arrayContaining([path]) });
    await machine.apply(bundle);
    machine.asked();
  });

  test("of several files comes once, sysctls ahead of rules, pptpd last", async () => {
    const files = [POOL, "/etc/default/pptpd", FIREWALL, SYSCTL, HEALTH];
    const other = files.reduce((all, path) => withLine(all, path, "# another"), bundle);
    expect((await applied(other)).asked).toEqual([
      "restart systemd-sysctl.service",
      "reload-or-restart nftables.service",
      "restart -- pptp-fleet-health.service",
      "restart pptpd.service",
    ]);
    await machine.apply(bundle);
    machine.asked();
  });

  test("a file that the bundle has no more goes, with its unit and its effect", async () => {
    const gone = ["/etc/systemd/system/pptp-fleet-health.service", HEALTH, SYSCTL];
    const units = Object.fromEntries(
      Object.entries(bundle.units).map(([when, names]) => [
        when,
        names.filter((name: string) => !name.includes("health")),
      ]),
    ) as unknown as Bundle["units"];
    const less = { ...bundle, units, files: bundle.files.filter(({ path }) => !gone.includes(path)) };
    const { asked, report } = await applied(less);
    expect(gone.filter((path) => existsSync(join(machine.root, path)))).toEqual([]);
    expect(asked).toEqual([
      "--quiet disable --now -- pptp-fleet-health.service",
      RELOAD,
      "restart systemd-sysctl.service",
      "--quiet disable --now -- pptp-fleet-health.service",
    ]);
    expect(report.waits).toContain("net.ipv4.ip_forward, which is no longer set: for a reboot");
    await machine.apply(bundle);
    expect(others(bundle)).toEqual([]);
    machine.asked();
  });
});

describe("what somebody else changed is repaired and reported:", () => {
  test.each<[string, string, string[]]>([
    ["a file's content", `echo x >>${FIREWALL}`, [FIREWALL]],
    ["its mode", `chmod 600 ${SYSCTL}`, [SYSCTL]],
    ["its owner", `chown 1 ${HEALTH}`, [HEALTH]],
    ["a link in its place", `mv ${KEYS} /root/keys && ln -s /root/keys ${KEYS}`, [KEYS]],
    ["a file that is gone", `rm ${OPTIONS}`, [OPTIONS]],
    [
      "a unit that was disabled",
      "systemctl disable pptp-fleet-health.service",
      ["pptp-fleet-health.service"],
    ],
    ["a unit that was stopped", "systemctl stop pptpd.service", ["pptpd.service"]],
    ["a unit that was masked", "systemctl mask pptpd.service", ["pptpd.service"]],
  ])("%s", async (_what, change, drift) => {
    rmSync(join(machine.root, "var/lib/pptp-fleet/drift"), { force: true });
    await machine.run(["sh", "-c", change]);
    expect((await applied(bundle)).report).toMatchObject({ result: "applied", drift });
    expect([others(bundle), statSync(join(machine.root, HEALTH)).uid]).toEqual([[], 0]);
    // It is said for a day, and done once.
    expect(await applied(bundle)).toMatchObject({ asked: [], report: { drift } });
  });

  test("but not a unit that systemd has yet to start, as while a machine boots", async () => {
    rmSync(join(machine.root, "var/lib/pptp-fleet/drift"), { force: true });
    const job = "/var/lib/systemctl/jobs/pptpd.service";
    await machine.run(["sh", "-c", `systemctl stop pptpd.service; touch ${job}`]);
    machine.asked();
    expect(await applied(bundle)).toMatchObject({ asked: [], report: { drift: [] } });
    await machine.run(["rm", job]);
    expect((await applied(bundle)).report).toMatchObject({ drift: ["pptpd.service"] });
  });

  test("a mask that was taken away", async () => {
    await machine.run(["systemctl", "unmask", "apt-daily.timer"]);
    const { asked } = await applied(bundle);
    expect(asked).toContain("--quiet mask -- apt-daily.timer");
  });
});

describe("nothing is touched where a file's own reader does not take it:", () => {
  test.each<[string, string, (content: string) => string, RegExp]>([
    [
      "nft",
      FIREWALL,
      (rules) => rules.replace("policy drop", "policy dropp"),
      /nftables\.conf.*syntax error/s,
    ],
    [
      "the kernel, of a rule",
      FIREWALL,
      (rules) => rules.replace("add @connected", "add @dialling2"),
      /dialling2/,
    ],
    [
      "the kernel, of a set that stands with another type",
      FIREWALL,
      (rules) =>
        rules
          .replace(/(set connected \{\n\t\ttype )ipv4_addr/, "$1ipv6_addr")
          .replace(/add @connected.*/, ""),
      /File exists/,
    ],
    [
      "systemd",
      "/etc/systemd/system/pptp-fleet-health.service",
      (unit) => `${unit}WantedByy=x\n`,
      /WantedByy/,
    ],
    [
      "systemd, of Debian's unit",
      "/etc/systemd/system/pptpd.service.d/pptp-fleet.conf",
      (unit) => `${unit}Frob=1\n`,
      /Frob/,
    ],
    [
      "sh",
      "/usr/local/sbin/pptp-fleet-ready",
      (script) => `${script}if\n`,
      /pptp-fleet-ready.*Syntax error/s,
    ],
    ["bash", "/usr/local/sbin/pptp-fleet-nic", (script) => `${script}if\n`, /pptp-fleet-nic.*syntax error/s],
    ["Python", HEALTH, (script) => `${script}def\n`, /pptp-fleet-health.*invalid syntax/s],
    ["sysctl.d's form", SYSCTL, (text) => `${text}net.ipv4.ip_forward 1\n`, /not KEY = VALUE/],
    ["the kernel, of a key", SYSCTL, (text) => `${text}net.ipv4.tcp_frobs = 1\n`, /no net\.ipv4\.tcp_frobs/],
    ["udev", "/etc/udev/rules.d/90-pptp-fleet-nic.rules", (rules) => `${rules}FROB=="1"\n`, /FROB/],
    ["sshd", "/etc/ssh/sshd_config.d/50-pptp-fleet.conf", (text) => `${text}Frob yes\n`, /Frob/],
  ])("%s", async (_reader, path, change, why) => {
    machine.asked();
    // One that would be taken beside it.
    const other = withLine(edited(bundle, path, change), OPTIONS, "# another");
    const { code, asked, report } = await applied(other);
    expect([code, asked]).toEqual([3, []]);
    expect(report).toMatchObject({ result: "refused", why: expect.stringMatching(why) });
    expect([others(bundle), leftOvers()]).toEqual([[], []]);
    // The bootstrap has the last good one applied on.
    expect(JSON.parse(machine.read("/var/lib/pptp-fleet/refused"))).toMatchObject({ result: "refused" });
  });

  test("a document of another format", async () => {
    const { code, text } = await machine.apply({ ...bundle, format: 2 } as unknown as Bundle);
    expect([code !== 0, text]).toEqual([true, expect.stringContaining("format 2")]);
    expect(others(bundle)).toEqual([]);
  });
});

describe("beside sessions", () => {
  const session = (verb: string) =>
    run("ip", ["-n", machine.network, "link", verb, "ppp0", ...(verb === "add" ? ["type", "veth"] : [])]);

  test("a change of the pool waits, the whole bundle with it, and administrators' keys do not", async () => {
    machine.asked();
    await session("add");
    const changed = [POOL, FIREWALL, KEYS].reduce((all, path) => withLine(all, path, "# another"), bundle);
    const waiting = await applied(changed);
    expect(waiting).toMatchObject({ code: 0, asked: [], report: { result: "waits", sessions: 1 } });
    expect(waiting.report.waits).toEqual(["pptpd.service's own settings: for 1 session to leave"]);
    expect(others(changed)).toEqual([FIREWALL, POOL]);
    await session("del");
    const through = await applied(changed);
    expect(through.asked).toEqual(["reload-or-restart nftables.service", "restart pptpd.service"]);
    expect(through.report).toMatchObject({ result: "applied", waits: [], sessions: 0 });
    expect(others(changed)).toEqual([]);
    await machine.apply(bundle);
  });

  test("other changes go through", async () => {
    machine.asked();
    await session("add");
    const changed = [OPTIONS, FIREWALL].reduce((all, path) => withLine(all, path, "# another"), bundle);
    expect(await applied(changed)).toMatchObject({
      asked: ["reload-or-restart nftables.service"],
      report: { result: "applied" },
    });
    await machine.apply(bundle);
    await session("del");
    machine.asked();
  });
});

test("a machine that gets worse has its last good files again, and both are reported", async () => {
  machine.asked();
  const other = withLine(withLine(bundle, HEALTH, "# does-not-start"), FIREWALL, "# another");
  const { code, report, asked } = await applied(other);
  expect(code).toBe(3);
  expect(report).toMatchObject({
    result: "rolled back",
    why: expect.stringContaining("pptp-fleet-health.service"),
    changed: [FIREWALL, HEALTH, "firewall's rules replaced", "pptp-fleet-health.service restarted"],
  });
  expect(report.version).not.toBe(report.good);
  expect(others(bundle)).toEqual([]);
  // The rules that stood have come back too.
  expect(asked.filter((line) => line === "reload-or-restart nftables.service")).toHaveLength(2);
});

test("a full disk changes nothing, is reported, and the next run completes", async () => {
  const other = [OPTIONS, FIREWALL].reduce((all, path) => withLine(all, path, "# another"), bundle);
  machine.asked();
  const [folder, copy] = [join(machine.root, "etc/ppp"), join(machine.root, "root/ppp")];
  await run("cp", ["-a", folder, copy]);
  await run("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", folder]);
  await run("cp", ["-a", `${copy}/.`, folder]);
  await run("dd", ["if=/dev/zero", `of=${folder}/fill`, "bs=1k"], { mayFail: true });
  const waiting = await applied(other);
  expect(waiting).toMatchObject({
    code: 0,
    asked: [],
    report: { result: "waits", why: `[Errno 28] No space left on device: '${OPTIONS}'` },
  });
  expect([others(bundle), leftOvers()]).toEqual([[], []]);
  rmSync(join(folder, "fill"));
  expect(await applied(other)).toMatchObject({ report: { result: "applied" } });
  expect(others(other)).toEqual([]);
  await machine.apply(bundle);
  await run("umount", [folder]);
  await machine.apply(bundle);
});

test("killed at 50 instants, it leaves each file as one bundle or the other has it, and the next run completes", async () => {
  const program = (n: number) =>
    [HEALTH, FIREWALL, SYSCTL, OPTIONS, POOL].reduce((all, path) => withLine(all, path, `# ${n}`), bundle);
  const [one, two] = [program(1), program(2)];
  rmSync(join(machine.root, "var/lib/pptp-fleet/drift"), { force: true });
  await machine.apply(two);
  await machine.apply(one);
  const begun = performance.now();
  await machine.apply(two);
  const whole = performance.now() - begun;
  let before = two;
  let interrupted = 0;
  for (let n = 0; n < 50; n++) {
    const after = before === two ? one : two;
    machine.asked();
    if (await machine.killed(after, (whole * (n + Math.random())) / 50)) interrupted++;
    const neither = others(before).filter((path) => others(after).includes(path));
    expect([n, neither]).toEqual([n, []]);
    expect(await applied(after)).toMatchObject({
      code: 0,
      // Nobody has changed anything by hand.
      report: { result: "applied", waits: [], drift: [] },
    });
    expect([n, others(after), leftOvers()]).toEqual([n, [], []]);
    // What was to read its file anew has done so, whenever it was.
    const healthFile = after.files.find(({ path }) => path === HEALTH)!.content;
    expect([n, machine.read("/var/lib/systemctl/read-pptp-fleet-health.service") === healthFile]).toEqual([
      n,
      true,
    ]);
    before = after;
  }
  expect(interrupted).toBeGreaterThan(25);
});
