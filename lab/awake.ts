/** What a machine that wakes (sleep.ts) takes anew before anyone asks it for something. */
import type { Account } from "../settings/accounts.ts";
import type { Guest } from "./guest.ts";
import type { Report } from "./phases.ts";

/** Its clock, which its kernel has set by whole seconds, and its network, which may be another with the same addresses. */
export async function awake(guest: Guest, report: Report): Promise<void> {
  report("wakes");
  await guest.ready();
  await guest.agent.exec(["/usr/bin/date", "-u", "-s", `@${Date.now() / 1000}`]);
  report("takes its lease");
  await guest.agent.sh(NETWORK, { timeoutMs: 120_000 });
}

/** The router's MAC address is another. Lease and link are networkd's. */
const NETWORK = `ip neigh flush all
  networkctl renew eth0
  /usr/lib/systemd/systemd-networkd-wait-online --interface=eth0 --timeout=100`;

const SECRETS = "cat /etc/ppp/chap-secrets";

/**
 * The accounts of this run, in place of those of the run that its memory is from.
 *
 * @returns those: they are good for nothing any more.
 * @throws Error where the server still takes one of them.
 */
export async function renewAccounts({ agent, name }: Guest): Promise<Account[]> {
  const former = accountsIn(await agent.sh(SECRETS));
  await agent.sh("systemctl restart pptp-fleet-accounts.service", { timeoutMs: 120_000 });
  const now = accountsIn(await agent.sh(SECRETS));
  const left = former.filter((old) => now.some(({ password }) => password === old.password));
  if (left.length > 0) throw new Error(`${name} still takes accounts of the run that it is from`);
  return former;
}

/** The accounts in a server's chap-secrets, as pptp-fleet-accounts writes them. */
export function accountsIn(chapSecrets: string): Account[] {
  const word = '"((?:\\\\.|[^"\\\\])*)"';
  const plain = (quoted: string) => quoted.replace(/\\(.)/g, "$1");
  const found = chapSecrets.matchAll(new RegExp(`^${word} pptpd ${word} \\*$`, "gm"));
  return [...found].map(([, name, password]) => ({ name: plain(name!), password: plain(password!) }));
}
