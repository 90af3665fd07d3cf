/**
 * What clients must offer to get in: encryption and authentication
 * (traps: option-that-pppd-refuses, peers-ask-for-stateless-mppe).
 */
import { describe, expect, test } from "vitest";
import { serverEnd } from "../../../../lab/client/measure.ts";
import { call, sharedLab, tunnelUp } from "../../shared/lab.ts";
import { edited, retuned } from "../retuned.ts";

const OPTIONS = "/etc/ppp/pptpd-options";

describe("a server", () => {
  test.each([
    ["a client without MPPE", { encryption: "nomppe" }, "ccp"],
    ["a client that has 40 bits only", { encryption: "require-mppe-40" }, "ccp"],
    [
      "a client that knows CHAP with MD5 only",
      { encryption: "nomppe", refuse: ["pap", "mschap", "mschap-v2", "eap"] },
      "auth",
    ],
  ])("refuses %s", async (_, options, stage) => {
    expect(await call(options)).toMatchObject({ up: false, failure: { stage } });
  });

  test.each(["nomppe-56", "mppe-128", "mppe-stateless"])(
    "refuses every dial with %s in pppd's options, and none without it",
    async (option) => {
      const refused = await edited(
        OPTIONS,
        (content) => `${content}\n${option}\n`,
        () => call(),
      );
      expect(refused).toMatchObject({ up: false, failure: { stage: "lcp" } });
    },
  );

  test("takes every dial again after that", async () => {
    await (await tunnelUp()).hangUp();
  });
});

describe("ppp.mppe", () => {
  test("40 encrypts with 40 bits, and takes no other strength", async () => {
    await retuned(["ppp.mppe=40", "ppp.trafficMayBeRead=true"], async () => {
      const tunnel = await tunnelUp({ encryption: "require-mppe-40" });
      const end = await serverEnd((await sharedLab()).servers[0]!.agent, tunnel);
      await tunnel.hangUp();
      expect(end.mppe).toBe("40-bit stateless");
      expect(await call()).toMatchObject({ up: false, failure: { stage: "ccp" } });
    });
  });

  test("none encrypts nothing, and gives its 4 bytes to the packets", async () => {
    await retuned(["ppp.mppe=none", "ppp.trafficMayBeRead=true"], async () => {
      const tunnel = await tunnelUp({ encryption: "nomppe" });
      const { servers } = await sharedLab();
      const mtu = await servers[0]!.agent.sh("cat /sys/class/net/ppp0/mtu");
      await tunnel.hangUp();
      expect([mtu.trim(), /MPPE/.test(tunnel.log)]).toEqual(["1460", false]);
    });
  });
});
