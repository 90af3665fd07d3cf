/** What keeps a tunnel alive speaks before anything on its path forgets the tunnel. */

import { FLEET, type INSTANCE, LISTENER } from "../../../graph/types.ts";
import { CONTROL } from "../../../protocols/pptp/flows.ts";
import { PPTP_ECHO } from "../../../protocols/pptp/timers.ts";
import type { Finding, NotYet, StackRule } from "../../framework/rule.ts";
import { type Node, number, type Stack, UNKNOWN } from "../../framework/stack.ts";
import { balancers } from "../../resources/front-door.ts";
import { type Machine, ofMachines, pppdOptions } from "../../resources/machines.ts";
import { planOf } from "../../resources/plan.ts";

/** Seconds: pptpd's echo and its wait for the answer. */
const PPTP_NEEDS = 2 * PPTP_ECHO;
/** Seconds: what a listener has where nobody says. */
const TCP_IDLE = 350;

export const timersInOrder: StackRule = {
  name: "timers-in-order",
  demands: `LCP echo is faster than all that forgets GRE, PPTP's echo than all that forgets ${CONTROL.title}, and machines, by their bundles, and balancer have the plan's numbers.`,
  severity: "high",
  reason:
    "A tunnel that is quiet for longer than a NAT, a balancer or a group remembers is dead, and nobody tells its ends.",
  fix: "the groups keepalive and conntrack of the config: `npm run plan` shows both chains",
  link: "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/update-idle-timeout.html",
  stackViolations: (stack) => [
    ...chains(stack),
    ...ofMachines(stack, "what keeps its tunnels alive", (node, machine) => ofServer(stack, node, machine)),
    ...(balancers(stack).length === 0 ? [] : stack.all(LISTENER).flatMap((node) => ofListener(stack, node))),
  ],
};

function chains(stack: Stack): Finding[] {
  return stack.all(FLEET).flatMap((node) => {
    const planned = planOf(stack)?.fleet?.timers?.chains ?? [];
    if (planned.length < 2) return [{ node, problem: "its plan has no chains of timers" }];
    return planned.flatMap(({ flow, speaks, forgets = [] }) =>
      forgets
        .filter(({ seconds }) => !(number(seconds) > number(speaks?.seconds)))
        .map(({ name, seconds }) => ({
          node,
          problem: `${flow}: ${name} forgets after ${seconds} s, ${speaks?.name} speaks after ${speaks?.seconds} s`,
        })),
    );
  });
}

/** A machine of the fleet has what was planned, or what was planned says nothing. */
function ofServer(stack: Stack, node: Node<typeof INSTANCE>, machine: Machine): Finding[] {
  const options = pppdOptions(machine);
  if (options === undefined) return [];
  const planned = planOf(stack)?.fleet?.timers;
  const told = (word: string) => Number(options.find((line) => line.startsWith(`${word} `))?.split(/\s+/)[1]);
  return (
    [
      ["lcp-echo-interval", planned?.lcpEchoInterval],
      ["lcp-echo-failure", planned?.lcpEchoFailure],
    ] as const
  )
    .filter(([word, wanted]) => wanted === undefined || told(word) !== wanted)
    .map(([word, wanted]) => ({
      node,
      problem: `its pppd has ${word} ${told(word) || "at its own default"}, the plan ${wanted ?? "does not say"}`,
    }));
}

function ofListener(stack: Stack, node: Node<typeof LISTENER>): (Finding | NotYet)[] {
  if (node.props.port !== CONTROL.port) return [];
  const { tcpIdleTimeoutSeconds: said } = node.props;
  if (said === UNKNOWN) return [{ node, unknown: "tcpIdleTimeoutSeconds" }];
  const idle = Number(said ?? TCP_IDLE);
  const planned = planOf(stack)?.fleet?.timers?.nlbTcpIdle;
  return [
    ...(idle > PPTP_NEEDS
      ? []
      : [
          {
            node,
            problem: `it forgets a quiet connection after ${idle} s, PPTP's echo needs ${PPTP_NEEDS} s`,
          },
        ]),
    ...(planned === undefined || planned === idle
      ? []
      : [{ node, problem: `it forgets a quiet connection after ${idle} s, the plan says ${planned} s` }]),
  ];
}
