/** Accounts from a RADIUS server, and rates of sessions: what was seen before either is built. */
import type { Topic } from "./trap.ts";

export const ofRadius = {
  "radius-client-of-its-own": {
    seen: "pppd's radius.so has a RADIUS client of its own inside. It opens /etc/radiusclient/radiusclient.conf, which no package of Debian ships, and refuses libradcli's (seqfile and mapfile missing). `$INCLUDE` is passed over in silence, `INCLUDE` works. The host's name must resolve, and NAS-IP-Address comes from that. All of it shows at the first dial only.",
    versions: "ppp 2.5.2, Debian 13",
    ahead: "All of its files have to be rendered, the host's name be in /etc/hosts, and a test has to dial.",
  },
  "radius-waits-for-the-dead": {
    seen: "Of two `authserver` lines the last replaces the first. `a,b` on one line fails over, and every dial waits for a dead first one: 7 to 8 s at 3 s twice, with none alive 31 s at 10 s three times. At hang-up pppd lingers for accounting as long.",
    versions: "ppp 2.5.2, Debian 13",
    ahead:
      "One line, short timeouts, their sum refused above 10 s, and a server that is down moved behind the others.",
  },
  "radius-without-authenticator": {
    seen: "radius.so sends no Message-Authenticator: a server that requires it drops every request, one set to `auto` warns. No NAS-Identifier; NAS-Port-Type in accounting only; Calling-Station-Id with `remotenumber` only. Class is echoed, interim records follow Acct-Interim-Interval, Framed-IP-Address and Session-Timeout work. A pppd that is killed leaves a Start without a Stop.",
    versions: "ppp 2.5.2; FreeRADIUS 3.2.7",
    ahead:
      "The docs have to say it, RADIUS has to stay inside the VPC or a tunnel, and open sessions be closed at boot.",
  },
  "freeradius-refuses-names": {
    seen: "FreeRADIUS' default filter refuses names with a space, `a@b` and `a..b`. Otherwise a client and a user with a Cleartext-Password are enough for MPPE-128.",
    versions: "FreeRADIUS 3.2.7",
    ahead: "A page on RADIUS says so.",
  },
  "small-burst-costs-retransmits": {
    seen: "On a session's interface tbf, cake and htb hold a download; police on ingress, or cake on an ifb, an upload. tbf with a small burst cost 3,296 retransmits where cake cost 89.",
    versions: "Debian 13",
    ahead: "A rate for a session is cake's.",
  },
} satisfies Topic;
