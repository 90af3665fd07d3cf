/**
 * A gateway's own count of what passed it: the named counters of its nftables rules. They count for all clients, so
 * that "did not grow" is certain, and "grew" is this probe's only as far as nobody else dials or talks meanwhile.
 */
import { CONTROL } from "../../protocols/pptp/flows.ts";
import type { Run } from "../machines/dialing-machine.ts";

export const COUNTERS = [
  "tcp_in",
  "tcp_out",
  "tcp_past_balancer",
  "gre_in",
  "gre_out",
  "gre_no_server",
  "not_pptp",
] as const;

/** Packets. */
export type Counters = Record<(typeof COUNTERS)[number], number>;

/** `admin@198.51.100.7` by SSH, never asking: a prompt would wait unseen. */
export async function readCounters(run: Run, destination: string): Promise<Counters> {
  const ssh = ["ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "--", destination];
  const { code, stdout, stderr } = await run([...ssh, "sudo", "nft", "-j", "list", "counters"]);
  if (code !== 0)
    throw new Error(`the gateway's counters cannot be read by ssh ${destination}: ${stderr.trim()}`);
  return countersOf(stdout);
}

/** @param json What `nft -j list counters` prints. @throws Error that names the counters it lacks. */
export function countersOf(json: string): Counters {
  const { nftables } = JSON.parse(json) as { nftables: { counter?: { name: string; packets: number } }[] };
  // The fast way has its own, of the same names.
  const packets = new Map<string, number>();
  for (const { counter } of nftables)
    if (counter) packets.set(counter.name, (packets.get(counter.name) ?? 0) + counter.packets);
  const lacks = COUNTERS.filter((name) => !packets.has(name));
  if (lacks.length > 0) throw new Error(`no gateway of this fleet: it has no counter ${lacks.join(", ")}`);
  return Object.fromEntries(COUNTERS.map((name) => [name, packets.get(name)])) as Counters;
}

/** @returns undefined where a counter went back: the rules were loaded anew meanwhile. */
export function growth(before: Counters, after: Counters): Counters | undefined {
  const grown = Object.fromEntries(COUNTERS.map((name) => [name, after[name] - before[name]])) as Counters;
  return COUNTERS.some((name) => grown[name] < 0) ? undefined : grown;
}

/** Such as `tcp_in +4, tcp_out +3`: those that grew. */
export function growthText(grown: Counters): string {
  const each = COUNTERS.filter((name) => grown[name] > 0).map((name) => `${name} +${grown[name]}`);
  return each.length > 0 ? each.join(", ") : "no counter grew";
}

/** What the counters say of the control legs, the two facts among it that nobody has seen on AWS. */
export function controlFindings(grown: Counters, connected: boolean): string[] {
  if (grown.tcp_in === 0)
    return connected
      ? [
          `${CONTROL.title} was answered without passing this gateway: it is not the one that holds the address`,
        ]
      : [
          `${CONTROL.title} does not reach the gateway: the address, its route or the gateway's group keep it out`,
        ];
  if (grown.tcp_out === 0 && grown.tcp_past_balancer === 0)
    return [
      `${CONTROL.title} reaches the gateway and nothing comes back to it: the balancer does not answer by its subnet's default route, or has nobody to answer`,
    ];
  if (!connected)
    return [
      "answers pass the gateway on their way out, and none arrives here: they are lost after it, or were others'",
    ];
  const answers =
    grown.tcp_out > 0
      ? [
          "the balancer answers a client's public address by its subnet's default route to the gateway: seen (tcp_out grew)",
        ]
      : ["the balancer itself answered nothing (tcp_out did not grow)"];
  return [
    ...answers,
    grown.tcp_past_balancer === 0
      ? "servers' TCP answers return through the balancer, whatever their own route says: seen (tcp_past_balancer did not grow)"
      : "a server's TCP answers came past the balancer, by the server's own route: AWS does not do what this front door counts on (tcp_past_balancer grew); frontDoor: eip is the way out",
  ];
}

/** What the counters say of the legs after the call. */
export function tunnelFindings(grown: Counters, heard: boolean): string[] {
  if (grown.gre_no_server > 0)
    return [
      "GRE reaches the gateway with a call ID of no server: the server's call IDs are not from its range",
    ];
  if (grown.gre_in === 0)
    return heard
      ? ["GRE does not reach the gateway, and the server's comes: only the way there is closed"]
      : ["GRE does not reach the gateway"];
  if (grown.gre_out === 0) return ["GRE passes the gateway to the server, and none comes back to it"];
  return heard
    ? ["GRE passes the gateway both ways"]
    : [
        "GRE passes the gateway both ways, and does not arrive here: it is lost between the gateway and this machine",
      ];
}
