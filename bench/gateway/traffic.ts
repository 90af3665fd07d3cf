/** What is sent through the gateways that are compared: one kind of packet a row, between many clients and all servers. */
import type { GatewayPlan } from "../../plan/front-door/gateways.ts";
import { CONTROL } from "../../protocols/pptp/flows.ts";
import { parseAddress } from "../../settings/ipv4.ts";
import { type Ends, gre, tcp } from "./packets.ts";

/** Who sends a row's packets, which says what a gateway has to translate. */
type From = "client" | "server";

export interface Row {
  /** As the guest and the readings call it. */
  name: string;
  /** As the table says it. */
  title: string;
  from: From;
  packets: Exchange[];
}

/** A packet before and after a gateway that translates; one that forwards plainly gets it as it arrives. */
export interface Exchange {
  /** From a server, the same packet goes through all gateways. */
  sent: Buffer;
  arrives: Ends;
  /** What a plain gateway is given, and passes on with the same ends. */
  plain: Buffer;
}

/** Call IDs of each server in a row that is spread: the first and the last of its range, and two between. */
const SPREAD = [0, 341, 682, 1023];

/** Bytes of a short packet: an acknowledgement, or a keystroke in a tunnel; and of one full of data. */
const [SHORT, LONG] = [60, 1400];

/** PPTP's echo request and its reply: what a control connection says while a tunnel lives (RFC 2637, 2.5 and 2.6). */
const [ECHO_REQUEST, ECHO_REPLY] = [16, 20];

/** @param own The gateway's own address, which clients' packets have as destination behind the internet gateway. */
export function rowsOf(gateway: GatewayPlan, own: string): Row[] {
  const everywhere = gateway.servers.flatMap(({ first }) => SPREAD.map((offset) => first + offset));
  const last = gateway.servers.at(-1)!.last;
  const greRow = (name: string, title: string, from: From, callIds: number[], length: number): Row => ({
    ...{ name, title, from },
    packets: callIds.map((callId) => greExchange(gateway, own, from, callId, length)),
  });
  return [
    greRow("gre-in-short", `GRE to the servers, ${SHORT} bytes`, "client", everywhere, SHORT),
    greRow("gre-in-last", `… all with the last call ID of all, ${last}`, "client", [last], SHORT),
    greRow("gre-in-long", `GRE to the servers, ${LONG} bytes`, "client", everywhere, LONG),
    greRow("gre-out-short", `GRE to the clients, ${SHORT} bytes`, "server", everywhere, SHORT),
    greRow("gre-out-long", `GRE to the clients, ${LONG} bytes`, "server", everywhere, LONG),
    {
      ...{ name: "tcp-in", title: `${CONTROL.title} to the balancer, echo request`, from: "client" },
      packets: gateway.servers.map((_, i) => tcpExchange(gateway, own, "client", clientOf(i))),
    },
    {
      ...{ name: "tcp-out", title: `${CONTROL.title} to the clients, echo reply`, from: "server" },
      packets: gateway.servers.map((_, i) => tcpExchange(gateway, own, "server", clientOf(i))),
    },
  ];
}

/** A client to each server, counted from 0: so connection tracking, which knows GRE by addresses only, can tell them apart. */
const clientOf = (server: number): string => `198.18.0.${server + 1}`;

function greExchange(
  { servers }: GatewayPlan,
  own: string,
  from: From,
  callId: number,
  length: number,
): Exchange {
  const index = servers.findIndex(({ first, last }) => first <= callId && callId <= last);
  const server = servers[index]!.address;
  return exchange(from, { client: clientOf(index), inside: server, own }, (ends) =>
    gre(ends, callId, length),
  );
}

function tcpExchange({ balancerAddress }: GatewayPlan, own: string, from: From, client: string): Exchange {
  const segment =
    from === "client"
      ? { sourcePort: 40_000, destinationPort: CONTROL.port, seq: 1000, ack: 2000, data: ECHO_REQUEST }
      : {
          sourcePort: CONTROL.port,
          destinationPort: 40_000,
          seq: 2000,
          ack: 1000 + ECHO_REQUEST,
          data: ECHO_REPLY,
        };
  return exchange(from, { client, inside: balancerAddress, own }, (ends) => tcp(ends, segment));
}

function exchange(
  from: From,
  { client, inside, own }: { client: string; inside: string; own: string },
  packet: (ends: Ends) => Buffer,
): Exchange {
  switch (from) {
    case "client": {
      const arrives = { source: client, destination: inside };
      return { sent: packet({ source: client, destination: own }), arrives, plain: packet(arrives) };
    }
    case "server": {
      const sent = packet({ source: inside, destination: client });
      return { sent, arrives: { source: own, destination: client }, plain: sent };
    }
    default:
      return from satisfies never;
  }
}

/** For the guest: packets without the zeros at their end, and the addresses with which each arrives. */
export function forGuest(rows: Row[]): string {
  const trimmed = (packet: Buffer) => packet.toString("hex").replace(/(00)+$/, "");
  const ends = (packet: Buffer) => packet.subarray(12, 20).toString("hex");
  return JSON.stringify(
    rows.map(({ name, packets }) => ({
      name,
      sent: packets.map(({ sent }) => trimmed(sent)),
      arrives: packets.map(({ arrives: { source, destination } }) => hex(source) + hex(destination)),
      plain: packets.map(({ plain }) => trimmed(plain)),
      plainArrives: packets.map(({ plain }) => ends(plain)),
    })),
  );
}

const hex = (address: string): string => parseAddress(address).toString(16).padStart(8, "0");
