/** How far a dial came, by what pppd (with `debug`) and pptp logged. Pure; for the probe and for the lab's client. */
import { CONTROL } from "../../protocols/pptp/flows.ts";

/** How far a dial came: what it waited for when it ended. */
export type Stage = "tcp" | "lcp" | "auth" | "ccp" | "ipcp";

export interface Failure {
  stage: Stage;
  /** One sentence for people. */
  reason: string;
  /** What pppd and pptp logged. No password is in it, and no response from which one could be found. */
  log: string;
}

/** A tunnel's addresses: the client's and the server's inside. */
export interface Addresses {
  /** Such as `ppp0`. */
  interface: string;
  local: string;
  remote: string;
}

/** What a dial has proved so far. */
export interface Reading {
  /** pptp has a call of its own; undefined where its log is not to be had. */
  called: boolean | undefined;
  /** A packet of the server's pppd arrived: GRE comes back. */
  heard: boolean;
  /** The server answered a packet of ours: GRE gets there. */
  answered: boolean;
  /** Both ends agreed on LCP's options. */
  lcp: boolean;
  auth: boolean;
  /** Such as `128-bit stateless`. */
  mppe?: string;
  addresses?: Addresses;
  /** The server ended the call in haste, before either pppd gave up. */
  dropped: boolean;
  /** Lines that say why it failed, as they stand in the logs. */
  said: string[];
}

/** MS-CHAPv2's exchange, from which a password can be searched for (RFC 2759). */
const RESPONSE = /(CHAP (?:Challenge|Response|Success|Failure) id=0x[0-9a-f]+) .*/g;

const MPPE = /MPPE (\d+-bit \S+) compression enabled/;

/** What pppd 2.4.9 to 2.5.2 and pptp 1.10 say before they give up, and what is theirs to say of it. */
const SAID = [
  /MS-CHAP authentication failed: .*/,
  /CHAP authentication failed.*/,
  /No auth is possible|peer refused to authenticate.*/,
  /MPPE required.*/,
  /LCP: timeout sending Config-Requests/,
  /LCP terminated by peer.*/,
  /(?:IPCP|CCP): timeout sending Config-Requests/,
  /Could not determine (?:remote|local) IP address/,
  /Peer is not authorized to use remote address .*/,
  /This system lacks kernel support for PPP.*/,
  /Couldn't (?:set tty to PPP discipline|open the \/dev\/ppp device|attach to PPP unit).*/,
  // An I/O error is only pppd's own end of the pty, closed.
  /short read \(-?\d+\): (?!Input\/output error).*/,
  /Call manager for \S+ is already running\./,
  /connect: .*/,
  /Could not open control connection to .*/,
  /Result code is \d+ '.*/,
  /triggered an ICMP destination unreachable.*/,
  /Cannot bind GRE socket.*/,
];

export function readDial(pppd: string, pptp: string): Reading {
  const heard = /rcvd \[LCP /.test(pppd);
  const mppe = pppd.match(MPPE)?.[1];
  const addresses = tunnelOf(pppd);
  // A packet that holds such words says them of the other end's log.
  const lines = `${pptp}\n${pppd}`.split("\n").filter((line) => !/^(sent|rcvd) \[/.test(line));
  const said = lines.flatMap((line) => SAID.map((known) => line.match(known)?.[0]).find(Boolean) ?? []);
  return {
    called: heard || /Outgoing call established/.test(pptp) || (pptp === "" ? undefined : false),
    heard,
    answered: /rcvd \[LCP Conf(?:Ack|Nak|Rej)/.test(pppd),
    lcp: /rcvd \[LCP ConfAck/.test(pppd) && /sent \[LCP ConfAck/.test(pppd),
    auth: /rcvd \[CHAP Success/.test(pppd),
    ...(mppe === undefined ? {} : { mppe }),
    ...(addresses === undefined ? {} : { addresses }),
    dropped: dropped(pppd),
    said: [...new Set(said)],
  };
}

/** pppd asks every 3 s and gives up after ten times, at either end: a hang-up near that is no haste. */
const HASTE = 5;

function dropped(pppd: string): boolean {
  const asked = pppd.match(/^sent \[LCP ConfReq/gm)?.length ?? 0;
  return /^Modem hangup$/m.test(pppd) && asked <= HASTE && !/terminated by peer|failed:/.test(pppd);
}

/** Both logs as one text that may be shown. */
export function shownLog(pppd: string, pptp: string): string {
  return `${pptp}\n${pppd.replace(RESPONSE, "$1 …")}`.trim();
}

/** The tunnel that pppd's log says is up, if it does: IPCP is its last stage. */
export function tunnelOf(log: string): Addresses | undefined {
  const name = log.match(/^Using interface (\S+)$/m)?.[1];
  const local = log.match(/^local {2}IP address (\S+)$/m)?.[1];
  const remote = log.match(/^remote IP address (\S+)$/m)?.[1];
  return name && local && remote ? { interface: name, local, remote } : undefined;
}

/** The stage at which a dial has ended. */
export function failureOf(pppd: string, pptp: string): Failure {
  const log = shownLog(pppd, pptp);
  const failed = (stage: Stage, reason: string): Failure => ({ stage, reason, log });
  const { heard, auth, mppe } = readDial(pppd, pptp);
  if (!/Outgoing call established/.test(pptp))
    return failed("tcp", `no PPTP control connection (${CONTROL.title})`);
  if (!heard) return failed("lcp", "no LCP packet from the server: GRE (IP protocol 47) does not pass");
  if (!/rcvd \[LCP ConfAck/.test(pppd)) return failed("lcp", "LCP options were not agreed on");
  if (!auth) return failed("auth", "the server did not accept user and password");
  if (mppe === undefined) return failed("ccp", "MPPE was not agreed on");
  return failed("ipcp", "no addresses were agreed on");
}
