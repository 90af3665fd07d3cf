/** A run of the dials as a section of docs/bench.md. */
import { CONTROL } from "../../protocols/pptp/flows.ts";
import { type Circumstances, told } from "../runs/circumstances.ts";
import { type Line, table, withinNoise } from "./lines.ts";

/** @param each Dials a turn. */
export function page(circumstances: Circumstances, lines: Line[], each: number): string {
  const verdict = withinNoise(lines)
    ? "**Within noise**: the median ratio of `nlb` is one that `eip` has to itself as well."
    : "**Not within noise**: the median ratio of `nlb` lies outside of what `eip` has to itself.";
  return `# How long a dial takes behind each front door

${told(circumstances)}

${table(lines)}

${verdict}

**of eip's**: the median of a round's dials, divided by that of \`eip\` in the same round; the median of the rounds, the
least and the most. **eip once more** is the same door measured twice: what it shows is noise. **failed**: dials that
came to nothing; stock pptpd drops some, as clients know.

## What is compared

One server of a stack with the defaults, booted once in [the lab's VPC](../lab/README.md), from the program's own
resources. In turns (eip, nlb, eip once more, then backwards) the VPC is made what the program registers for either
front door, with the same server and the same client:

- **eip**: the client dials the server's own Elastic IP. The gateway and the balancer of the other door stand idle.
- **nlb**: the client dials the gateway; ${CONTROL.title} goes by the balancer's node, GRE by call ID, and answers back the
  same way.

A turn is a dial that counts for nothing and ${each} that count, one after the other: stock pptp-linux and pppd, from
pppd's start until IPCP is up, MS-CHAPv2 and MPPE-128 with it.

## What it cannot say

A difference smaller than the spread of *eip once more* would not show: the clock is the host's, and a busy host
shows in it. Client, server, gateway and balancer share one emulated CPU, so a dial behind \`nlb\` pays for the work of
all of them one after the other. Links have no delay. AWS's balancer is the lab's stand-in, which is Linux: how long a
real one takes to choose a target is not in it.
`;
}
