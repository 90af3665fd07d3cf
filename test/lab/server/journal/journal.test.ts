/**
 * What a server's journal and its client say when a dial fails or a session ends, held to docs/troubleshooting.md by
 * texts.ts. Does not prove: what clients of another make log.
 */
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { configureClient } from "../../../../lab/client/client.ts";
import { type DialResult, IMPATIENT } from "../../../../lab/client/dial.ts";
import { run } from "../../../../lab/host/run.ts";
import { waitUntil } from "../../../../lab/host/wait.ts";
import type { GroupRule } from "../../../../lab/network/fleet.ts";
import type { Lab } from "../../../../lab/vms/lab.ts";
import { call, onClient, onServer, secondClient, sharedLab, tunnelUp } from "../../shared/lab.ts";
import { edited, retuned } from "../retuned.ts";
import { type Case, CLIENT_TEXTS, SERVER_TEXTS } from "./texts.ts";

const OPTIONS = "/etc/ppp/pptpd-options";
const SECRETS = "/etc/ppp/chap-secrets";

let lab: Lab;
beforeAll(async () => {
  lab = await sharedLab();
});

/** Whether the log has a line of the text's form. */
function has(log: string, text: string): boolean {
  const pattern = text.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(pattern.join(".*")).test(log);
}

/** Waits until the server's journal has all texts, none of them from before `work`. */
async function logged(texts: string[], work: () => Promise<unknown>): Promise<void> {
  const cursor = await onServer("journalctl -q -n 0 --show-cursor | sed 's/^-- cursor: //'");
  await work();
  const said = () => onServer(`journalctl -q -o cat -t pppd -t pptpd --after-cursor '${cursor.trim()}'`);
  await waitUntil(
    "the server's journal",
    async () => {
      const log = await said();
      return texts.every((text) => has(log, text));
    },
    { timeoutMs: 30_000 },
  ).catch(async (error) => {
    expect(await said(), `${error}`).toContain(texts.join(" … "));
  });
}

async function raw(bytes: string): Promise<void> {
  const { publicAddress } = lab.fleet.machines[0]!;
  await onClient(`timeout 12 bash -c 'exec 3<>/dev/tcp/${publicAddress}/1723; ${bytes}; sleep 8' || true`);
}

const restored = () => configureClient(lab.client.agent, lab.cloud.network.client);

const DIALS: Record<Case, () => Promise<DialResult | undefined>> = {
  "a session that came and went": async () => {
    await (await tunnelUp()).hangUp();
    return undefined;
  },
  "a wrong password": () => call({ account: { ...lab.account, password: "wrong" } }),
  "a name that is no account": () => call({ account: { name: "nobody", password: "wrong" } }),
  "a client that refuses MS-CHAPv2": () =>
    call({ encryption: "nomppe", refuse: ["pap", "mschap", "mschap-v2", "eap"] }),
  "a client without MPPE": () => call({ encryption: "nomppe" }),
  "a client with 40 bits": () => call({ encryption: "require-mppe-40" }),
  "a client with an address of its own": () => call({ options: ["192.168.7.7:"] }),
  "a connection that ends without a goodbye": async () => {
    const { publicAddress } = lab.fleet.machines[0]!;
    // Start-Control-Connection-Request (RFC 2637, 2.1), its answer, and no Stop-Control-Connection-Request.
    const script = `import socket
control = socket.create_connection(("${publicAddress}", 1723))
control.sendall(bytes.fromhex("009c00011a2b3c4d00010000010000000000000300000003") + bytes(132))
assert len(control.recv(156)) == 156`;
    await onClient(`python3 -c '${script}'`);
    return undefined;
  },
  "a client that vanished": async () => {
    const faster = (content: string) => content.replace(/^(lcp-echo-interval) \d+$/m, "$1 2");
    await edited(OPTIONS, faster, () => tunnelUp());
    await onClient("ip link set eth0 down");
    await onServer("sleep 12", 120_000);
    await restored();
    await onClient("systemctl stop 'pptp-dial*' 2>/dev/null || true");
    return undefined;
  },
  "a connection that says nothing": async () => {
    await raw(":");
    return undefined;
  },
  "a connection that is not PPTP": async () => {
    await raw("echo GET / HTTP/1.0 >&3; head -c 400 /dev/zero >&3");
    return undefined;
  },
  "an option that pppd does not know": () =>
    edited(
      OPTIONS,
      (content) => `${content}\nnomppe-56\n`,
      () => call({ options: IMPATIENT }),
    ),
  "no account at all": async () => {
    await onServer(`systemctl stop pptp-fleet-accounts.timer; mv ${SECRETS} /run/accounts; : >${SECRETS}`);
    try {
      return await call({ options: IMPATIENT });
    } finally {
      await onServer(`mv /run/accounts ${SECRETS}; systemctl start pptp-fleet-accounts.timer`);
    }
  },
  "a full server": () =>
    retuned(["sessionsPerServer=1", "limits.connectionsPerSource=1"], async () => {
      // The check of its health takes the one place that there is for a moment each time.
      await onServer("systemctl stop pptp-fleet-health; systemctl restart pptpd");
      try {
        const tunnel = await tunnelUp();
        const refused = await call({ namespace: await secondClient(), options: IMPATIENT });
        await tunnel.hangUp();
        // pptpd leaves it in its queue, without an answer.
        expect(refused).toMatchObject({ up: false, failure: { stage: "tcp" } });
        return refused;
      } finally {
        await onServer("systemctl start pptp-fleet-health");
      }
    }),
  "an ICMP error about GRE": async () => {
    await tunnelUp();
    await onServer("nft insert rule inet pptp_fleet input icmp type destination-unreachable accept");
    try {
      const { privateAddress } = lab.fleet.machines[0]!;
      const script = join(import.meta.dirname, "../path/icmp-error.py");
      await run("python3", [script, "3", "2", privateAddress, lab.cloud.network.client.address]);
    } finally {
      await onServer("systemctl reload nftables");
    }
    return undefined;
  },
};

test.each(Object.entries(DIALS) as [Case, (typeof DIALS)[Case]][])("%s", async (name, dialled) => {
  let result: DialResult | undefined;
  await logged(SERVER_TEXTS[name], async () => {
    result = await dialled();
  });
  const log = result?.up === false ? result.failure.log : "";
  const missing = (CLIENT_TEXTS[name] ?? []).filter((text) => !has(log, text));
  expect(missing, log).toEqual([]);
  // pptpd is as it was, whatever the last case's files were.
  await onServer("systemctl restart pptpd");
});

test("GRE that does not pass", async () => {
  const without47 = (rules: GroupRule[]) => rules.filter(({ protocol }) => protocol !== "47");
  const machines = lab.fleet.machines.map((machine) => ({
    ...machine,
    ingress: without47(machine.ingress),
    egress: without47(machine.egress),
  }));
  lab.cloud.network.applyRules({ ...lab.fleet, machines });
  const result = await call({ options: IMPATIENT });
  lab.cloud.network.applyRules(lab.fleet);
  const log = result.up ? "" : result.failure.log;
  const texts = CLIENT_TEXTS["GRE that does not pass"]!;
  expect(
    texts.filter((text) => !has(log, text)),
    log,
  ).toEqual([]);
});

test("after all that a client has its session", async () => {
  await (await tunnelUp()).hangUp();
});
