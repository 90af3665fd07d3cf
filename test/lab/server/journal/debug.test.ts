/** pptpd's debug (traps: debug-logs-every-packet). */
import { expect, test } from "vitest";
import { ping } from "../../../../lab/client/measure.ts";
import { onServer, sharedLab, tunnelUp } from "../../shared/lab.ts";
import { edited } from "../retuned.ts";

/** Lines that pptpd and pppd log while a tunnel carries 20 pings. */
async function logged(): Promise<number> {
  const { client } = await sharedLab();
  const tunnel = await tunnelUp();
  const lines = async () => Number(await onServer("journalctl -q -b -t pptpd -t pppd | wc -l"));
  const before = await lines();
  await ping(client.agent, tunnel.remote, 20);
  const after = await lines();
  await tunnel.hangUp();
  return after - before;
}

test("logs every packet where it is on; here it is off", async () => {
  expect(await edited("/etc/pptpd.conf", (content) => `${content}\ndebug\n`, logged)).toBeGreaterThanOrEqual(
    20,
  );
  expect(await logged()).toBeLessThan(5);
});
