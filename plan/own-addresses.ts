/** Resolvers and WINS servers that would stand where a machine of the fleet itself does. */
import { contains, parseCidr } from "../settings/ipv4.ts";
import { type Mistake, printable } from "../settings/mistakes.ts";
import type { Settings } from "../settings/schema.ts";
import type { Plan } from "./plan.ts";

/** What clients are told and cannot find there: no machine of the fleet answers DNS or WINS. */
export function ownAddressMistakes({ dns, ppp }: Pick<Settings, "dns" | "ppp">, plan: Plan): Mistake[] {
  const told = [
    ...dns.map((address, i) => ({ key: `dns[${i}]`, what: "resolvers", address })),
    ...ppp.wins.map((address, i) => ({ key: `ppp.wins[${i}]`, what: "WINS servers", address })),
  ];
  return told.flatMap(({ key, what, address }) => {
    const owner = ownerOf(address, plan);
    if (owner === undefined) return [];
    return [
      {
        key,
        value: printable(address),
        allowed: `${what} that are no machines of the fleet; ${address} is ${owner}, which answers nobody's questions`,
        fix: `pulumi config rm --path 'pptp-fleet:${key}', or the address of one that does`,
      },
    ];
  });
}

/** Behind gateways also what a server that is added later will have: its zone's gateway knows it already. */
function ownerOf(address: string, { servers, gateways }: Plan): string | undefined {
  const server = servers.find(({ privateAddress }) => privateAddress === address);
  if (server !== undefined) return `${server.name}'s own`;
  const ours = (cidr: string): boolean => contains(parseCidr(cidr), parseCidr(`${address}/32`));
  for (const gateway of gateways) {
    const later = gateway.servers.findIndex((each) => each.address === address);
    if (later >= 0) return `kept for server ${later + 1} of ${gateway.zone}`;
    if (ours(gateway.subnetCidr)) return `in ${gateway.name}'s subnet, ${gateway.subnetCidr}`;
    if (ours(gateway.balancerCidr)) return `in the balancer's subnet, ${gateway.balancerCidr}`;
  }
  return undefined;
}
