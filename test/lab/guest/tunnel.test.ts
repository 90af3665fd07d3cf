/**
 * The dev stack, from the program's resources to real tunnels: one first boot on an image like the AMI, one client.
 *
 * Does not prove: AWS's own network, an AMI as Debian publishes it, Graviton.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configureClient } from "../../../lab/client.ts";
import { type DialResult, dial, type Tunnel } from "../../../lab/dial.ts";
import { READY_UNIT } from "../../../lab/first-boot.ts";
import type { GroupRule } from "../../../lab/fleet.ts";
import type { Lab } from "../../../lab/lab.ts";
import {
  clientEnd,
  fragmentsDuring,
  overhead,
  ping,
  routeThrough,
  serverEnd,
  throughput,
} from "../../../lab/measure.ts";
import { run } from "../../../lab/run.ts";
import { WORLD } from "../../../lab/topology.ts";
import { waitUntil } from "../../../lab/wait.ts";
import { recordedPlan } from "../../../offline/machines.ts";
import type { Plan } from "../../../plan/plan.ts";
import { accountsDocument } from "../../../settings/accounts.ts";
import { sharedLab } from "./shared-lab.ts";

let lab: Lab;
let plan: Plan;
beforeAll(async () => {
  lab = await sharedLab();
  plan = recordedPlan(lab.run);
});

const onServer = (script: string, timeoutMs = 60_000) => lab.servers[0]!.agent.sh(script, { timeoutMs });
const onClient = (argv: string[]) => lab.client.agent.exec(argv);

/** The client dials with the lab's account, or another. */
function call(account = lab.account): Promise<DialResult> {
  const { publicAddress: server } = lab.fleet.machines[0]!;
  return dial(lab.client.agent, { server, user: account.name, password: account.password });
}

async function tunnelUp(account = lab.account): Promise<Tunnel> {
  const result = await call(account);
  if (!result.up) throw new Error(`${result.failure.stage}: ${result.failure.reason}\n${result.failure.log}`);
  return result.tunnel;
}

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

describe("a tunnel", () => {
  let tunnel: Tunnel;
  beforeAll(async () => {
    tunnel = await tunnelUp();
    await routeThrough(lab.client.agent, tunnel, WORLD.host);
  });
  afterAll(() => tunnel.hangUp());

  test("comes up with MPPE-128, stateless, at both ends", async () => {
    const ends = [await clientEnd(lab.client.agent, tunnel), await serverEnd(lab.servers[0]!.agent, tunnel)];
    expect(ends.map((end) => end.mppe)).toEqual(["128-bit stateless", "128-bit stateless"]);
  });

  test("has the plan's addresses", () => {
    const { local, remote } = plan.servers[0]!.clientPool;
    expect([tunnel.remote, remote[0]!.startsWith(`${tunnel.local}-`)]).toEqual([local, true]);
  });

  test("has the plan's MTU at the server, and asks the client for the plan's MRU", async () => {
    const end = await serverEnd(lab.servers[0]!.agent, tunnel);
    expect([end.mtu, end.mru]).toEqual([plan.fleet.sizes.interfaceMtu, plan.fleet.sizes.pppMru]);
  });

  test("carries pings without a loss", async () => {
    expect(await ping(lab.client.agent, tunnel.remote, 20)).toMatchObject({ sent: 20, received: 20 });
  });

  test("carries the plan's largest packet whole, both ways, and fragments none outside", async () => {
    const data = plan.fleet.sizes.interfaceMtu - 28;
    // With DF; the answer is as large as the question.
    const [fragments, pinged] = await fragmentsDuring(lab.client.agent, () =>
      ping(lab.client.agent, tunnel.remote, 5, data),
    );
    expect([fragments, pinged.received]).toEqual([0, 5]);
  });

  test("adds to a packet what the plan reckons with, at most", async () => {
    const { sent, received } = await overhead(lab.client.agent, tunnel.remote);
    for (const [least, most] of [sent, received]) {
      expect(least).toBeGreaterThanOrEqual(37);
      expect(most).toBeLessThanOrEqual(plan.fleet.sizes.overhead);
    }
  });

  test("carries TCP to the internet and back, under the server's address", async () => {
    const { up, down } = await throughput(lab.client.agent, WORLD.host, 443, 3);
    expect([up > 0, down > 0]).toEqual([true, true]);
  });

  test("reaches neither the server's SSH nor its metadata", async () => {
    await routeThrough(lab.client.agent, tunnel, "169.254.169.254");
    const reach = async (address: string, port: number) =>
      (await onClient(["timeout", "5", "bash", "-c", `exec 3<>/dev/tcp/${address}/${port}`])).code;
    // 124: no answer at all within 5 s; 1 would be a refusal, 0 a connection.
    expect([await reach(tunnel.remote, 22), await reach("169.254.169.254", 80)]).toEqual([124, 124]);
  });
});

describe("a client that vanishes", () => {
  test("gives its slot back sooner than the 128 s that it takes without LCP echo", async () => {
    await tunnelUp();
    const interfaces = async () => await onServer("ip -o link show type ppp");
    expect(await interfaces()).toMatch(/ppp0/);
    await lab.client.agent.sh("ip link set eth0 down");
    try {
      await waitUntil("the end of the session", async () => (await interfaces()) === "", {
        timeoutMs: 120_000,
      });
    } finally {
      await configureClient(lab.client.agent, lab.cloud.network.client);
    }
    await (await tunnelUp()).hangUp();
  });
});

