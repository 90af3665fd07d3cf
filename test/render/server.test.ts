import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { AwsFacts } from "../../plan/place/aws-facts.ts";
import { callIds } from "../../plan/place/call-ids.ts";
import { makePlan } from "../../plan/plan.ts";
import { renderServer } from "../../render/server.ts";
import { USER_DATA_LIMIT } from "../../render/user-data.ts";
import type { Settings } from "../../settings/schema.ts";
import { read } from "../settings/groups/grouped.ts";
import { givenFacts, givenSettings } from "../shared/given.ts";
import { ed25519Of } from "../shared/made-keys.ts";

function machine(changes: Partial<Settings> = {}, name = "a-1", facts: AwsFacts = givenFacts()) {
  const plan = makePlan(givenSettings(changes), facts, "dev");
  return renderServer(plan, plan.servers.find((server) => server.name === name)!);
}
/** What to do where user data has grown past a test's bound. */
const SHORTER = `user data has ${USER_DATA_LIMIT} bytes at most: shorten what machines get (a tuning's why and costs, comments of files that are no scripts) by as much as came; a higher bound here takes from what a config may add`;
const documentOf = (userData: Buffer) => gunzipSync(userData).toString();
const file = (path: string, changes: Partial<Settings> = {}) =>
  machine(changes).files.find((each) => each.path === path)!.content;

describe("a server's user data", () => {
  test("is a cloud-config that cloud-init knows by its first line", () => {
    expect(documentOf(machine().userData).split("\n")[0]).toBe("#cloud-config");
  });

  test("is the same to the byte for the same plan", () => {
    expect(machine().userData.equals(machine().userData)).toBe(true);
  });

  test("carries every file of the overlay, to the letter", () => {
    const { files, userData } = machine();
    expect(parse(documentOf(userData)).write_files).toEqual(files);
  });

  test("does not change when servers, accounts or allowed CIDRs come and go", () => {
    const before = machine({ servers: 2 });
    const after = machine({
      servers: 9,
      users: [{ name: "plc-7", password: "another" }],
      allowedCidrs: ["198.51.100.0/24", "10.9.0.0/16"],
      adminCidrs: ["10.8.0.0/16"],
    });
    expect(after.userData.equals(before.userData)).toBe(true);
  });

  test("does not change when a zone is added", () => {
    expect(machine({}, "a-1", givenFacts("abc")).userData.equals(machine().userData)).toBe(true);
  });

  test("names Graviton's kernel on Graviton (rendered and checked; never booted)", () => {
    const facts: AwsFacts = { ...givenFacts(), architecture: "arm64" };
    expect(parse(documentOf(machine({}, "a-1", facts).userData)).packages).toContain("linux-image-arm64");
  });

  test("installs irqbalance where it is to move the interrupts, and only there", () => {
    const packages = (irq: "irqbalance" | "spread") =>
      parse(documentOf(machine(read({ nic: { irq } })).userData)).packages;
    expect(packages("irqbalance")).toContain("irqbalance");
    expect(packages("spread")).not.toContain("irqbalance");
  });

  test("has Debian's pptpctrl diverted before the package is there, to where ours starts it", () => {
    const { bootcmd } = parse(documentOf(machine().userData));
    const [divert] = bootcmd.map((command: string[]) => command.at(-1));
    expect(divert).toMatch(
      /^dpkg-divert .*--rename --divert \/usr\/lib\/pptpd\/pptpctrl --add \/usr\/sbin\/pptpctrl$/,
    );
    expect(bootcmd.length).toBe(2);
    expect(file("/usr/sbin/pptpctrl")).toMatch(/^exec \/usr\/lib\/pptpd\/+pptpctrl /m);
  });

  test("asks apt for the lists that name packages and for no other, before its config is there too", () => {
    const { apt, bootcmd } = parse(documentOf(machine().userData));
    for (const [key, value] of [
      ["Acquire::Languages", "none"],
      ["Acquire::IndexTargets::deb-src::Sources::DefaultEnabled", "false"],
    ]) {
      expect(apt.conf).toContain(`${key} "${value}";\n`);
      expect(bootcmd[1].at(-1)).toContain(` -o ${key}=${value} `);
    }
  });

  test("makes no host key but the one that is made at once", () => {
    expect(parse(documentOf(machine().userData)).ssh_genkeytypes).toEqual(["ed25519"]);
  });

  test("is the same behind either front door", () => {
    const { userData } = machine({ frontDoor: "nlb" });
    expect(machine({ frontDoor: "eip" }).userData.equals(userData)).toBe(true);
  });

  test("reboots by the packages module and finishes in one script", () => {
    const config = parse(documentOf(machine().userData));
    expect(config).toMatchObject({
      package_reboot_if_required: true,
      runcmd: [["/usr/local/sbin/pptp-fleet-first-boot"]],
    });
    expect(config.power_state).toBeUndefined();
  });

  test("of the defaults leaves room below EC2's limit", () => {
    expect(machine().userData.length, SHORTER).toBeLessThan(15_400);
  });

  test("of the largest config stays below EC2's limit", () => {
    const largest = {
      // Hardly alike: what repeats itself would shrink.
      egress: {
        mode: "routed",
        cidrs: Array.from({ length: 50 }, (_, i) => `10.${(i * 97) % 256}.${11 + 3 * i}.0/24`),
      },
      conntrack: { mode: "track" },
      keepalive: { lcpEchoAdaptive: true },
      ppp: { wins: ["192.168.7.9", "172.20.1.23"], idleTimeout: 604_800, sessionLimit: 2_592_000 },
      dns: ["185.95.218.42", "149.112.112.112"],
      sessionsPerServer: 500,
      adminCidrs: ["10.0.0.0/16"],
      sshPublicKeys: [1, 2].map(ed25519Of),
    };
    const { userData } = machine(read(largest));
    expect(parse(documentOf(userData)).ssh_authorized_keys).toHaveLength(2);
    expect(userData.length).toBeLessThan(USER_DATA_LIMIT);
    // What a text more may take before somebody must look.
    expect(userData.length, SHORTER).toBeLessThan(16_200);
  });
});

describe("a server's settings", () => {
  test("of call IDs are every second one of its position's 1024", () => {
    const argument = (name: string) =>
      machine({ servers: 6 }, name)
        .files.find(({ path }) => path === "/usr/sbin/pptpctrl")!
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
      .files.filter(({ path }) => /^\/etc\/(ppp|pptpd\.conf|default|sysctl\.d|modules-load\.d)/.test(path))
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
