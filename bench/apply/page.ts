/** A run of the apply bench as a section of docs/bench.md. */
import { monthOf, PRICE } from "./cost.ts";
import { type Line, type Reading, requestsTable, shareOf, timesTable } from "./lines.ts";

export interface Circumstances {
  /** As in 2026-01-31. */
  date: string;
  rounds: number;
  machines: number;
  kernel: string;
  /** As systemd-detect-virt has it: `uml`, `qemu`, `kvm`. */
  kind: string;
  /** Of the guest. */
  memoryMB: number;
  /** Debian's names and versions. */
  packages: Record<string, string>;
  /** Where the guest and AWS's stand-ins ran: its CPUs, and the load's average over the last minute of the run. */
  host: { cpus: number; load: number };
}

/** Guests by systemd-detect-virt's word. */
const GUESTS: Record<string, string> = { uml: "User-mode Linux", qemu: "QEMU", kvm: "KVM" };

/** The first line of a page. */
export function told({ date, rounds, kernel, kind, memoryMB, packages, host }: Circumstances): string {
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  const guest = `${GUESTS[kind] ?? kind} with one CPU and ${memoryMB} MB: Debian 13 with Linux ${kernel}, ${versions.join(", ")}`;
  return `${date}, ${rounds} ${rounds === 1 ? "round" : "rounds"}. ${guest}. On ${host.cpus} CPUs, with a load of ${host.load.toFixed(1)} at the end.`;
}

export function page(circumstances: Circumstances, readings: Reading[], lines: Line[]): string {
  const { machines } = circumstances;
  const alone = readings.filter(({ variant }) => variant === "alone").flatMap(({ seconds }) => seconds);
  const { idle, due } = readings.findLast(({ variant }) => variant === "alone")!;
  const { gets, puts, dollars } = monthOf(idle, due);
  const month = `${gets.toLocaleString("en")} GET and ${puts.toLocaleString("en")} PUT`;
  return `# How long a change takes on many machines at once

${told(circumstances)}

${timesTable(lines, machines)}

${requestsTable(readings, machines)}

On the one CPU that they share, all ${machines} take ${shareOf(lines, machines).toFixed(2)} times as long at once as one after the other: above 1, they are in each
other's way; below 1, one works while another waits. Machines alone took ${Math.min(...alone).toFixed(1)} to ${Math.max(...alone).toFixed(1)} s: a difference within that is noise.

A month of 30 days without a change is ${month} a machine: ${dollars.toFixed(2)} USD, ${(dollars * machines).toFixed(2)} USD for ${machines}, at ${PRICE.get} USD for
1,000 GET and ${PRICE.put} USD for 1,000 PUT, as [AWS lists them](https://aws.amazon.com/s3/pricing/) for S3 Standard in us-east-1; **unseen on
AWS**, as is whether a GET that is answered by 304 counts like any other. By the VPC's endpoint the way there costs nothing.

**s**: from the moment at which all pointers in the bucket are others and the programs are started, to the report in which a
machine says that its bundle is applied; the median of the rounds, alone that of five machines one after the other. **ratio**:
${machines} at once over one alone, of the same round. Requests and bytes of their bodies are the last round's, as the stand-in for S3
has counted them; of PUT report, a change has one as it begins and one as it ends.

## What is compared

One change, another burst in the firewall's rules (\`limits.dialBurst\`), which is another bundle for each machine: by one machine
alone, and by all ${machines} servers of a stack behind \`eip\`. Each has what the program gives it (user data's files, its bundle, its role) and
runs the real programs, fetch and the apply that the bundle brings: pointer and bundle by signed requests, checks by nft and the others
where files have changed, files replaced, rules loaded into the machine's own network namespace, the report. An **idle minute** is one look of
each machine; with **each fifth** a report is due again. Metadata, DNS and S3 are [the lab's](../lab/README.md).

## What it cannot say

- **No systemd runs in these machines**: a container with all of one takes some 180 MB. \`systemctl\` is a program that notes what
  it is asked. What units take to start or to reload, but for the firewall's, is in no figure.
- For the same reason no pptpd runs, so a server's health check has nobody to dial. The bundles leave it out, and the 30 s for which
  a server is watched after a change before it counts as good. On EC2 both come on top, and up to 60 s until a machine's next look.
- All start in the same second, which timers of machines that booted at different times do not: it is the most that S3 gets at once.
- All share one CPU and a disk in memory, and the clock is the host's: times are no instance's, and a busy host shows in them. Ratios
  tell how far the machines wait for one another, most of all for that CPU. S3's stand-in is one process: AWS's throttling (from
  3,500 PUT or 5,500 GET a second for a prefix, says its guide to S3's performance) is not in it.
- Packages, kernels and what waits for sessions are no part of the change. No mirror is asked.
`;
}
