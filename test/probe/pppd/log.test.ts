/** What a dial has proved, by the logs that Debian 13's pptp 1.10 and pppd 2.5.2 wrote. */
import { describe, expect, test } from "vitest";
import { tell } from "../../../probe/legs/dial.ts";
import { Log } from "../../../probe/legs/legs.ts";
import { failureOf, readDial, shownLog } from "../../../probe/pppd/log.ts";

const CALL = `probe-x log[ctrlp_disp:pptp_ctrl.c:822]: Client connection established.
probe-x log[ctrlp_disp:pptp_ctrl.c:945]: Outgoing call established (call ID 50683, peer's call ID 2048).`;
const NO_CALL = `probe-x warn[open_inetsock:pptp_callmgr.c:353]: connect: Connection refused
probe-x fatal[callmgr_main:pptp_callmgr.c:134]: Could not open control connection to 198.18.0.1`;
const OURS = "Using interface ppp0\nsent [LCP ConfReq id=0x1 <asyncmap 0x0> <magic 0x6a934e41>]";
const THEIRS = "rcvd [LCP ConfReq id=0x1 <mru 1460> <auth chap MS-v2> <magic 0xaeed024a>]";
const ACKED = "sent [LCP ConfAck id=0x1 <mru 1460> <auth chap MS-v2> <magic 0xaeed024a>]";
const ACK = "rcvd [LCP ConfAck id=0x1 <asyncmap 0x0> <magic 0x6a934e41>]";
const DENIED = `rcvd [CHAP Failure id=0xfc "E=691 R=1 C=429f76d15c7397674359fd6cd135b9c5 V=0 M=Access denied"]
MS-CHAP authentication failed: Access denied`;
const GRANTED = `rcvd [CHAP Success id=0xd2 "S=5D5AB625232A64ACA1AE8434A196D5F3A165782B M=Access granted"]`;
const MPPE = "MPPE 128-bit stateless compression enabled";
const ADDRESSES = "local  IP address 10.64.0.2\nremote IP address 10.64.0.1";

const LCP = [OURS, THEIRS, ACKED, ACK];

/** What each leg became, as `leg state`. */
function told(pppd: string[], pptp = CALL, mppe: "128" | "none" = "128"): string[] {
  const log = new Log();
  tell(log, readDial(pppd.join("\n"), pptp), {}, mppe);
  return log.results.map(({ leg, state }) => `${leg} ${state}`);
}

describe("the legs by the logs", () => {
  test("pptp got no call of its own", () => {
    expect(told([OURS], NO_CALL)).toEqual(["greOut failed"]);
  });

  test("nothing comes back: GRE is lost, and which way cannot be told from here", () => {
    expect(told([OURS, "LCP: timeout sending Config-Requests"])).toEqual([
      "greOut unclear",
      "greBack failed",
    ]);
  });

  test("a machine whose pptp log is not to be had is judged by pppd's alone", () => {
    expect(told([OURS], "")).toEqual(["greOut unclear", "greBack failed"]);
    expect(told(LCP, "")).toContain("lcp ok");
  });

  test("the server's packets come, and it answers none of ours: only GRE out is lost", () => {
    expect(told([OURS, THEIRS, ACKED])).toEqual(["greOut failed"]);
  });

  test("an answer that refuses is an answer: GRE passes both ways", () => {
    expect(told([OURS, THEIRS, "rcvd [LCP ConfRej id=0x1 <pcomp>]"])).toEqual([
      "greOut ok",
      "greBack ok",
      "lcp failed",
    ]);
  });

  test("a wrong password", () => {
    expect(told([...LCP, DENIED]).slice(2)).toEqual(["lcp ok", "auth failed"]);
  });

  test("no MPPE where it is required, and where it is not", () => {
    expect(told([...LCP, GRANTED]).at(-1)).toBe("mppe failed");
    expect(told([...LCP, GRANTED, ADDRESSES], CALL, "none").slice(-2)).toEqual(["mppe ok", "address ok"]);
  });

  test("no address", () => {
    expect(told([...LCP, GRANTED, MPPE]).slice(-2)).toEqual(["mppe ok", "address failed"]);
  });

  test("a tunnel", () => {
    const all = ["greOut", "greBack", "lcp", "auth", "mppe", "address"].map((leg) => `${leg} ok`);
    expect(told([...LCP, GRANTED, MPPE, ADDRESSES])).toEqual(all);
  });
});

describe("why, in the programs' own words", () => {
  test.each([
    ["pptp", `probe-x warn[decaps_gre:pptp_gre.c:331]: short read (-1): Protocol not available`],
    ["pptp", "probe-x log[callmgr_main:x]: Call manager for 198.18.0.1 is already running."],
    ["pppd", "MPPE required, but kernel has no support."],
    ["pppd", "LCP terminated by peer (MPPE required but peer negotiation failed)"],
    ["pppd", "MS-CHAP authentication failed: Access denied"],
  ])("%s: %s", (program, line) => {
    const { said } = program === "pptp" ? readDial(OURS, line) : readDial(line, CALL);
    expect(said).toHaveLength(1);
    expect(line).toContain(said[0]);
  });

  test("not the end of a pty, which every hang-up logs", () => {
    expect(readDial(OURS, "probe-x warn[pptp_gre.c:331]: short read (-1): Input/output error").said).toEqual(
      [],
    );
  });

  test("a server that ends the call before either side gave up", () => {
    expect(readDial(`${OURS}\nModem hangup`, CALL).dropped).toBe(true);
    // Its pppd gave up a moment before ours did.
    expect(readDial(`${Array(9).fill(OURS).join("\n")}\nModem hangup`, CALL).dropped).toBe(false);
    expect(readDial(OURS, CALL).dropped).toBe(false);
  });

  test("once, however often", () => {
    expect(readDial(`${DENIED}\n${DENIED}`, CALL).said).toEqual([
      "MS-CHAP authentication failed: Access denied",
    ]);
  });

  test("without the MS-CHAPv2 exchange, from which a password can be searched for", () => {
    const shown = shownLog(`${DENIED}\n${GRANTED}`, CALL);
    expect(shown).toContain("CHAP Failure id=0xfc");
    expect(shown).not.toMatch(/429f76d1|5D5AB625/);
    expect(failureOf(DENIED, CALL).log).not.toContain("429f76d1");
  });
});
