import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { AwsFacts } from "../../plan/place/aws-facts.ts";
import { callIds } from "../../plan/place/call-ids.ts";
import { makePlan } from "../../plan/plan.ts";
import { renderServer } from "../../render/machine.ts";
import type { Settings } from "../../settings/schema.ts";
import { read } from "../settings/groups/grouped.ts";
import { givenFacts, givenSettings } from "../shared/given.ts";
import { ed25519Of } from "../shared/made-keys.ts";

function machine(changes: Partial<Settings> = {}, name = "a-1", facts: AwsFacts = givenFacts()) {
  const plan = makePlan(givenSettings(changes), facts, "dev");
  return renderServer(plan, plan.servers.find((server) => server.name === name)!);
}
const file = (path: string, changes: Partial<Settings> = {}) =>
  machine(changes).bundle.files.find((each) => each.path === path)!.content;

describe("a server's bundle", () => {
  test("is JSON, gzipped, and named by its bytes", () => {
    const { bundle, packed } = machine();
    expect(JSON.parse(gunzipSync(packed.bytes).toString())).toEqual(bundle);
    expect(packed.version).toBe(createHash("sha256").update(packed.bytes).digest("hex"));
  });

  test("is the same to the byte for the same plan", () => {
    expect(machine().packed.bytes.equals(machine().packed.bytes)).toBe(true);
  });

  test("does not change when servers, accounts or allowed CIDRs come and go", () => {
    const before = machine({ servers: 2 });
    const after = machine({
      servers: 9,
      users: [{ name: "plc-7", password: "another" }],
      allowedCidrs: ["198.51.100.0/24", "10.9.0.0/16"],
      adminCidrs: ["10.8.0.0/16"],
    });
    expect(after.packed.version).toBe(before.packed.version);
  });

  test("does not change when a zone is added", () => {
    expect(machine({}, "a-1", givenFacts("abc")).packed.version).toBe(machine().packed.version);
  });

  test("is the same behind either front door", () => {
    expect(machine({ frontDoor: "eip" }).packed.version).toBe(machine({ frontDoor: "nlb" }).packed.version);
  });

  test("names Graviton's kernel on Graviton (rendered and checked; never booted)", () => {
    const facts: AwsFacts = { ...givenFacts(), architecture: "arm64" };
    expect(machine({}, "a-1", facts).bundle.packages).toContainEqual({ name: "linux-image-arm64" });
  });

  test("installs irqbalance where it is to move the interrupts, and only there", () => {
    const packages = (irq: "irqbalance" | "spread") => machine(read({ nic: { irq } })).bundle.packages;
    expect(packages("irqbalance")).toContainEqual({ name: "irqbalance" });
    expect(packages("spread")).not.toContainEqual({ name: "irqbalance" });
  });

  test("names the version that config has for a package that it needs, in its place", () => {
    const { packages } = machine({ packageVersions: { ppp: "2.5.2-1+1" } }).bundle;
    expect(packages).toContainEqual({ name: "ppp", version: "2.5.2-1+1" });
    expect(packages.map(({ name }) => name)).toEqual(machine().bundle.packages.map(({ name }) => name));
    expect(machine().bundle.packages.filter((each) => "version" in each)).toEqual([]);
  });

  test("has the versions of other packages where these are installed, by name, and installs none for it", () => {
    const packageVersions = { systemd: "257.13-1~deb13u1", libc6: "2.41-12+deb13u5" };
    const others = machine({ packageVersions }).bundle.packages.filter(({ ifInstalled }) => ifInstalled);
    expect(others).toEqual([
      { name: "libc6", version: "2.41-12+deb13u5", ifInstalled: true },
      { name: "systemd", version: "257.13-1~deb13u1", ifInstalled: true },
    ]);
    const turned = Object.fromEntries(Object.entries(packageVersions).reverse());
    expect(machine({ packageVersions: turned }).packed.version).toBe(
      machine({ packageVersions }).packed.version,
    );
  });

  test("has Debian's pptpctrl diverted before the package is there, to where ours starts it", () => {
    const [divert, ...more] = machine().bundle.before;
    expect(divert!.script).toMatch(
      /^dpkg-divert .*--rename --divert \/usr\/lib\/pptpd\/pptpctrl --add \/usr\/sbin\/pptpctrl$/,
    );
    expect(more).toEqual([]);
    expect(file("/usr/sbin/pptpctrl")).toMatch(/^exec \/usr\/lib\/pptpd\/+pptpctrl /m);
  });

  test("asks apt for the lists that name packages and for no other", () => {
    const conf = file("/etc/apt/apt.conf.d/90-pptp-fleet.conf");
    expect(conf).toContain('Acquire::Languages "none";\n');
    expect(conf).toContain('Acquire::IndexTargets::deb-src::Sources::DefaultEnabled "false";\n');
  });

  test("lets administrators in by one file, apart from all that sessions depend on", () => {
    const sshPublicKeys = [1, 2].map(ed25519Of);
    const keys = (changes: Partial<Settings>) =>
      machine(changes).bundle.files.filter(({ path }) => path.startsWith("/etc/ssh/"));
    const [list, config] = keys({ adminCidrs: ["10.0.0.0/16"], sshPublicKeys });
    expect(list).toMatchObject({ path: "/etc/ssh/authorized_keys.d/admin", apart: true });
    expect(settingsIn(list!.content)).toEqual(sshPublicKeys);
    expect(settingsIn(config!.content)).toEqual(["AuthorizedKeysFile /etc/ssh/authorized_keys.d/%u"]);
    expect(keys({})).toEqual([]);
  });
});

