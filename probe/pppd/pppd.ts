/** A tunnel by the machine's own pppd and pptp-linux, on any Linux: no systemd is needed. It ends with the probe. */
import type { Account } from "../../settings/keys/accounts.ts";
import type { DialingMachine, Run } from "../machines/dialing-machine.ts";

/** What pppd must insist on: `128`, `40`, or `none` where the stack's `ppp.mppe` is none. */
export type Mppe = "128" | "40" | "none";

/** Seconds after which a tunnel ends by itself, if the probe could not end it. */
const LONGEST = 300;

/** A dial that runs or ran. */
export interface Dialling {
  /** Its folder, which only root can read. */
  dir: string;
  /** Marks pptp's lines in a log that it shares with others. */
  mark: string;
}

/**
 * What this machine lacks for a tunnel, in words; nothing of it is about the fleet.
 *
 * It loads ppp_generic, as pppd itself would.
 */
export async function lacks({ runAsRoot }: DialingMachine): Promise<string[]> {
  const { code, stdout, stderr } = await runAsRoot(["/bin/sh", "-c", LACKS]);
  if (code !== 0)
    return [
      `root's rights (${stderr.trim().split("\n")[0] || `code ${code}`}): run it by root, or with sudo`,
    ];
  return stdout.split("\n").filter((line) => line !== "");
}

const LACKS = `PATH=$PATH:/usr/sbin:/sbin
[ "$(id -u)" = 0 ] || echo "root's rights: run it by root, or with sudo"
command -v pppd >/dev/null || echo "pppd: apt install ppp"
command -v pptp >/dev/null || echo "pptp: apt install pptp-linux"
command -v ping >/dev/null || echo "ping: apt install iputils-ping"
modprobe -q ppp_generic 2>/dev/null
(exec 3<>/dev/ppp) 2>/dev/null ||
  echo "PPP in the kernel ($(uname -r)): /dev/ppp does not open; cloud kernels and containers have none"
exit 0`;

/** Starts a dial. The password lies in a file of root's for the moment that pppd takes to read it. */
export async function startDial(run: Run, address: string, account: Account, mppe: Mppe): Promise<Dialling> {
  const mark = `probe-${Math.random().toString(36).slice(2, 10)}`;
  const options = pppdOptions(address, account, mppe, mark);
  const { code, stdout, stderr } = await run(["/bin/sh", "-c", START], { input: options });
  if (code !== 0) throw new Error(`pppd cannot be started: ${stderr.trim()}`);
  return { dir: stdout.trim(), mark };
}

/** pppd has read its options when it has a channel: what it logs first. Ctrl-C must not stop this half way. */
const START = `trap '' INT
PATH=$PATH:/usr/sbin:/sbin
umask 077
dir=$(mktemp -d) || exit 1
{ cat; echo "logfile $dir/log"; } >"$dir/options"
date +%s >"$dir/since"
setsid sh -c '
  pppd file "$0/options" nodetach & echo $! >"$0/pid"
  wait $!; echo $? >"$0/status"
  rm -f "$0/options"
' "$dir" </dev/null >"$dir/printed" 2>&1 &
tries=0
until grep -qs "ing channel\\|ing interface" "$dir/log" || [ -e "$dir/status" ] || [ $((tries += 1)) -gt 400 ]; do
  sleep 0.05
done
rm -f "$dir/options"
echo "$dir"`;

/** The file that pppd reads. Whatever the machine's own /etc/ppp/options say, these come after them. */
function pppdOptions(address: string, { name, password }: Account, mppe: Mppe, mark: string): string {
  return `pty "pptp ${address} --nolaunchpppd --nohostroute --logstring ${mark}"
user ${quoted(name)}
password ${quoted(password)}
noauth
refuse-pap
refuse-chap
refuse-mschap
refuse-eap
${mppe === "none" ? "nomppe" : `require-mppe-${mppe}`}
nobsdcomp
nodeflate
noipdefault
nodefaultroute
noipv6
nopersist
maxconnect ${LONGEST}
lcp-echo-interval 20
lcp-echo-failure 4
debug
`;
}

/** A word of an options file. @throws Error for a character that pppd cannot read in one. */
export function quoted(word: string): string {
  if (/[\r\n\0]/.test(word)) throw new Error("pppd's options hold no line break");
  return `"${word.replace(/[\\"]/g, "\\$&")}"`;
}

/** What pppd has logged so far, or printed before it had a log, and whether it still runs. */
export async function pppdLog(run: Run, { dir }: Dialling): Promise<{ running: boolean; log: string }> {
  const script = `[ -e "$1/status" ] && echo ended || echo running; cat "$1/printed" "$1/log" 2>/dev/null; true`;
  const { stdout } = await run(["/bin/sh", "-c", script, "-", dir]);
  const [state, ...lines] = stdout.split("\n");
  return { running: state === "running", log: lines.join("\n") };
}

/** What pptp has logged: it knows syslog only. Empty where the machine keeps none. */
export async function pptpLog(run: Run, { dir, mark }: Dialling): Promise<string> {
  const script = `{ journalctl -q -o cat -t pptp --since "@$(cat "$1/since")" ||
    cat /var/log/syslog /var/log/messages /var/log/daemon.log; } 2>/dev/null | grep -F -- "$2 "; true`;
  return (await run(["/bin/sh", "-c", script, "-", dir, mark])).stdout;
}

/** Ends the session in PPTP's own way, and waits until it is gone. */
export async function hangUp(run: Run, { dir }: Dialling): Promise<void> {
  await run(["/bin/sh", "-c", HANG_UP, "-", dir]);
}

/** To pppd alone first: it says goodbye while pptp still carries it. */
const HANG_UP = `trap '' INT
pid=$(cat "$1/pid" 2>/dev/null)
[ -n "$pid" ] && kill -TERM "$pid" 2>/dev/null
tries=0
until [ -e "$1/status" ] || [ $((tries += 1)) -gt 100 ]; do sleep 0.1; done
[ -e "$1/status" ] || kill -KILL "$pid" 2>/dev/null
rm -rf "$1"`;
