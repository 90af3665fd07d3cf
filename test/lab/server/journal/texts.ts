/**
 * What Debian 13's pptpd 1.5.0, pppd 2.5.2 and pptp-linux 1.10 log when something goes wrong, by what that is: journal.test.ts
 * provokes each, and docs/troubleshooting.md explains each text, and no other. `…` stands for what differs from dial to dial.
 */

/** In a server's journal. */
export const SERVER_TEXTS = {
  "a session that came and went": [
    "Peer … authenticated with CHAP",
    "MPPE 128-bit stateless compression enabled",
    "CTRL: Reaping child PPP[…]",
    "kernel does not support PPP filtering",
  ],
  "a wrong password": ["Peer … failed CHAP authentication"],
  "a name that is no account": ["No CHAP secret found for authenticating …"],
  "a client that refuses MS-CHAPv2": ["peer refused to authenticate: terminating link"],
  "a client without MPPE": ["MPPE required but peer refused"],
  // Of the end that is first to see it; the other one is told so: `LCP terminated by peer (…)`.
  "a client with 40 bits": ["MPPE required but peer negotiation failed"],
  "a client with an address of its own": ["Peer refused to agree to his IP address"],
  "a connection that ends without a goodbye": ["CTRL: EOF or bad error reading ctrl packet length."],
  "a client that vanished": ["No response to 3 echo-requests", "Serial link appears to be disconnected."],
  "a connection that says nothing": ["MGR: dropped slow initial connection"],
  "a connection that is not PPTP": ["MGR: initial packet length … outside (0 - 220)"],
  // pptpctrl's text is of every end that pppd is first to see: here always, with a wrong password as good as always.
  "an option that pppd does not know": [
    "In file /etc/ppp/pptpd-options: unrecognized option '…'",
    "GRE: read(…) from PTY failed: status = -1 error = Input/output error, usually caused by unexpected termination of pppd, check option syntax and pppd logs",
  ],
  "no account at all": [
    "The remote system is required to authenticate itself",
    "but I couldn't find any suitable secret (password) for it to use to do so.",
  ],
  "a full server": ["MGR: No free connection slots or IPs - no more clients can connect!"],
  "an ICMP error about GRE": ["GRE: read(…) from network failed: status = -1 error = Protocol not available"],
} satisfies Record<string, string[]>;

export type Case = keyof typeof SERVER_TEXTS;

/** On the client, where it says something by which the case is known. */
export const CLIENT_TEXTS: Partial<Record<Case | "GRE that does not pass", string[]>> = {
  "a wrong password": ["MS-CHAP authentication failed: Access denied"],
  "a client that refuses MS-CHAPv2": [
    "No auth is possible",
    "LCP terminated by peer (peer refused to authenticate)",
  ],
  "a client without MPPE": ["LCP terminated by peer (MPPE required but peer refused)"],
  "a client with 40 bits": ["MPPE required but peer negotiation failed"],
  "GRE that does not pass": ["LCP: timeout sending Config-Requests"],
};
