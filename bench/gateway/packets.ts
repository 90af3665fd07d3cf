/** IPv4 packets as a gateway meets them: PPTP's GRE and its control connection, with checksums that hold. */
import { GRE } from "../../protocols/pptp/flows.ts";
import { parseAddress } from "../../settings/ipv4.ts";

/** Between two hosts, TTL 64, never fragmented, not forbidden to be. */
export interface Ends {
  source: string;
  destination: string;
}

const IP_HEADER = 20;
const TCP_HEADER = 20;
const TCP = 6;

/** GRE version 1 with key and sequence number (RFC 2637, 4.1). @param length Bytes of the whole packet, from 36. */
export function gre(ends: Ends, callId: number, length: number): Buffer {
  const packet = ipv4(ends, GRE.protocol, length);
  packet.writeUInt16BE(0x3001, IP_HEADER);
  packet.writeUInt16BE(0x880b, IP_HEADER + 2);
  packet.writeUInt16BE(length - IP_HEADER - 12, IP_HEADER + 4);
  packet.writeUInt16BE(callId, IP_HEADER + 6);
  packet.writeUInt32BE(1, IP_HEADER + 8);
  return packet;
}

export interface Segment {
  sourcePort: number;
  destinationPort: number;
  seq: number;
  ack: number;
  /** Bytes of data. */
  data: number;
}

/** A segment of an open connection. */
export function tcp(ends: Ends, { sourcePort, destinationPort, seq, ack, data }: Segment): Buffer {
  const length = TCP_HEADER + data;
  const packet = ipv4(ends, TCP, IP_HEADER + length);
  packet.writeUInt16BE(sourcePort, IP_HEADER);
  packet.writeUInt16BE(destinationPort, IP_HEADER + 2);
  packet.writeUInt32BE(seq, IP_HEADER + 4);
  packet.writeUInt32BE(ack, IP_HEADER + 8);
  // Five words of header; PSH and ACK.
  packet.writeUInt16BE(0x5018, IP_HEADER + 12);
  packet.writeUInt16BE(0xffff, IP_HEADER + 14);
  const pseudo = Buffer.concat([packet.subarray(12, 20), Buffer.of(0, TCP, length >> 8, length & 255)]);
  packet.writeUInt16BE(checksum(Buffer.concat([pseudo, packet.subarray(IP_HEADER)])), IP_HEADER + 16);
  return packet;
}

function ipv4({ source, destination }: Ends, protocol: number, length: number): Buffer {
  const packet = Buffer.alloc(length);
  packet.writeUInt8(0x45, 0);
  packet.writeUInt16BE(length, 2);
  packet.writeUInt8(64, 8);
  packet.writeUInt8(protocol, 9);
  packet.writeUInt32BE(parseAddress(source), 12);
  packet.writeUInt32BE(parseAddress(destination), 16);
  packet.writeUInt16BE(checksum(packet.subarray(0, IP_HEADER)), 10);
  return packet;
}

/** The internet's checksum (RFC 1071): 0 over whatever carries its own, rightly. */
export function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i]! << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
