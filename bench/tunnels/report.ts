/** A run as files: `out/bench/tunnels.{json,md,svg}`, and as a section of docs/bench.md. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { told } from "../runs/circumstances.ts";
import { writeSection } from "../runs/docs.ts";
import { plot } from "./plot.ts";
import { brokenTunnels, linesOf, type Run } from "./results.ts";
import { MEASUREMENTS } from "./rows.ts";
import { table } from "./table.ts";

const ROOT = join(import.meta.dirname, "../..");

/** @returns the table, for the terminal. */
export async function writeReport(run: Run, writeDocs: boolean): Promise<string> {
  const lines = linesOf(run.readings, MEASUREMENTS);
  const shown = table(lines);
  const picture = await plot(lines);
  const folder = join(ROOT, "out/bench");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "tunnels.json"), `${JSON.stringify({ ...run, lines }, null, 2)}\n`);
  writeFileSync(join(folder, "tunnels.md"), page(run, shown, "tunnels.svg"));
  writeFileSync(join(folder, "tunnels.svg"), picture);
  if (writeDocs) {
    writeSection("tunnels", page(run, shown, "bench.svg"));
    writeFileSync(join(ROOT, "docs/bench.svg"), picture);
  }
  return shown;
}

/** The section: what was compared, what came of it, and what it cannot say. */
function page({ circumstances, readings }: Run, shown: string, picture: string): string {
  const broken = { stock: brokenTunnels(readings, "stock"), ours: brokenTunnels(readings, "ours") };
  return `# Stock pptpd and ours

${told(circumstances)}

${shown}

![gain of each row, with its spread](${picture})

**gain**: how many times as good ours was as stock in the same round, the median of the rounds; over 1, ours is
better. **better** and **worse** stand where every round says so, by more than 1 %, **no gain** where not all do: then
nothing that we set shows in this row. Tunnels that broke under their transfers: ${broken.stock} of stock, ${broken.ours} of ours.

## What is compared

- **stock**: Debian's packages with their own configuration files, and what every how-to adds because nobody is
  served without it: \`localip\`, \`remoteip\`, \`ip_forward\`, a masquerade rule, one account.
- **ours**: every file that the program puts on a server, by config's defaults, in place of Debian's. Left out is what
  has no part in a tunnel or nothing to act on here: first boot, accounts from AWS, readiness, the settings of a
  network card.

Both are put in place on the same running machine in turns (stock, ours, ours, stock, …), by the same steps. What the
one has set is taken back before the other: files, sysctls, rules, modules, the server's interface.

The machine is one virtual machine with one CPU. The server is its root namespace; eight clients (stock pptp-linux
and pppd under Debian's options), the silent ones and the far host are namespaces on a switch, MTU 1500. Loads:

- TCP: iperf3 through the tunnel to the far host and back, 4 s, eight tunnels at once 5 s.
- CPU of the daemon: what systemd counts for pptpd.service (pptpd, pptpctrl, pppd) during the transfers of one tunnel.
  MPPE and forwarding run in the kernel's own threads and interrupts, and are in it only where they interrupt these.
- Small packets: UDP from a sender that the path alone holds back; what arrives is counted.
- Dial: from pppd's start to IPCP up, 1 to 3 s, by chance, after the silent connections have been opened. These are opened once and
  held; a connection that the server ends is not opened again. Whoever finds the listener's backlog full retries as
  TCP does, after 1, 2, 4, 8, … s, the dialler too: behind 1,000 its time goes by these steps.
- Vanished: the client falls silent 5 s after the dial; counted until pptpd has no process of that session any more.

## What the emulation distorts

The guest runs under QEMU's TCG with \`-icount shift=1,sleep=off\`: its clock counts instructions, 2 ns each, and
skips idle time. So a busy host does not show in the figures, and they can be compared with each other. **They are no
figures of an EC2 instance.** In particular:

- An instruction is not time. Caches, memory, branches and the cost of a system call or an interrupt have no part in
  it; one vector instruction counts as much as one of the plain kind.
- The CPU does the clients' and the far host's work too. It is never idle during a transfer, so Mbit/s and packets/s
  tell the work of *all* ends for a packet; a gain of the server's alone is several times as large in its own share.
- Links are veth pairs: no card, no ring, no interrupt moderation, no offload of one, no loss, no delay. A path that
  drops or delays fragments, where stock's two packets for one cost most, is not here.
- Nothing has more than one CPU. An instruction clock needs one, and TCG runs more of them in turns on one thread
  here: queues, RPS, XPS and the placement of interrupts can show no gain in any row, and none is claimed.
- TCP's timers, pppd's and pptpd's run on the same clock as everything else: rows in whole seconds (dials behind
  silent connections, vanished clients) are the daemons' own timers and hold anywhere.

Whatever the docs say of speed and is not in a table of this page, has not been measured.
`;
}
