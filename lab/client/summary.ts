/** What the lab saw, as a person reads it. */
import type { Phase } from "../host/phases.ts";
import type { TunnelReport } from "./tunnel.ts";

export function summary(phases: Phase[], tunnel: TunnelReport): string {
  const { client, serverEnd, ping, overhead, throughput } = tunnel;
  const range = ([least, most]: [number, number]) => (least === most ? `${least}` : `${least} to ${most}`);
  const total = phases.reduce((sum, phase) => sum + phase.seconds, 0);
  const rows: [string, string][] = [
    [
      "dialled",
      `${tunnel.address} (${tunnel.server}), up in ${tunnel.dialSeconds} s, ${tunnel.local} to ${tunnel.remote}`,
    ],
    ["MPPE", `${client.mppe} at the client, ${serverEnd.mppe} at the server`],
    [
      "MTU",
      `${client.mtu} at the client, ${serverEnd.mtu} at the server; MRU ${client.mru} and ${serverEnd.mru}`,
    ],
    [
      "ping",
      `${ping.received} of ${ping.sent}, ${ping.rtt.min}/${ping.rtt.avg}/${ping.rtt.max} ms; ${tunnel.largest.bytes} bytes whole ${tunnel.largest.received} of ${tunnel.largest.sent}`,
    ],
    [
      "throughput",
      `${throughput.up} Mbit/s up, ${throughput.down} Mbit/s down (on this machine; emulated CPUs say nothing of EC2's)`,
    ],
    [
      "overhead",
      `${range(overhead.sent)} bytes a packet up, ${range(overhead.received)} down; ${tunnel.fragments} fragments`,
    ],
  ];
  return [
    ...phases.map(({ name, seconds }) => `${seconds.toFixed(1).padStart(7)} s  ${name}`),
    `${total.toFixed(1).padStart(7)} s  in all, some of it side by side`,
    "",
    ...rows.map(([name, text]) => `${name.padEnd(12)}${text}`),
  ].join("\n");
}

/** For `--keep`: commands that reach the machines while the lab stands. */
export function howToUse(machines: string[], tunnel: TunnelReport): string {
  return [
    `The tunnel stays up until Ctrl-C. From another terminal, as root, run a command on ${machines.join(", ")}:`,
    `  npm run lab -- client ping -c 3 ${tunnel.remote}`,
    `  npm run lab -- ${tunnel.server} journalctl -t pptpd -t pppd -n 20`,
  ].join("\n");
}
