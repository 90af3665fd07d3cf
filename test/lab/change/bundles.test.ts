/**
 * Machines that serve get another bundle: by the program's own config, through the bucket, by the programs that a fleet has.
 *
 * Does not prove: packages from a mirror (there is none), a kernel, a card (a container has none of its own), how long it takes
 * on EC2.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { desiredKey } from "../../../plan/bucket.ts";
import { bundleOf, look, whileBundled, withFile } from "../shared/bundles.ts";
import { used } from "../shared/traffic.ts";
import {
  A1,
  A2,
  quiet,
  reconfigured,
  refused,
  serverOf,
  sharedVpc,
  targetHealth,
  tunnelUp,
} from "../shared/vpc.ts";

beforeAll(async () => {
  await sharedVpc();
  await targetHealth("a", { [`${A1}:1723`]: "healthy", [`${A2}:1723`]: "healthy" });
});

/** Of each kind of file one change, in place or from the next session (docs/changes.md): config, and how a machine shows it. */
const CHANGES: [what: string, config: string[], machine: string, shows: string][] = [
  [
    "firewall's rules",
    ["limits.dialBurst=83"],
    "a-1",
    "nft list table inet pptp_fleet | grep -c 'burst 83 packets'",
  ],
  ["a sysctl", ["keepalive.tcpTime=91"], "a-1", "grep -c ^91 /proc/sys/net/ipv4/tcp_keepalive_time"],
  [
    "pppd's options",
    ["keepalive.lcpEchoFailure=29"],
    "a-1",
    "grep -c '^lcp-echo-failure 29' /etc/ppp/pptpd-options",
  ],
  ["what a session is set up with", ["nic.txqueuelen=501"], "a-1", "grep -c 501 /etc/ppp/ip-up.d/pptp-fleet"],
  [
    "who may administer",
    [`adminCidrs=["203.0.113.0/24"]`, "sshPublicKeys=SSH"],
    "a-1",
    "grep -c AAAAC3 /etc/ssh/authorized_keys.d/admin",
  ],
  [
    "a service of ours",
    ["sessionsPerServer=250", "limits.connectionsPerSource=97"],
    "a-1",
    "nft list table inet pptp_fleet | grep -c 'ct count over 97'",
  ],
  [
    "a gateway's rules",
    [`allowedCidrs=["198.51.100.0/24","10.20.7.0/24"]`],
    "gateway-a",
    "nft list table ip pptp_fleet | grep -c 10.20.7.0",
  ],
];
const SSH = JSON.stringify([
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE9YyLXEVZ1Ltj1uG3kVnXH6YbVgKk4gJGZ7h2lCqQ5b admin@example.org",
]);

describe("under a tunnel that is in use", () => {
  test("each kind of change is there within a look, and nothing of the transfer is lost", async () => {
    const lab = await sharedVpc();
    const config: string[] = [];
    const carried = await used(async () => {
      for (const [what, more, machine, shows] of CHANGES) {
        config.push(...more.map((each) => each.replace(/=SSH$/, `=${SSH}`)));
        await lab.apply(await reconfigured(config));
        const status = await look(machine);
        expect([what, status.result, status.why, status.waits]).toEqual([what, "applied", undefined, []]);
        const seen = await lab.machines[machine]!.agent.sh(`${shows} || true`);
        expect([what, Number(seen) > 0]).toEqual([what, true]);
      }
    });
    expect(carried).toMatchObject({ whole: true });
    expect(carried.received).toBe(carried.sent);
  });

  test("and all of it goes back", async () => {
    const lab = await sharedVpc();
    const { whole } = await used(async () => {
      await lab.apply(lab.run.resources);
      for (const machine of ["a-1", "gateway-a"]) {
        const { result, version } = await look(machine);
        const { version: wanted } = JSON.parse(`${await lab.host.s3.get(desiredKey(machine))}`);
        expect([result, version]).toEqual(["applied", wanted]);
      }
      expect(
        await lab.machines["a-1"]!.agent.sh("ls /etc/ssh/authorized_keys.d/admin 2>/dev/null || true"),
      ).toBe("");
    });
    expect(whole).toBe(true);
  });
});

describe("what would end sessions", () => {
  test("waits until they have left, says so, and is there then", async () => {
    const lab = await sharedVpc();
    await quiet();
    await lab.network.stick(lab.where.client, A1);
    const tunnel = await tunnelUp();
    try {
      expect(await serverOf(tunnel)).toBe("a-1");
      await lab.apply(await reconfigured(["limits.initialPacketTimeout=9"]));
      const waits = await look("a-1");
      expect([waits.result, waits.sessions]).toEqual(["waits", 1]);
      expect(waits.waits.join()).toMatch(/for 1 session to leave/);
      expect(await serverOf(tunnel)).toBe("a-1");
    } finally {
      await tunnel.hangUp();
    }
    await quiet();
    const { result } = await look("a-1");
    expect(result).toBe("applied");
    expect(await lab.machines["a-1"]!.agent.sh("pgrep -a pptpd | grep -c -- '--stimeout 9' || true")).toBe(
      "1\n",
    );
    await lab.apply(lab.run.resources);
    expect((await look("a-1")).result).toBe("applied");
  });
});

