import { describe, expect, test } from "vitest";
import { pppdOptions } from "../../../../lab/client/dial.ts";
import { failureOf, tunnelOf } from "../../../../probe/pppd/log.ts";
import { quoted } from "../../../../probe/pppd/pppd.ts";

// What Debian 13's pptp 1.10 and pppd 2.5.2 logged when these dials were made.
const CONTROL = `anon log[ctrlp_rep:pptp_ctrl.c:258]: Sent control packet type is 1 'Start-Control-Connection-Request'
anon log[ctrlp_disp:pptp_ctrl.c:788]: Received Start Control Connection Reply
anon log[ctrlp_disp:pptp_ctrl.c:822]: Client connection established.
anon log[ctrlp_disp:pptp_ctrl.c:945]: Outgoing call established (call ID 50683, peer's call ID 128).`;
const REFUSED = `anon warn[open_inetsock:pptp_callmgr.c:353]: connect: No route to host
anon fatal[callmgr_main:pptp_callmgr.c:134]: Could not open control connection to 198.18.0.1`;
const ASK = "sent [LCP ConfReq id=0x1 <asyncmap 0x0> <magic 0x6a934e41> <pcomp> <accomp>]";
const AGREED = `Using interface ppp0
${ASK}
rcvd [LCP ConfReq id=0x1 <mru 1400> <asyncmap 0x0> <auth chap MS-v2> <magic 0xaeed024a> <pcomp> <accomp>]
sent [LCP ConfAck id=0x1 <mru 1400> <asyncmap 0x0> <auth chap MS-v2> <magic 0xaeed024a> <pcomp> <accomp>]
rcvd [LCP ConfAck id=0x1 <asyncmap 0x0> <magic 0x6a934e41> <pcomp> <accomp>]`;
const DENIED = `sent [CHAP Response id=0xfc <82e0f08248175374d3d1c0ab1f0797b6>, name = "user1"]
rcvd [CHAP Failure id=0xfc "E=691 R=1 C=429f76d15c7397674359fd6cd135b9c5 V=0 M=Access denied"]
MS-CHAP authentication failed: Access denied`;
const GRANTED = `rcvd [CHAP Success id=0xd2 "S=5D5AB625232A64ACA1AE8434A196D5F3A165782B M=Access granted"]`;
const ENCRYPTED = "MPPE 128-bit stateless compression enabled";
const ADDRESSES = "local  IP address 10.99.0.10\nremote IP address 10.99.0.1";

describe("a failed dial names the stage it came to", () => {
  test.each([
    ["tcp", "", REFUSED],
    ["lcp", ASK, CONTROL],
    ["lcp", AGREED.replace(/^rcvd \[LCP ConfAck.*$/m, ""), CONTROL],
    ["auth", `${AGREED}\n${DENIED}`, CONTROL],
    ["ccp", `${AGREED}\n${GRANTED}`, CONTROL],
    ["ipcp", `${AGREED}\n${GRANTED}\n${ENCRYPTED}`, CONTROL],
  ])("%s", (stage, pppd, pptp) => {
    expect(failureOf(pppd, pptp).stage).toBe(stage);
  });

  test("GRE that does not pass is told from options that were not agreed on", () => {
    expect(failureOf(ASK, CONTROL).reason).toContain("protocol 47");
    expect(failureOf(AGREED.replace(/^rcvd \[LCP ConfAck.*$/m, ""), CONTROL).reason).not.toContain("47");
  });

  test("without the MS-CHAPv2 exchange, from which a password can be searched for", () => {
    const { log } = failureOf(`${AGREED}\n${DENIED}`, CONTROL);
    expect(log).toContain("CHAP Response id=0xfc");
    expect(log).not.toMatch(/82e0f082|429f76d1/);
  });
});

describe("a tunnel", () => {
  test("is up when both addresses are known", () => {
    const log = `${AGREED}\n${GRANTED}\n${ENCRYPTED}\n${ADDRESSES}`;
    expect(tunnelOf(log)).toEqual({ interface: "ppp0", local: "10.99.0.10", remote: "10.99.0.1" });
  });

  test("is not up when MPPE is on and IPCP is not done", () => {
    expect(tunnelOf(`${AGREED}\n${GRANTED}\n${ENCRYPTED}`)).toBeUndefined();
  });
});

describe("the client's options", () => {
  test("quote what pppd would read as syntax", () => {
    const options = pppdOptions({ server: "198.18.0.1", user: "a user", password: 'q"b\\s #x' }, "/run/x");
    expect(options).toContain('\nuser "a user"\npassword "q\\"b\\\\s #x"\n');
  });

  test("refuse a line break, which would begin an option", () => {
    expect(() => quoted("x\nnoauth")).toThrow("line break");
  });
});