describe("a server's settings", () => {
  test("of call IDs are every second one of its position's 1024", () => {
    const argument = (name: string) =>
      machine({ servers: 6 }, name)
        .bundle.files.find(({ path }) => path === "/usr/sbin/pptpctrl")!
        .content.split("\n")
        .find((line) => line.includes("argument=$(("));
    expect(["a-1", "b-1", "a-3"].map((name) => /\(\((\d+) \+ 2 \* slot/.exec(argument(name)!)![1])).toEqual([
      "1024",
      "1024",
      "3072",
    ]);
  });

  test("of call IDs are as many places as its range has, and the same wherever the script counts them", () => {
    const script = file("/usr/sbin/pptpctrl");
    const [, first, step] = /\(\((\d+) \+ (\d+) \* slot/.exec(script)!.map(Number) as [
      number,
      number,
      number,
    ];
    const counts = [...script.matchAll(/(?:%|-lt) (\d+)/g)].map(([, count]) => Number(count));
    expect(counts).toHaveLength(3);
    const { last } = callIds(1);
    for (const count of counts)
      expect([first + step * (count - 1) <= last, first + step * count > last]).toEqual([true, true]);
  });

  test("leave pptpctrl as much room for its title as pptpd does", () => {
    const [path] = /\/usr\/lib\/pptpd\/+pptpctrl/.exec(file("/usr/sbin/pptpctrl"))!;
    // PPTP_CTRL_BIN and 32 spaces, in Debian's pptpd 1.5.0.
    expect(path.length).toBeGreaterThanOrEqual("/usr/sbin/pptpctrl".length + 32);
  });

  test("let the health check in, and wait as long as silent connections may hold pptpd", () => {
    const unit = (changes: Partial<Settings>) =>
      settingsIn(file("/etc/systemd/system/pptp-fleet-health.service", changes));
    const slow = read({ limits: { initialPacketTimeout: 9 } });
    expect(unit({ ...slow, sessionsPerServer: 77 })).toEqual(
      expect.arrayContaining(["Environment=PORT=8723 SESSIONS=77", "Environment=BOUND=36"]),
    );
    expect(file("/etc/nftables.conf")).toMatch(/^\t\ttcp dport \{ 8723 \} ct state new accept$/m);
  });

  test("ask for accounts every five minutes, and not all servers at once", () => {
    const timer = file("/etc/systemd/system/pptp-fleet-accounts.timer");
    expect(timer.match(/^(OnUnitInactiveSec|RandomizedDelaySec)=.*$/gm)).toEqual([
      "OnUnitInactiveSec=300",
      "RandomizedDelaySec=30",
    ]);
  });

  test("open SSH where somebody may administer", () => {
    const ports = (changes: Partial<Settings>) =>
      /^\t\ttcp dport (\{.*\}) ct state new accept$/m.exec(file("/etc/nftables.conf", changes))![1];
    expect(ports({})).toBe("{ 8723 }");
    expect(ports({ adminCidrs: ["203.0.113.0/24"], sshPublicKeys: [ed25519Of(1)] })).toBe("{ 22, 8723 }");
  });

  test("of pptpd are its own pool and as many connections", () => {
    expect(settingsIn(file("/etc/pptpd.conf"))).toEqual([
      "option /etc/ppp/pptpd-options",
      "localip 10.64.0.1",
      "remoteip 10.64.0.2-251",
      "connections 250",
    ]);
  });

  test("of pptpd's pool above 253 sessions are two ranges in one line", () => {
    expect(settingsIn(file("/etc/pptpd.conf", { sessionsPerServer: 400 }))).toContain(
      "remoteip 10.64.0.2-254,10.64.1.1-147",
    );
  });

  test("of pppd follow the path MTU", () => {
    expect(settingsIn(file("/etc/ppp/pptpd-options", { pathMtu: 1400 }))).toEqual(
      expect.arrayContaining(["mtu 1360", "mru 1360"]),
    );
  });

  test("of pppd hold nothing that makes every dial fail or a dead session stay", () => {
    const options = settingsIn(file("/etc/ppp/pptpd-options"));
    const trapped = /^(nomppe-56|mppe-128|mppe-stateless|persist|debug|mppe-stateful)/;
    expect(options.filter((option) => trapped.test(option))).toEqual([]);
  });

  test("of DNS reach pppd, each in a line", () => {
    const options = settingsIn(file("/etc/ppp/pptpd-options", { dns: ["9.9.9.9", "149.112.112.112"] }));
    expect(options.filter((option) => option.startsWith("ms-dns"))).toEqual([
      "ms-dns 9.9.9.9",
      "ms-dns 149.112.112.112",
    ]);
  });

  test("leave no packet of GRE tracked, or let it be untracked, but together", () => {
    const rules = (mode: string) => settingsIn(file("/etc/nftables.conf", read({ conntrack: { mode } })));
    const about = (mode: string) =>
      rules(mode).filter((rule) => /\bgre (notrack|iifname .* ct state)/.test(rule));
    const bypass = [
      "ip protocol gre notrack accept",
      "ip protocol gre notrack accept",
      'ip protocol gre iifname != "ppp*" ct state untracked accept',
    ];
    expect(about("bypass").map((rule) => rule.trim())).toEqual(bypass);
    expect(about("untracked")).toEqual(about("bypass"));
    expect(about("track").map((rule) => rule.trim())).toEqual([
      'ip protocol gre iifname != "ppp*" ct state { new, established, related } accept',
    ]);
  });

  test("translate clients under NAT only, and forward none where egress is none", () => {
    const rules = (mode: string) => settingsIn(file("/etc/nftables.conf", read({ egress: { mode } })));
    const found = (mode: string, rule: RegExp) => rules(mode).some((each) => rule.test(each));
    const modes = ["nat", "routed", "none"];
    expect(modes.map((mode) => found(mode, /masquerade/))).toEqual([true, false, false]);
    expect(modes.map((mode) => found(mode, /ip saddr 10\.64\.0\.0\/24 ip daddr .* accept$/))).toEqual([
      true,
      true,
      false,
    ]);
    expect(
      modes.map((mode) => found(mode, /oifname "ppp\*" ip daddr 10\.64\.0\.0\/24 ip saddr .* accept$/)),
    ).toEqual([false, true, false]);
  });

  test("open DNS to the resolvers that lie outside of what clients reach", () => {
    const config = { dns: ["9.9.9.9", "10.9.0.53"], egress: { cidrs: ["10.9.0.0/16"] } };
    const rules = settingsIn(file("/etc/nftables.conf", read(config))).filter((rule) =>
      rule.includes("dport 53"),
    );
    expect(rules.map((rule) => rule.trim())).toEqual([
      'iifname "ppp*" ip saddr 10.64.0.0/24 ip daddr 9.9.9.9 meta l4proto { tcp, udp } th dport 53 accept',
    ]);
  });

  test("each stand under a comment that gives the reason", () => {
    const bare = machine()
      .bundle.files.filter(({ path }) =>
        /^\/etc\/(ppp|pptpd\.conf|default|sysctl\.d|modules-load\.d)/.test(path),
      )
      .flatMap(({ path, content }) =>
        content
          .split("\n\n")
          .filter((block) => block.trim() !== "" && !block.trim().startsWith("#"))
          .map((block) => `${path}: ${block}`),
      );
    expect(bare).toEqual([]);
  });
});

/** What a daemon reads: lines that are neither empty nor a comment. */
function settingsIn(content: string): string[] {
  return content.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("#"));
}
