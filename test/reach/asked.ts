/** What is asked about a stack: one address and one port of each piece that all that names any of them cut. */
import type { Config } from "../program/run.ts";
import { GRE, ICMP, type Reach, type Service, TCP, UDP } from "./model.ts";
import { ADDRESSES, PORTS, pieces, type Range, range, text } from "./networks.ts";

const ESP = 50;
export const ECHO_REQUEST = 8;

/** One address of each piece of all addresses. */
export function addresses(config: Config, { machines, balancer, subnets }: Reach): number[] {
  const groups = [...machines, ...(balancer === undefined ? [] : [balancer])].flatMap(({ group }) => group);
  const named = [
    ...machines.flatMap(({ rules }) => rules.networks),
    ...Object.values(subnets),
    ...["allowedCidrs", "adminCidrs", "dns"].flatMap((key) => config[key] as string[]),
    ...(config.egress as { cidrs: string[] }).cidrs,
  ];
  const own = machines.flatMap(({ address, tunnels }): Range[] => [
    [address, address],
    ...(tunnels === undefined ? [] : [[tunnels.end, tunnels.end] as Range, ...tunnels.clients]),
  ]);
  return pieces([...groups.map(({ cidr }) => cidr), ...named.map(range), ...own], ADDRESSES);
}

/** Services, one port of each piece of all ports. */
function services({ machines }: Reach): Service[] {
  const bounds = machines.flatMap(({ group, rules }) => [
    ...group.map(({ ports }) => ports),
    ...rules.ports.map((port): Range => [port, port]),
  ]);
  const ports = pieces([...bounds, [22, 22], [1723, 1723], [8723, 8723]], PORTS);
  return [
    ...[TCP, UDP].flatMap((protocol) => ports.map((port) => ({ protocol, port }))),
    ...[0, 3, ECHO_REQUEST, 11].map((port) => ({ protocol: ICMP, port })),
    // Of the first server of a zone.
    { protocol: GRE, callId: 1024 },
    { protocol: ESP },
  ];
}

const shown = ({ protocol, port }: Service) => `${protocol}${port === undefined ? "" : `/${port}`}`;

/** Where reached and said differ, by what is reached. */
export function different(
  reach: Reach,
  asked: number[],
  ask: (address: number, service: Service) => [reached: boolean, said: boolean],
): string[] {
  return services(reach).flatMap((service) =>
    asked.flatMap((address) => {
      const [reached, said] = ask(address, service);
      return reached === said ? [] : [`${text(address)} ${shown(service)}: ${reached ? "open" : "closed"}`];
    }),
  );
}
