/**
 * Machines that serve get another bundle: by the program's own config, through the bucket, by the programs that a fleet has.
 *
 * Does not prove: packages from a mirror (there is none), a kernel, a card (a container has none of its own), how long it takes
 * on EC2.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { desiredKey } from "../../../plan/bucket.ts";
import { bundleChange } from "../../../render/bundle-change.ts";
import { bundleOf, look, publish, whileBundled, withFile } from "../shared/bundles.ts";
import { type Layer, laid, layer, MACHINES, reached, rows } from "../shared/rows.ts";
import { goesOn, used } from "../shared/traffic.ts";
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

/** By row, what succeeds on the last of its machines once the change is in force there. */
const SHOWS: Record<string, string> = {
  "`allowedCidrs`: one more, in the VPC": "nft list table ip pptp_fleet | grep -q 10.20.7.0/24",
  "`allowedCidrs`: one more, from where routed clients are reached too":
    "nft list table inet pptp_fleet | grep -q 'dport 1723 .*10.9.0.0/16'",
  "`adminCidrs` and `sshPublicKeys`: administration opened":
    "grep -q AAAAC3 /etc/ssh/authorized_keys.d/admin && nft list table ip pptp_fleet | grep -q 'dport 22 accept'",
  "`sshPublicKeys`: one more": "test $(grep -c AAAAC3 /etc/ssh/authorized_keys.d/admin) = 2",
  "`sshPublicKeys`: one less": "test $(grep -c AAAAC3 /etc/ssh/authorized_keys.d/admin) = 1",
  "`adminCidrs`: one more, from where routed clients are reached too":
    "nft list table inet pptp_fleet | grep -q 'dport 22 .*10.9.0.0/16'",
  "`adminCidrs`: one more, in the VPC": "nft list table ip pptp_fleet | grep -q 'dport 22 .*10.20.7.0/24'",
  "`pathMtu`": "grep -q '^mtu 13' /etc/ppp/pptpd-options",
  "`dns`": "grep -q '^ms-dns 9.9.9.9' /etc/ppp/pptpd-options",
  "`mtu.mtu`, `mtu.mru`": "grep -q '^mtu 1404$' /etc/ppp/pptpd-options",
  "`mtu.mss`": "nft list table inet pptp_fleet | grep -q 'maxseg size set 1300'",
  "`keepalive.lcpEchoInterval`, `keepalive.lcpEchoFailure`, `keepalive.lcpEchoAdaptive`":
    "grep -q '^lcp-echo-failure 4$' /etc/ppp/pptpd-options",
  "`keepalive.tcpTime`, `keepalive.tcpIntvl`, `keepalive.tcpProbes`":
    "grep -q '^90$' /proc/sys/net/ipv4/tcp_keepalive_time",
  "`conntrack`, but for the next two":
    "nft list table inet pptp_fleet | grep -q 'ct helper set'; ! nft list table inet pptp_fleet | grep -q notrack",
  "`conntrack.mode`: back to `bypass`": "nft list table inet pptp_fleet | grep -q notrack",
  "`conntrack.tcpTimeoutEstablished`: gateways track what they translate":
    "grep -q '^86400$' /proc/sys/net/netfilter/nf_conntrack_tcp_timeout_established",
  "`kernel`": "grep -q '^8192$' /proc/sys/net/core/somaxconn",
  "`nic`, but for the next": "systemctl show -p Environment pptp-fleet-nic@eth0 | grep -q NIC_RPS=off",
  "`nic.txqueuelen`": "grep -q 'txqueuelen 500' /etc/ppp/ip-up.d/pptp-fleet",
  "`ppp`": "grep -q '^idle 3600$' /etc/ppp/pptpd-options",
  "`limits`, but for the next": "nft list table inet pptp_fleet | grep -q 'burst 80 packets'",
  "`egress.clientToClient`": "! nft list table inet pptp_fleet | grep -q 'client to client'",
  "`egress.cidrs`: one more": "nft list table inet pptp_fleet | grep -q 10.1.0.0-10.2.255.255",
  "`egress.mode`: nat to routed": "nft list table ip pptp_fleet | grep -q 10.64.0.0/14",
};

