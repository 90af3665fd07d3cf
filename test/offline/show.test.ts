/** What `npm run plan -- --config …` says of the machines that stay. */
import { expect, test } from "vitest";
import { recordedMachines } from "../../offline/machines.ts";
import { runProgram } from "../../offline/program.ts";
import { machinesText } from "../../offline/show.ts";
import { stackInput } from "../../offline/stack.ts";

const HEAD = "machines against the stack's file, where pulumi preview does not replace them:\n";
const FILTER = "/etc/nftables.conf";
const SYSCTL = "/etc/sysctl.d/90-pptp-fleet.conf";

test.each([
  ["servers=3", undefined],
  ["pathMtu=1400", `a-1: in place: ${FILTER}; from the next session: /etc/ppp/pptpd-options`],
  ["conntrack.tcpTimeoutEstablished=7440", `a-1, gateway-a: in place: ${SYSCTL}`],
  [
    "limits.initialPacketTimeout=9",
    `a-1: once no session is left: /etc/default/pptpd; with that: ${FILTER}, /etc/systemd/system/pptp-fleet-health.service`,
  ],
  ["gatewayInstanceType=t3.micro", "gateway-a: the instance itself (pulumi preview says how): instanceType"],
])("%s", async (override, text) => {
  const machines = async (overrides: string[]) =>
    recordedMachines(await runProgram(stackInput("dev", overrides)));
  const said = machinesText(await machines([]), await machines([override]));
  expect(said).toBe(text === undefined ? undefined : HEAD + text);
});
