/** What EC2 starts a machine with: its bootstrap, and nothing of what it is to become. */
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { makePlan } from "../../plan/plan.ts";
import { type RenderedMachine, renderGateway, renderServer } from "../../render/machine.ts";
import { userData } from "../../render/user-data.ts";
import { type Groups, read } from "../settings/groups/grouped.ts";
import { givenFacts } from "../shared/given.ts";
import { ed25519Of } from "../shared/made-keys.ts";

/** Of EC2's 16,384: a bootstrap has no room to grow into. */
const BOUND = 4_096;

/** By name. */
function machines(groups: Groups = {}): Record<string, RenderedMachine> {
  const { fleet, ...plan } = makePlan(read({ servers: 4, ...groups }), givenFacts("ab"), "dev");
  const whole = { fleet, ...plan };
  const all = [
    ...plan.servers.map((server) => renderServer(whole, server)),
    ...plan.gateways.map((gateway) => renderGateway(whole, gateway)),
  ];
  return Object.fromEntries(all.map((machine) => [machine.name, machine]));
}
const document = ({ userData: bytes }: RenderedMachine) => gunzipSync(bytes).toString();
const defaults = machines();

/** One config of each kind that is not a machine's identity. */
const OTHERS: Record<string, Groups> = {
  "who may dial and administer": {
    allowedCidrs: ["198.51.100.0/24", "10.0.0.0/8"],
    adminCidrs: ["10.0.0.0/16"],
    sshPublicKeys: [1, 2, 3].map(ed25519Of),
  },
  "what lies on the servers": {
    pathMtu: 1400,
    dns: ["9.9.9.9"],
    sessionsPerServer: 500,
    egress: { mode: "routed" },
    conntrack: { mode: "track" },
    keepalive: { lcpEchoAdaptive: true },
    nic: { irq: "spread" },
  },
  "servers more": { servers: 9 },
};

describe.each(Object.keys(defaults))("%s", (name) => {
  const machine = defaults[name]!;

  test("is a cloud-config that cloud-init knows by its first line", () => {
    expect(document(machine).split("\n")[0]).toBe("#cloud-config");
  });

  test("is far below EC2's limit", () => {
    expect(machine.userData.length).toBeLessThan(BOUND);
  });

  test("says who the machine is, and where its bundle lies", () => {
    const { write_files } = parse(document(machine));
    const { content } = write_files.find(
      ({ path }: { path: string }) => path === "/etc/pptp-fleet/machine.json",
    );
    expect(JSON.parse(content)).toEqual({ bucket: expect.stringMatching(/^pptp-fleet-dev-/), machine: name });
  });

  test("is another's but for that", () => {
    const plain = (each: RenderedMachine) => document(each).replaceAll(`"${each.name}"`, '"NAME"');
    const alike = Object.values(defaults).filter(({ bundle: { kind } }) => kind === machine.bundle.kind);
    for (const other of alike) expect(plain(other)).toBe(plain(machine));
  });

  test.each(Object.entries(OTHERS))("does not change with %s", (_, groups) => {
    const after = machines(groups)[name]!;
    expect(after.userData.equals(machine.userData)).toBe(true);
    // The config does reach the machine, or the comparison says nothing.
    expect(machines(OTHERS["what lies on the servers"])["a-1"]!.packed.version).not.toBe(
      defaults["a-1"]!.packed.version,
    );
  });
});

test("makes no host key but the one that is made at once", () => {
  expect(parse(document(defaults["a-1"]!)).ssh_genkeytypes).toEqual(["ed25519"]);
});

test("a gateway is silent before all else, and both are begun before cloud-init's last stage, which waits", () => {
  const named = (name: string) => parse(document(defaults[name]!)).bootcmd.map(([, , of]: string[]) => of);
  expect(named("gateway-a")).toEqual(["pptp-fleet-silence", "pptp-fleet-bootstrap"]);
  expect(named("a-1")).toEqual(["pptp-fleet-bootstrap"]);
  const files: { path: string; permissions: string }[] = parse(document(defaults["a-1"]!)).write_files;
  expect(files).toContainEqual(
    expect.objectContaining({
      path: "/var/lib/cloud/scripts/per-boot/pptp-fleet-apply",
      permissions: "0755",
    }),
  );
});

/** Another compressor, or another version of this one, gives others, and with them every server is replaced. */
test("the bytes are these on every machine", () => {
  const document = Array.from({ length: 400 }, (_, i) => `net.example.key${i} = ${(i * 7919) % 1000}\n`).join(
    "",
  );
  const digest = createHash("sha256").update(userData(document)).digest("hex");
  expect(digest).toBe("19e4c9876a97950bfaaf71ed008bfcbbaa6d6d1ac389bca2ede7b2291469a83d");
});