describe("a bundle that is no good", () => {
  test("is refused by a file's own reader before anything is touched", async () => {
    const lab = await sharedVpc();
    const before = await bundleOf("a-1");
    const rules = () => lab.machines["a-1"]!.agent.sh("sha256sum /etc/nftables.conf /etc/pptpd.conf");
    const stood = await rules();
    const broken = withFile(before, "/etc/nftables.conf", (content) =>
      content.replace("policy drop;", "policy;"),
    );
    await whileBundled("a-1", broken, async (version) => {
      const status = await look("a-1");
      expect([status.result, status.version]).toEqual(["refused", version]);
      expect(status.why).toMatch(/nftables\.conf/);
      expect(status.good).not.toBe(version);
      expect(await rules()).toBe(stood);
    });
  });

  test("that keeps everybody out is taken back by the machine itself, and sessions live on", async () => {
    const broken = withFile(await bundleOf("a-1"), "/usr/sbin/pptpctrl", () => "#!/bin/sh\nexit 1\n");
    const { whole } = await used(() =>
      whileBundled("a-1", broken, async (version) => {
        const status = await look("a-1");
        expect([status.result, status.version]).toEqual(["rolled back", version]);
        expect(status.why).toMatch(/a dial ends at/);
        // The same one is not tried again.
        expect((await look("a-1")).result).toBe("rolled back");
        const lab = await sharedVpc();
        await lab.network.stick(lab.where.nat, A1);
        const second = await tunnelUp({ from: "behind-1" });
        await second.hangUp();
      }),
    );
    expect(whole).toBe(true);
  });

  test("whose bytes are others than its name says is left alone, and fetched once they are right", async () => {
    const lab = await sharedVpc();
    const other = withFile(await bundleOf("a-1"), "/etc/default/pptpd", (content) => `${content}# another\n`);
    await whileBundled(
      "a-1",
      { ...other, files: other.files.map((each) => ({ ...each, effect: "nothing" as const })) },
      async (version) => {
        const mend = await lab.host.s3.tamper(`machines/a-1/bundles/${version}`, (content) =>
          content.subarray(1),
        );
        const status = await look("a-1");
        expect(status.why).toMatch(/does not verify/);
        expect(status.version).not.toBe(version);
        await mend();
        const after = await look("a-1");
        expect([after.result, after.version, after.why]).toEqual(["applied", version, undefined]);
      },
    );
  });
});

describe("the bucket", () => {
  test("that does not let a machine in leaves it as it is, and so does one whose clock is another", async () => {
    const lab = await sharedVpc();
    const local = async () =>
      JSON.parse(await lab.machines["a-1"]!.agent.sh("cat /var/lib/pptp-fleet/status.json"));
    const stood = (await look("a-1")).version;
    const allow = lab.host.s3.refuse("a-1");
    await look("a-1");
    expect(await local()).toMatchObject({
      result: "applied",
      version: stood,
      why: expect.stringMatching(/403 AccessDenied/),
    });
    allow();
    lab.host.s3.setAhead(86_400_000);
    try {
      await look("a-1");
      expect((await local()).why).toMatch(/RequestTimeTooSkewed/);
    } finally {
      lab.host.s3.setAhead(0);
    }
    const { result, why } = await look("a-1");
    expect([result, why]).toEqual(["applied", undefined]);
    const tunnel = await tunnelUp();
    await tunnel.hangUp();
  });
});

describe("what somebody changes by hand", () => {
  test("is put right, and reported", async () => {
    const lab = await sharedVpc();
    const { agent } = lab.machines["a-1"]!;
    await agent.sh("echo mtu 1000 >>/etc/ppp/pptpd-options; systemctl disable -q --now pptp-fleet-health");
    const { result, drift } = await look("a-1");
    expect(result).toBe("applied");
    expect(drift).toEqual(expect.arrayContaining(["/etc/ppp/pptpd-options", "pptp-fleet-health.service"]));
    expect(
      await agent.sh("tail -n 1 /etc/ppp/pptpd-options; systemctl is-active pptp-fleet-health"),
    ).not.toMatch(/mtu 1000|inactive/);
  });
});

describe("a first boot", () => {
  test("without S3 waits, says why where it can be read, and goes on by itself", async () => {
    const lab = await sharedVpc();
    await lab.terminate("a-2");
    const allow = lab.host.s3.refuse("a-2");
    const launched = lab.launch(["a-2"]);
    launched.catch(() => {});
    const said = async () =>
      (await lab.machines["a-2"]?.agent
        .sh("journalctl -q -b -o cat -u pptp-fleet-apply; systemctl is-active cloud-final || true")
        .catch(() => "")) ?? "";
    try {
      await expect
        .poll(said, { timeout: 600_000, interval: 2_000 })
        .toMatch(/^waits; GET .*403 AccessDenied/m);
      expect(await refused({ server: A2 })).toBeTruthy();
    } finally {
      allow();
    }
    await launched;
    expect((await look("a-2")).result).toBe("applied");
  });
});