describe("security group rules for protocol 47", () => {
  const without47 = (rules: GroupRule[]) => rules.filter((rule) => rule.protocol !== "47");

  test("taken out both ways make the dial fail at LCP; before and after it succeeds", async () => {
    await (await tunnelUp()).hangUp();
    lab.cloud.network.applyRules({
      ...lab.fleet,
      machines: lab.fleet.machines.map((machine) => ({
        ...machine,
        ingress: without47(machine.ingress),
        egress: without47(machine.egress),
      })),
    });
    const refused = await call();
    lab.cloud.network.applyRules(lab.fleet);
    await (await tunnelUp()).hangUp();
    expect(refused).toMatchObject({ up: false, failure: { stage: "lcp" } });
  });
});

describe("an ICMP error about GRE", () => {
  const script = join(import.meta.dirname, "icmp-error.py");
  /** From the router: what a router on the path, or a confused client, would send. */
  const send = async ([type, code]: [number, number]) => {
    const { privateAddress } = lab.fleet.machines[0]!;
    await run("python3", [script, `${type}`, `${code}`, privateAddress, lab.cloud.network.client.address]);
  };
  const RULE = "nft -a list chain inet pptp_fleet input | grep 'icmp errors about gre'";

  test.each<[string, [number, number]]>([
    ["frag-needed", [3, 4]],
    ["protocol unreachable", [3, 2]],
    ["port unreachable", [3, 3]],
    ["administratively prohibited", [3, 13]],
  ])("%s ends no tunnel", async (_, error) => {
    const tunnel = await tunnelUp();
    await send(error);
    const pinged = await ping(lab.client.agent, tunnel.remote, 5);
    await tunnel.hangUp();
    expect(pinged).toMatchObject({ sent: 5, received: 5 });
  });

  test("ends the tunnel where the rule against it is taken out", async () => {
    const tunnel = await tunnelUp();
    await onServer(`nft delete rule inet pptp_fleet input handle "$(${RULE} | grep -o '[0-9]*$')"`);
    await send([3, 2]);
    // The socket gives the error to whoever writes or reads next.
    const pinged = await ping(lab.client.agent, tunnel.remote, 5);
    await onServer("systemctl reload nftables");
    expect(pinged.received).toBe(0);
    expect(await onServer(`${RULE} | grep -c drop`)).toBe("1\n");
    await (await tunnelUp()).hangUp();
  });
});

describe("accounts", () => {
  const { accountsSecret: name } = { accountsSecret: "pptp-fleet/dev/accounts" };
  const fetched = () =>
    lab.servers[0]!.agent.exec([
      "/usr/bin/env",
      `PPTP_FLEET_SECRET=${name}`,
      "/usr/local/sbin/pptp-fleet-accounts",
    ]);
  const secrets = () => onServer("sha256sum /etc/ppp/chap-secrets; stat -c '%a %U' /etc/ppp/chap-secrets");

  test("that change let the new one in and the old one no more", async () => {
    const other = { name: "plc-8", password: "simple" };
    await lab.cloud.secretsManager.put(name, accountsDocument([other]));
    await onServer("systemctl start pptp-fleet-accounts.service");
    await (await tunnelUp(other)).hangUp();
    expect(await call()).toMatchObject({ up: false, failure: { stage: "auth" } });
    await lab.cloud.secretsManager.put(name, accountsDocument([lab.account]));
    await onServer("systemctl start pptp-fleet-accounts.service");
    await (await tunnelUp()).hangUp();
  });

  test("are asked for again and again", async () => {
    expect(await onServer("systemctl is-active pptp-fleet-accounts.timer")).toBe("active\n");
  });

  test("lie in a file that root alone reads", async () => {
    expect(await secrets()).toMatch(/\n600 root\n$/);
  });

  test.each([
    ["no JSON", "nonsense"],
    ["no list", '{"users":{}}'],
    ["an account without a password", '{"users":[{"name":"a"}]}'],
    ["a password over two lines", '{"users":[{"name":"a","password":"b\\nc"}]}'],
  ])("that are %s change nothing, and none of it is logged", async (_, value) => {
    const before = await secrets();
    await lab.cloud.secretsManager.put(name, value);
    const { code, stdout, stderr } = await fetched();
    await lab.cloud.secretsManager.put(name, accountsDocument([lab.account]));
    expect([code, stdout, stderr]).toEqual([
      1,
      "",
      `kept the accounts as they are: what ${name} holds is no list of accounts\n`,
    ]);
    expect(await secrets()).toBe(before);
  });

  test("stay as they were while Secrets Manager cannot be reached", async () => {
    const before = await secrets();
    await lab.cloud.secretsManager.stop();
    const { code, stderr } = await fetched();
    await lab.cloud.secretsManager.start();
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(`kept the accounts as they are: Secrets Manager did not give ${name}`),
    ]);
    expect(await secrets()).toBe(before);
  });

  test("and credentials stand in no process's arguments", async () => {
    // Nothing can be run from /run.
    const seen = await onServer(`shim=$(mktemp -d /var/tmp/shim.XXXXXX)
      printf '#!/bin/sh\\nprintf "%%s\\\\n" "$@" >>%s/argv\\nexec /usr/bin/curl "$@"\\n' "$shim" >"$shim/curl"
      chmod +x "$shim/curl"
      PATH=$shim:$PATH PPTP_FLEET_SECRET=${name} /usr/local/sbin/pptp-fleet-accounts
      cat "$shim/argv"
      rm -r "$shim"`);
    expect(seen).toContain("X-Amz-Target: secretsmanager.GetSecretValue");
    expect(seen).not.toMatch(/ASIA|user =|Security-Token|aws-ec2-metadata-token:/);
  });

  test("stand neither in user data nor in the journal", async () => {
    const { password } = lab.account;
    const { code } = await lab.servers[0]!.agent.exec(
      [
        "bash",
        "-c",
        'read -r secret; { journalctl -q; cat /run/user-data; } 2>/dev/null | grep -Fc -- "$secret"',
      ],
      { input: password },
    );
    expect(code).toBe(1);
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
