/**
 * Packet sizes in the tunnel, from the path MTU: IPv4 bytes, but where said otherwise.
 *
 *     path MTU     1500   what the path between client and server carries whole
 *     − overhead     44   outer IPv4 20, GRE with acknowledgement 16, PPP 4, MPPE 4
 *     = interface  1456   the largest inner packet that is never fragmented outside
 *     − TCP/IPv4     40
 *     = MSS        1416
 */
import { pptp } from "../../protocols/pptp/pptp.ts";
import type { Protocol } from "../../protocols/protocol.ts";
import { type Mistake, printable } from "../../settings/mistakes.ts";
import type { Settings } from "../../settings/schema.ts";

/** Bytes, for one server. */
export interface TunnelSizes {
  /** What the path carries whole; 576 to 8196. */
  pathMtu: number;
  /** Bytes that a tunnel adds to an inner packet, at most. */
  overhead: number;
  /** MTU of the server's ppp interfaces. */
  interfaceMtu: number;
  /** pppd's `mtu` option. */
  pppMtu: number;
  /** pppd's `mru` option: the LCP Maximum-Receive-Unit that we ask of the client (RFC 1661, 6.1). */
  pppMru: number;
  /** Bytes that pppd takes off the lower of both for its interface. */
  reserve: number;
  /** Largest TCP payload of an inner segment, announced in both directions. */
  mss: number;
}

/** IPv4 and TCP headers without options (RFC 9293, 3.7.1). */
const TCP_IPV4_HEADERS = 40;

/**
 * Sizes with which no outer packet is ever fragmented. pppd takes MPPE's bytes off the lower of `mtu` and `mru` once MPPE
 * is up (measured: 1400 gives an interface of 1396); the client takes them off the MRU in the same way.
 *
 * @param protocol the one that carries PPP.
 */
export function tunnelSizes(
  { pathMtu, mtu, ppp }: Pick<Settings, "pathMtu" | "mtu" | "ppp">,
  { overhead: { most, encryption } }: Pick<Protocol, "overhead"> = pptp,
): TunnelSizes {
  const reserve = ppp.mppe === "none" ? 0 : encryption;
  const overhead = most - encryption + reserve;
  const largest = pathMtu - overhead + reserve;
  const pppMtu = mtu.mtu ?? largest;
  // Not lower by itself: pppd would take the lower of the two for its own interface as well.
  const pppMru = mtu.mru ?? largest;
  const interfaceMtu = Math.min(pppMtu, pppMru) - reserve;
  const mss = mtu.mss ?? interfaceMtu - TCP_IPV4_HEADERS;
  return { pathMtu, overhead, interfaceMtu, pppMtu, pppMru, reserve, mss };
}

/** Members of `mtu` that are larger than what the path leaves. */
export function sizeMistakes(settings: Pick<Settings, "pathMtu" | "mtu" | "ppp">): Mistake[] {
  const { mtu, pathMtu, ppp } = settings;
  const { pppMtu, overhead } = tunnelSizes({ pathMtu, mtu: {}, ppp });
  const { interfaceMtu } = tunnelSizes({ pathMtu, ppp, mtu: { ...mtu, mss: 0 } });
  const most = { mtu: pppMtu, mru: pppMtu, mss: interfaceMtu - TCP_IPV4_HEADERS };
  const packet = `pathMtu ${pathMtu} less ${overhead} bytes of tunnel, and MPPE's bytes`;
  const origin = {
    mtu: packet,
    mru: packet,
    mss: `the tunnel's MTU ${interfaceMtu} less ${TCP_IPV4_HEADERS}`,
  };
  return (["mtu", "mru", "mss"] as const).flatMap((member) => {
    const value = mtu[member];
    if (value === undefined || value <= most[member]) return [];
    return [
      {
        key: `mtu.${member}`,
        value: printable(value),
        allowed: `at most ${most[member]}, ${origin[member]}: a larger packet would be fragmented`,
        fix: `pulumi config rm --path 'pptp-fleet:mtu.${member}', or a larger pptp-fleet:pathMtu where the path carries it`,
      },
    ];
  });
}
