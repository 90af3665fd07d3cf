/**
 * A master in a subnet of the VPC's own polls a device by its client's address.
 *
 *     master 10.20.0.9 ── its subnet's table, which config names ── a server's interface ── tunnel ── client 10.64.…
 *
 * The fleet's machines stay; servers get the rules that the program renders for `egress.mode: routed`, as a new one would.
 */

import { afterAll, beforeAll, expect, test } from "vitest";
import { EGRESS_RULE, INSTANCE, ROUTE } from "../../../graph/types.ts";
import type { Tunnel } from "../../../lab/client/dial.ts";
import { pingOf, routeThrough } from "../../../lab/client/measure.ts";
import { cardUp } from "../../../lab/vpc/network/eni.ts";
import { recordedMachines } from "../../../offline/machines.ts";
import type { RecordedResource } from "../../../offline/program.ts";
import { MASTERS, runOtherwise, sharedVpc, tunnelUp, without } from "../shared/vpc.ts";

/** Of its interface and namespace; iproute2 takes "master" for a keyword. */
const NAME = "scada";
const MASTER = "10.20.0.9";
const RULES = "/etc/nftables.conf";

/** Somebody's instance, whose group lets it ping everything. */
const master = (like: RecordedResource): RecordedResource[] => {
  const made = (type: string, id: string, inputs: object, state: object = {}): RecordedResource => ({
    ...like,
    ...{ urn: `urn:${id}`, type, name: id, id, inputs, state: { ...inputs, ...state } },
  });
  return [
    made(
      INSTANCE,
      NAME,
      {
        ...{ subnetId: MASTERS.subnetId, vpcSecurityGroupIds: ["sg-master"], instanceType: "t3.small" },
        ...{ tags: { server: NAME }, userDataBase64: "" },
      },
      { privateIp: MASTER, primaryNetworkInterfaceId: "eni-master" },
    ),
    made(EGRESS_RULE, "sgr-master", {
      ...{ securityGroupId: "sg-master", cidrIpv4: "0.0.0.0/0", description: "Polls" },
      ...{ ipProtocol: "icmp", fromPort: -1, toPort: -1 },
    }),
  ];
};

let resources: RecordedResource[];
let tunnel: Tunnel;

/** Each server has the rules of its machine in a run, under the name that they lie by. */
async function rulesOf(rendered: ReturnType<typeof recordedMachines>): Promise<void> {
  const { servers } = await sharedVpc();
  for (const { name, agent } of servers) {
    const files = rendered.find((each) => each.name === name)!.files;
    const { content } = files.find(({ path }) => path === RULES)!;
    await agent.exec(["/bin/bash", "-c", `cat >${RULES} && nft -f ${RULES}`], { input: content });
  }
}

beforeAll(async () => {
  const lab = await sharedVpc();
  const routed = await runOtherwise({ routed: true });
  resources = [...routed.resources, ...master(routed.resources[0]!)];
  await lab.apply(resources);
  await rulesOf(recordedMachines(routed));
  await lab.guest.agent.sh(cardUp(lab.vpc.interfaces.find(({ name }) => name === NAME)!));
  tunnel = await tunnelUp();
  await routeThrough(lab.clients.client, tunnel, MASTER);
});

afterAll(async () => {
  const lab = await sharedVpc();
  await tunnel?.hangUp();
  await rulesOf(recordedMachines(lab.run));
  await lab.apply(lab.run.resources);
});

async function answers(): Promise<number> {
  const { guest } = await sharedVpc();
  const { stdout } = await guest.agent.exec(
    ["ip", "netns", "exec", NAME, "ping", "-n", "-c", "5", "-i", "0.2", "-w", "10", tunnel.local],
    { timeoutMs: 60_000 },
  );
  return pingOf(stdout, 5).received;
}

test("reaches it, and has each answer", async () => {
  expect(await answers()).toBe(5);
});

test("does not without the routes in its table", async () => {
  const lab = await sharedVpc();
  const unnamed = without(ROUTE, ({ inputs }) => inputs.routeTableId === MASTERS.routeTableId);
  await lab.apply(unnamed(resources));
  try {
    expect(await answers()).toBe(0);
  } finally {
    await lab.apply(resources);
  }
});
