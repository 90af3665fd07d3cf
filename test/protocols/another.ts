/** A protocol beside PPTP, made up for tests: L2TP in IPsec, as far as a room has to say what is its own. */
import {
  type Chain,
  chain,
  type Flow,
  type Keepalive,
  type Path,
  type Protocol,
} from "../../protocols/protocol.ts";
import { type Leg, protocols } from "../../protocols/protocols.ts";

const legs = { there: "tcp", back: "tcp" } as const;
const UDP = { protocol: "udp", clientPorts: [1, 65_535] } as const;

const FLOWS: Flow<Leg>[] = [
  { name: "ike", carries: "IKE", title: "UDP 500", by: "balancer", ...UDP, port: 500, legs },
  {
    name: "ike-nat",
    carries: "IPsec behind NAT",
    title: "UDP 4500",
    by: "gateway",
    ...UDP,
    port: 4500,
    legs,
  },
  { name: "esp", carries: "L2TP tunnels", title: "ESP", by: "gateway", protocol: 50, legs },
];

export const l2tp: Protocol<Leg> = {
  name: "l2tp",
  flows: FLOWS,
  overhead: { most: 82, least: 60, encryption: 40 },
  chains: ({ lcpEchoInterval }: Keepalive, { group }: Path): Chain[] => [
    chain(FLOWS[2]!, { name: "LCP echo", seconds: lcpEchoInterval, source: "lcp-echo-interval" }, [
      group.others,
    ]),
  ],
  keepaliveTimeout: 50,
  backlog: 0,
  legs: protocols[0]!.legs,
};

/** Runs `work` while the fleet speaks it too. */
export async function beside<T>(work: () => Promise<T>): Promise<T> {
  const list = protocols as Protocol<Leg>[];
  list.push(l2tp);
  try {
    return await work();
  } finally {
    list.pop();
  }
}