/** Seconds: thirty times a server's own 30 s would show nothing that once does not. */
const WATCH = 2;

describe("under a tunnel that is in use", () => {
  /** The shared stack alone, and what the machines have. */
  let alone: Layer;
  let stands: Layer;
  let isChanged = false;
  beforeAll(async () => {
    alone = await layer({});
    stands = alone;
  });

  /** The program's own bundles, watched for as long as they say. */
  async function goBack(): Promise<void> {
    const lab = await sharedVpc();
    await lab.apply(lab.run.resources);
    const found = await Promise.all(
      MACHINES.map(async (name) => {
        const { result, version } = await look(name);
        const wanted = JSON.parse(`${await lab.host.s3.get(desiredKey(name))}`);
        return [name, result, version === wanted.version];
      }),
    );
    expect(found).toEqual(MACHINES.map((name) => [name, "applied", true]));
    isChanged = false;
  }
  // A row that fails is no end for the tests that follow.
  afterAll(async () => {
    if (isChanged) await goBack();
  });

  /** What a boot of each machine will bring, by its own report. */
  const forBoot = new Map(MACHINES.map((name) => [name, new Set<string>()]));

  /** Those of `names` that change with another layer get it, and look. */
  async function bring(next: Layer, names: string[]): Promise<void> {
    const lab = await sharedVpc();
    await lab.apply(next.resources);
    isChanged = true;
    const bundles = new Map(stands.bundles);
    const looks = names.map(async (name) => {
      const [before, after] = [bundles.get(name)!, next.bundles.get(name)!];
      const { arrivals } = bundleChange(before, after);
      const different = Object.values(arrivals).flat();
      if (different.length === 0) return;
      const version = await publish(name, { ...after, watch: WATCH });
      bundles.set(name, after);
      const status = await look(name);
      expect({ name, ...status }).toMatchObject({ name, version, result: "applied" });
      const files = different.filter((what) => what.startsWith("/"));
      expect([name, status.changed]).toEqual([name, expect.arrayContaining(files)]);
      const due = (arrivals["at the next boot"] ?? []).map((what) => `${what}: for a reboot`);
      expect([name, status.waits]).toEqual([name, expect.arrayContaining(due)]);
      for (const what of due) forBoot.get(name)!.add(what);
      expect([name, status.waits.filter((what) => !forBoot.get(name)!.has(what)), status.why]).toEqual([
        ...[name, [], undefined],
      ]);
    });
    await Promise.all(looks);
    stands = { ...next, bundles };
    await goesOn();
  }

  test("each row of docs/changes.md that says so is there within a look, then all of it goes back, and nothing of the transfer is lost", async () => {
    const { machines } = await sharedVpc();
    const { sent, received, whole } = await used(async () => {
      for (const row of rows) {
        try {
          const [from, to] = await laid(row, stands, alone);
          await bring(from, MACHINES);
          await bring(to, reached(row));
          const machine = reached(row).at(-1)!;
          const { code } = await machines[machine]!.agent.exec(["sh", "-c", SHOWS[row.change] ?? "true"]);
          expect([machine, "shows it", code]).toEqual([machine, "shows it", 0]);
        } catch (error) {
          throw new Error(`${row.change}: ${(error as Error).message}`, { cause: error });
        }
      }
      await goBack();
      const key = "ls /etc/ssh/authorized_keys.d/admin 2>/dev/null || true";
      expect(await machines["a-1"]!.agent.sh(key)).toBe("");
    });
    expect({ received, whole }).toEqual({ received: sent, whole: true });
  });

  test("no row is shown that is not made", () => {
    const made = rows.map(({ change }) => change);
    expect(Object.keys(SHOWS).filter((change) => !made.includes(change))).toEqual([]);
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
