/**
 * A machine of which only `run` is known, such as a guest of the lab through its agent. A TCP connection there is a
 * bash that holds the socket, with a pipe for what is sent and a file for what arrives.
 */
import { setTimeout as sleep } from "node:timers/promises";
import {
  Closed,
  type DialingMachine,
  NoConnection,
  type Reason,
  type Run,
  Silent,
  type Wire,
} from "./dialing-machine.ts";

/** @param run Runs as root. */
export function machineThrough(run: Run): DialingMachine {
  return {
    run,
    runAsRoot: run,
    connect: (address, port, timeoutMs) => connectThrough(run, address, port, timeoutMs),
  };
}

/** Prints the folder of the connection; in it `open` or `failed` appears, later perhaps `closed`. */
const OPEN = `dir=$(mktemp -d) && mkfifo "$dir/in" && : >"$dir/out" || exit
setsid bash -c '
  echo $$ >"$0/pid"
  { exec 3<>"/dev/tcp/$1/$2"; } 2>"$0/error" || { : >"$0/failed"; exit; }
  exec 4<>"$0/in"
  : >"$0/open"
  { cat <&3 >>"$0/out"; : >"$0/closed"; } &
  exec cat <&4 >&3
' "$dir" "$1" "$2" </dev/null >/dev/null 2>&1 &
echo "$dir"`;

/**
 * Prints what is in the folder, and the error. It waits there for a while: pptpd gives a new connection seconds for its
 * first packet, and on a slow machine each look takes one.
 */
const STATE = `cd "$1" || exit
tries=0
until [ -e open ] || [ -e failed ] || [ $((tries += 1)) -gt 40 ]; do sleep 0.05; done
ls; cat error 2>/dev/null; true`;

/** Prints what arrived after the first $2 bytes in base64, then whether that was all. */
const RECEIVE = `closed=; [ -e "$1/closed" ] && closed=closed
tail -c "+$(($2 + 1))" "$1/out" | base64 -w 0
echo " $closed"`;

const CLOSE = `kill -KILL -- "-$(cat "$1/pid")" 2>/dev/null; rm -rf "$1"`;

const EVERY_MS = 50;

async function connectThrough(run: Run, address: string, port: number, timeoutMs: number): Promise<Wire> {
  const script = async (text: string, args: string[], input?: string) => {
    const options = input === undefined ? {} : { input };
    const { code, stdout, stderr } = await run(["/bin/bash", "-c", text, "-", ...args], options);
    if (code !== 0) throw new Error(`the connection's other half failed with code ${code}: ${stderr}`);
    return stdout;
  };
  const dir = (await script(OPEN, [address, `${port}`])).trim();
  const close = async () => void (await run(["/bin/bash", "-c", CLOSE, "-", dir]));
  for (const end = performance.now() + timeoutMs; ; await sleep(EVERY_MS)) {
    const seen = await script(STATE, [dir]);
    if (/^open$/m.test(seen)) break;
    const failed = /^failed$/m.test(seen);
    if (!failed && performance.now() < end) continue;
    await close();
    if (!failed) throw new NoConnection("silent", `no answer within ${timeoutMs / 1000} s`);
    const [, said = seen] = seen.match(/: ([^:\n]+)\n?$/) ?? [];
    throw new NoConnection(reasonOf(said), said);
  }
  let read = 0;
  return {
    send: async (bytes) => void (await script(`base64 -d >"$1/in"`, [dir], bytes.toString("base64"))),
    async receive(ms) {
      for (const end = performance.now() + ms; ; await sleep(EVERY_MS)) {
        const [data = "", closed] = (await script(RECEIVE, [dir, `${read}`])).trimEnd().split(" ");
        const bytes = Buffer.from(data, "base64");
        read += bytes.length;
        if (bytes.length > 0) return bytes;
        if (closed) throw new Closed("the server ended the connection");
        if (performance.now() > end) throw new Silent(`nothing came within ${ms / 1000} s`);
      }
    },
    close,
  };
}

/** The kernel's words, as bash hands them on. */
function reasonOf(said: string): Reason {
  if (/refused/i.test(said)) return "refused";
  if (/timed out/i.test(said)) return "silent";
  return /unreachable|no route/i.test(said) ? "unreachable" : "other";
}
