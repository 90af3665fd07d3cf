/** Dials with the stock client of Debian 13, pptp-linux under pppd, and says how far a failed dial came. */

import { quoted } from "../probe/pppd.ts";
import { type Addresses, type Failure, failureOf, tunnelOf } from "../probe/pppd-log.ts";
import type { Agent } from "./agent.ts";
import { waitUntil } from "./wait.ts";

export interface Dial {
  /** What the client dials: an IPv4 address or a name. */
  server: string;
  user: string;
  password: string;
  /** pppd itself gives up after 30 s without an answer. @default 90 s */
  timeoutMs?: number;
  /** A network namespace of the client's machine, one tunnel in each (see client.ts). @default the agent's */
  namespace?: string;
  /** pppd's option for encryption. @default require-mppe-128 */
  encryption?: string;
  /** Ways to authenticate that pppd refuses. @default all but MS-CHAPv2 */
  refuse?: string[];
  /** More options of pppd, such as `mru 1000`. @default none */
  options?: string[];
}

export interface Tunnel extends Addresses {
  /** What pppd logged, with `debug`: each packet of the negotiation. */
  log: string;
  /** Ends the session in PPTP's own way and waits until the interface is gone. */
  hangUp(): Promise<void>;
}

export type DialResult = { up: true; tunnel: Tunnel } | { up: false; failure: Failure };

/** What runs one tunnel: a systemd unit, and a folder with pppd's options and logs. */
function runner(namespace: string | undefined): { unit: string; dir: string; properties: string } {
  const unit = namespace === undefined ? "pptp-dial" : `pptp-dial-${namespace}`;
  // pptp's socket for a server has the server's address as its name: two clients must not meet there.
  const own = `--property=NetworkNamespacePath=/run/netns/${namespace} --property=TemporaryFileSystem=/run/pptp`;
  return { unit, dir: `/run/${unit}`, properties: namespace === undefined ? "" : own };
}

/** One tunnel in each namespace: one that is up is hung up first. */
export async function dial(agent: Agent, options: Dial): Promise<DialResult> {
  const { timeoutMs = 90_000, namespace = agent.namespace } = options;
  const { unit, dir, properties } = runner(namespace);
  await hangUp(agent, unit, dir);
  // The credentials go by stdin into a file that only root reads: argv is visible to every process.
  const write = `umask 077; rm -rf ${dir}; mkdir ${dir}; cat >${dir}/options`;
  const written = await agent.exec(["/bin/bash", "-c", write], { input: pppdOptions(options, dir) });
  if (written.code !== 0) throw new Error(`the client's options cannot be written: ${written.stderr}`);
  // KillMode: pppd says goodbye while pptp still carries it.
  await agent.sh(`systemctl reset-failed ${unit} 2>/dev/null
    systemd-run --quiet --unit=${unit} --property=KillMode=mixed ${properties} pppd file ${dir}/options nodetach`);
  let seen = { active: true, pppd: "", pptp: "" };
  const read = async () => {
    seen = JSON.parse(await agent.sh(stateOf(unit, dir)));
    return !seen.active || tunnelOf(seen.pppd) !== undefined;
  };
  await waitUntil(`a tunnel to ${options.server}`, read, { timeoutMs, everyMs: 300 }).catch(() => {});
  const found = seen.active ? tunnelOf(seen.pppd) : undefined;
  if (found)
    return { up: true, tunnel: { ...found, log: seen.pppd, hangUp: () => hangUp(agent, unit, dir) } };
  await hangUp(agent, unit, dir);
  return { up: false, failure: failureOf(seen.pppd, seen.pptp) };
}

const stateOf = (unit: string, dir: string) =>
  `jq -n --arg active "$(systemctl is-active ${unit})" --arg pppd "$(cat ${dir}/log 2>/dev/null)" \
  --arg pptp "$(journalctl -q -o cat -t pptp _SYSTEMD_INVOCATION_ID=$(systemctl show -P InvocationID ${unit}))" \
  '{active: ($active == "active"), $pppd, $pptp}'`;

async function hangUp(agent: Agent, unit: string, dir: string): Promise<void> {
  await agent.sh(`systemctl stop ${unit} 2>/dev/null; rm -f ${dir}/options`);
}

/** The file that pppd reads: what a client's guide says, on top of the options that pptp-linux itself installs. */
export function pppdOptions(
  { server, user, password, encryption = "require-mppe-128", refuse = BROKEN, options = [] }: Dial,
  dir: string,
): string {
  return `pty "pptp ${server} --nolaunchpppd"
file /etc/ppp/options.pptp
user ${quoted(user)}
password ${quoted(password)}
${[...refuse.map((way) => `refuse-${way}`), encryption].join("\n")}
noipdefault
nodefaultroute
noipv6
debug
logfile ${dir}/log
${options.map((option) => `${option}\n`).join("")}`;
}

/** Ways to authenticate that are broken by anyone who listens. */
const BROKEN = ["pap", "chap", "mschap", "eap"];
