/**
 * What `pulumi up` does to a running fleet, step by step, while a tunnel is in use.
 *
 * Does not prove: AWS's own steps in between, nor how long they take. An address or a route moves at once here, and the
 * new gateway forwards before either does, which nothing makes sure of on AWS.
 */

import { beforeAll, describe, expect, test } from "vitest";
import { EIP_ASSOCIATION, INSTANCE, ROUTE, TARGET } from "../../../graph/types.ts";
import type { Tunnel } from "../../../lab/client/dial.ts";
import { waitUntil } from "../../../lab/host/wait.ts";
import type { ClientName } from "../../../lab/vpc/network/internet.ts";
import type { RecordedResource } from "../../../offline/program.ts";
import { PATIENT, used } from "../shared/traffic.ts";
import {
  A1,
  A2,
  boots,
  changed,
  gatewayCounters,
  otherwise,
  serverOf,
  sharedVpc,
  targetHealth,
  tunnelUp,
  without,
} from "../shared/vpc.ts";

beforeAll(async () => {
  await sharedVpc();
  await targetHealth("a", { [`${A1}:1723`]: "healthy", [`${A2}:1723`]: "healthy" });
});

/** Once: a client asks whether the server is there, as it does by itself after a minute of quiet, and is answered. */
async function controlSpeaks(client: ClientName): Promise<void> {
  const { guest } = await sharedVpc();
  await guest.agent.sh(`pkill -ALRM --exact pptpcm --cgroup /system.slice/pptp-dial-${client}.service`);
}

/** Runs `work` while a gateway passes on the stray resets of one address, and of no other. */
async function strayResetsPass(gateway: string, address: string, work: () => Promise<void>): Promise<void> {
  const { agent } = (await sharedVpc()).machines[gateway]!;
  await agent.sh(`rule=$(nft -a list chain ip pptp_fleet tcp_from_client | grep tcp_stray_reset)
    body=\${rule% \\# handle *}
    nft replace rule ip pptp_fleet tcp_from_client handle "\${rule##* }" "ip saddr != ${address} $body"`);
  try {
    await work();
  } finally {
    await agent.sh("systemctl reload pptp-fleet-gateway");
  }
}

/** Whether any server still has a tunnel's session, whatever its client thinks. */
const lives = (tunnel: Tunnel) =>
  serverOf(tunnel).then(
    () => true,
    () => false,
  );

describe("a gateway", () => {
  test("whose rules are reloaded under traffic loses none of it", async () => {
    const { machines } = await sharedVpc();
    const { sent, received, whole } = await used(async () => {
      for (let i = 0; i < 3; i++)
        await machines["gateway-a"]!.agent.sh("systemctl reload pptp-fleet-gateway");
    });
    expect({ received, whole }).toEqual({ received: sent, whole: true });
  });

  test("that is replaced boots beside the old one and takes its sessions over, which a client's stray reset would end", async () => {
    const lab = await sharedVpc();
    const { resources } = lab.run;
    const [beside, addressed, routed, alone] = replacement(resources);
    try {
      const { whole } = await used(async () => {
        await lab.apply(beside);
        await lab.launch(["gateway-n"]);
        await lab.network.stick(lab.where.nat, A2);
        const other = await tunnelUp({ from: "behind-1", options: PATIENT });
        // Its own question would come within a minute, in the middle of what follows, and a second one unanswered ends it.
        await controlSpeaks("client");
        await lab.apply(addressed);
        // The worst moment: what leaves by the old gateway has an address that the client never dialled, and it resets.
        await strayResetsPass("gateway-a", lab.where.nat, async () => {
          await controlSpeaks("behind-1");
          const gone = async () => !(await lives(other));
          await waitUntil("the end of another session", gone, { timeoutMs: 60_000, everyMs: 1_000 });
        });
        await other.hangUp();
        await controlSpeaks("client");
        const stray = async () => (await gatewayCounters()).tcp_stray_reset! > 0;
        await waitUntil("a reset by the client", stray, { timeoutMs: 60_000, everyMs: 1_000 });
        await lab.apply(routed);
        await lab.apply(alone);
      });
      expect(whole).toBe(true);
    } finally {
      await lab.terminate("gateway-n");
      await lab.apply(resources);
    }
  });
});

describe("servers", () => {
  test("that come and go touch nothing of the others, and lose no packet of their tunnels", async () => {
    const lab = await sharedVpc();
    const three = lab.run.resources;
    const two = await otherwise({ servers: 2 });
    const others = ["a-1", "b-1"];
    expect(two.filter(({ name }) => others.some((each) => name.endsWith(each)))).toEqual(
      three.filter(({ name }) => others.some((each) => name.endsWith(each))),
    );
    const before = await Promise.all(others.map(boots));
    try {
      await away(two, lab.terminate);
      const { sent, received, whole } = await used(async () => {
        await lab.apply(unattached(three));
        await lab.launch(["a-2"]);
        await lab.apply(three);
        await targetHealth("a", { [`${A2}:1723`]: "healthy" });
        await lab.network.stick(lab.where.nat, A2);
        const other = await tunnelUp({ from: "behind-1" });
        expect(await serverOf(other)).toBe("a-2");
        await other.hangUp();
        await away(two);
      });
      expect({ received, whole }).toEqual({ received: sent, whole: true });
    } finally {
      await lab.apply(three);
      await targetHealth("a", { [`${A2}:1723`]: "healthy" });
    }
    expect(await Promise.all(others.map(boots))).toEqual(before);
  });

  /** As the engine deletes a-2: no target any more, then no instance, then no interface. */
  async function away(rest: RecordedResource[], end?: (name: string) => Promise<void>): Promise<void> {
    const lab = await sharedVpc();
    await lab.apply(unattached(lab.run.resources));
    await end?.("a-2");
    await lab.apply(rest);
  }

  const unattached = without(TARGET, ({ name }) => name.endsWith("-a-2"));
});

type Steps = [
  beside: RecordedResource[],
  addressed: RecordedResource[],
  routed: RecordedResource[],
  alone: RecordedResource[],
];

/**
 * The resources of each step in which the engine replaces gateway-a, from the program's dependencies: the new instance
 * beside the old one; the Elastic IP on it; the routes that depend on that; the old instance gone.
 */
function replacement(resources: RecordedResource[]): Steps {
  const old = resources.find(({ type, inputs }) => type === INSTANCE && inputs.tags.gateway === "gateway-a")!;
  const from = old.state.primaryNetworkInterfaceId;
  const to = `${from}-n`;
  const next: RecordedResource = {
    ...old,
    urn: `${old.urn}-n`,
    id: `${old.id}-n`,
    inputs: { ...old.inputs, tags: { ...old.inputs.tags, gateway: "gateway-n" } },
    // Any other address of its subnet.
    state: { ...old.state, privateIp: "10.20.128.157", primaryNetworkInterfaceId: to },
  };
  const moved = (type: string) =>
    changed(
      type,
      ({ inputs }) => inputs.networkInterfaceId === from,
      () => ({ networkInterfaceId: to }),
    );
  const beside = [...resources, next];
  const addressed = moved(EIP_ASSOCIATION)(beside);
  const routed = moved(ROUTE)(addressed);
  return [beside, addressed, routed, routed.filter((each) => each !== old)];
}
