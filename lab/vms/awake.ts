/** What a machine that wakes (lab/guest/qemu/sleep.ts) takes anew before anyone asks it for something. */
import type { Account } from "../../settings/keys/accounts.ts";
import type { Guest } from "../guest/guest.ts";
import type { Report } from "../host/phases.ts";
import { waitUntil } from "../host/wait.ts";

/** Its clock, which its kernel has set by whole seconds, and its network, which may be another with the same addresses. */
export async function awake(guest: Guest, report: Report): Promise<void> {
  report("wakes");
  await guest.ready();
  await setClock(guest);
  report("takes its lease");
  await guest.agent.sh(NETWORK, { timeoutMs: 600_000 });
}

const CLOCK_MAY_BE_OFF_MS = 500;

/**
 * Moves a guest's clock by what it is off, however long that takes it.
 *
 * @throws Error where it still is after three times.
 */
export async function setClock({ agent, name }: Pick<Guest, "agent" | "name">): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const asked = Date.now();
    const theirs = await agent.clock();
    const behind = (asked + Date.now()) / 2 - theirs;
    if (Math.abs(behind) < CLOCK_MAY_BE_OFF_MS) return;
    if (attempt > 3) throw new Error(`${name}: its clock is ${behind} ms behind, and does not stay set`);
    await agent.exec(["/usr/bin/python3", "-c", MOVE, `${behind / 1000}`]);
  }
}

const MOVE = `import sys, time
time.clock_settime(time.CLOCK_REALTIME, time.clock_gettime(time.CLOCK_REALTIME) + float(sys.argv[1]))`;

/**
 * The router's MAC address is another. Lease and link are networkd's. Its renewal is one packet, which it repeats after a
 * minute: where no lease has come of it, it asks for one from the beginning.
 */
const NETWORK = `ip neigh flush all
  lease=/run/systemd/netif/leases/$(cat /sys/class/net/eth0/ifindex) asked=/run/lab-renewal
  touch $asked
  networkctl renew eth0
  for _ in $(seq 25); do [ $lease -nt $asked ] && break; sleep 0.2; done
  [ $lease -nt $asked ] || networkctl reconfigure eth0
  /usr/lib/systemd/systemd-networkd-wait-online --interface=eth0 --timeout=600`;

const SECRETS = "cat /etc/ppp/chap-secrets";

/** The unit's own limits are a machine's that is not emulated: it tries again every 15 s. */
const ACCOUNTS_MS = 10 * 60_000;

/**
 * The accounts of this run, in place of those of the run that its memory is from.
 *
 * @returns those: they are good for nothing any more.
 * @throws Error where the server still takes one of them.
 */
export async function renewAccounts(server: Guest, report: Report): Promise<Account[]> {
  const { agent, name, lost } = server;
  report("takes its accounts");
  const former = accountsIn(await agent.sh(SECRETS));
  await agent.sh("systemctl restart --no-block pptp-fleet-accounts.service");
  const renewed = async () => {
    const now = accountsIn(await agent.sh(SECRETS));
    return now.length > 0 && !former.some((old) => now.some(({ password }) => password === old.password));
  };
  await waitUntil(`${name}: this run's accounts in place of a former one's`, renewed, {
    ...{ timeoutMs: ACCOUNTS_MS, everyMs: 1_000, unless: lost },
    evidence: () => agent.sh("journalctl -q -o cat -n 10 -u pptp-fleet-accounts"),
  });
  return former;
}

/** The accounts in a server's chap-secrets, as pptp-fleet-accounts writes them. */
export function accountsIn(chapSecrets: string): Account[] {
  const word = '"((?:\\\\.|[^"\\\\])*)"';
  const plain = (quoted: string) => quoted.replace(/\\(.)/g, "$1");
  const found = chapSecrets.matchAll(new RegExp(`^${word} pptpd ${word} \\*$`, "gm"));
  return [...found].map(([, name, password]) => ({ name: plain(name!), password: plain(password!) }));
}
