/**
 * Packet sizes in the tunnel, from the path MTU: IPv4 bytes, but where said otherwise.
 *
 *     path MTU     1500   what the path between client and server carries whole
 *     − overhead     44   outer IPv4 20, GRE with acknowledgement 16, PPP 4, MPPE 4
 *     = interface  1456   the largest inner packet that is never fragmented outside
 *     − TCP/IPv4     40
 *     = MSS        1416
 */
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
  /** Largest TCP payload of an inner segment, announced in both directions. */
  mss: number;
}

/** Measured on Debian 12 and 13: 37 to 44 bytes, by whether GRE acknowledges and PPP compresses its header. */
export const OVERHEAD = 44;
/** pppd takes these off the lower of `mtu` and `mru` once MPPE is up (measured: 1400 gives an interface of 1396). */
export const MPPE_RESERVE = 4;
/** IPv4 and TCP headers without options (RFC 9293, 3.7.1). */
const TCP_IPV4_HEADERS = 40;

/** Sizes with which no outer packet is ever fragmented; the client takes MPPE's bytes off the MRU as pppd does. */
export function tunnelSizes(pathMtu: number): TunnelSizes {
  const interfaceMtu = pathMtu - OVERHEAD;
  return {
    pathMtu,
    overhead: OVERHEAD,
    interfaceMtu,
    pppMtu: interfaceMtu + MPPE_RESERVE,
    // Not lower: pppd would take the lower of the two for its own interface as well.
    pppMru: interfaceMtu + MPPE_RESERVE,
    mss: interfaceMtu - TCP_IPV4_HEADERS,
  };
}
