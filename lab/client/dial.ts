/** Dials with the stock client of Debian 13, pptp-linux under pppd, and says how far a failed dial came. */

import { type Addresses, type Failure, failureOf, tunnelOf } from "../../probe/pppd/log.ts";
import { quoted } from "../../probe/pppd/pppd.ts";
import type { Agent } from "../guest/agent.ts";

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

/** Options of a client that gives LCP up sooner: ten requests, as pppd's default is, 1 s apart in place of 3 s. */
export const IMPATIENT = ["lcp-restart 1"];

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
  // The credentials go by stdin into a file that only root reads: argv is visible to every process.
  // KillMode: pppd says goodbye while pptp still carries it.
  const start = `systemctl stop ${unit} 2>/dev/null; systemctl reset-failed ${unit} 2>/dev/null
    (umask 077; rm -rf ${dir}; mkdir ${dir}; cat >${dir}/options) &&
    systemd-run --quiet --unit=${unit} --property=KillMode=mixed ${properties} pppd file ${dir}/options nodetach`;
  const started = await agent.exec(["/bin/bash", "-c", start], { input: pppdOptions(options, dir) });
  if (started.code !== 0) throw new Error(`the client's pppd cannot be started: ${started.stderr}`);
  const ended = await agent.sh(ending(unit, dir, timeoutMs), { timeoutMs: timeoutMs + 60_000 });
  const { active, pppd, pptp }: { active: boolean; pppd: string; pptp: string } = JSON.parse(ended);
  const found = active ? tunnelOf(pppd) : undefined;
  if (found) return { up: true, tunnel: { ...found, log: pppd, hangUp: () => hangUp(agent, unit, dir) } };
  await hangUp(agent, unit, dir);
  return { up: false, failure: failureOf(pppd, pptp) };
}

/**
 * Waits in the guest for the end of a dial, by what costs no process there: under emulation each takes its share of the
 * dial's own time. The journal is read for a dial that failed only.
 */
const ending = (unit: string, dir: string, timeoutMs: number) => `log() { cat ${dir}/log 2>/dev/null; }
  pid=$(systemctl show -P MainPID ${unit}) end=$((SECONDS + ${Math.ceil(timeoutMs / 1000)})) active=true pptp=
  exec 9<> <(:)
  until { read -r -d '' text <${dir}/log; [[ $text == *$'\nremote IP address '* ]]; }; do
    [ -d /proc/$pid ] || { active=false; break; }
    [ $SECONDS -lt $end ] || break
    read -t 0.2 -u 9
  done 2>/dev/null
  [[ "$(log)" == *$'\nremote IP address '* ]] ||
    pptp=$(${pptpSaid(unit)})
  jq -n --argjson active $active --arg pppd "$(log)" --arg pptp "$pptp" '{$active, $pppd, $pptp}'`;

/**
 * A script that prints what the pptp of a dial's unit has logged: of each of its processes all, as the last words of one that
 * has ended may be in the journal without their unit.
 */
export const pptpSaid = (unit: string) => `journalctl --sync
  pids=$(journalctl -q -o json --output-fields=_PID -t pptp \
    _SYSTEMD_INVOCATION_ID=$(systemctl show -P InvocationID ${unit}) | jq -r '"_PID=" + ._PID' | sort -u)
  [ -z "$pids" ] || journalctl -q -o cat -t pptp --since "$(systemctl show --timestamp=unix -P ExecMainStartTimestamp ${unit})" $pids`;

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
