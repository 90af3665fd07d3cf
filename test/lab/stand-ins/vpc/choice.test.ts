/** A balancer's node: whom it chooses, whom its target sees, and which way the answers take. */

import { beforeAll, describe, expect, test } from "vitest";
import { GRE, gre, type Packet } from "../../shared/gateway-traffic.ts";
import { rule } from "../sample-fleet.ts";
import { ADDRESS, GATEWAY_PUBLIC, LISTENER, withEni, withListener, withRoutes } from "./sample-vpc.ts";
import {
  BEHIND_GATEWAY,
  BRIEF,
  CALLERS,
  CLIENT,
  call,
  counted,
  datagram,
  during,
  sends,
  sharedTestbed,
} from "./shared-testbed.ts";
import { choosesBy, healthIs, says } from "./targets.ts";

/** As the client dials: the gateway passes its calls on to the node. */
const DIAL = { from: "client", to: GATEWAY_PUBLIC };
const [A1, A2, B1, NODE] = [ADDRESS["a-1"], ADDRESS["a-2"], ADDRESS["b-1"], ADDRESS["balancer-a"]];
const LOOSE = withListener({ sticky: false });

beforeAll(async () => {
  await sharedTestbed();
  await healthIs({ "a-1": "healthy", "a-2": "healthy" });
});

/** Who answered, in order. */
const answerers = (told: string[]) => told.map((each) => each.split(" ")[0]!);
const calls = async (times: number) => answerers(await call({ ...DIAL, times }));
const set = (names: string[]) => [...new Set(names)].toSorted();

describe("stickiness by source address", () => {
  test("on: a client meets one target, call after call, and clients meet all of them", async () => {
    await choosesBy("@sticky");
    const told = answerers(await call({ ...DIAL, times: 3, sources: CALLERS }));
    const byCaller = CALLERS.map((_, i) => set(told.slice(3 * i, 3 * i + 3)));
    expect(byCaller.filter((met) => met.length !== 1)).toEqual([]);
    // By chance all sixteen meet the same one in 1 of 32,768 runs.
    expect(set(byCaller.flat())).toEqual(["a-1", "a-2"]);
  });

  test("on: where the target is unhealthy, the client meets one other, call after call", () =>
    during([withListener({ targets: [...LISTENER.targets, { address: B1, port: 1723 }] })], async () => {
      const { network } = await sharedTestbed();
      await healthIs({ "a-1": "healthy", "a-2": "healthy", "b-1": "healthy" });
      await network.stick(CLIENT, A1);
      expect(set(await calls(3))).toEqual(["a-1"]);
      try {
        await says("a-1", 503);
        await healthIs({ "a-1": "unhealthy", "a-2": "healthy", "b-1": "healthy" });
        // By chance, without stickiness, all of them meet the same one in 1 of 512 runs.
        expect(set(await calls(10))).toEqual([expect.stringMatching(/^(a-2|b-1)$/)]);
      } finally {
        await says("a-1", 200);
        await healthIs({ "a-1": "healthy" });
      }
    }));

  test("off: one client's calls meet all targets", () =>
    during([LOOSE], async () => {
      await choosesBy("@sticky", false);
      // By chance all of them meet the same one in 1 of 524,288 runs.
      expect(set(await calls(20))).toEqual(["a-1", "a-2"]);
    }));
});

describe("targets", () => {
  test("are those of the node's list and no others", async () => {
    const beyond = [...LISTENER.targets, { address: B1, port: 1723 }];
    await during([LOOSE, withListener({ targets: [beyond[0]!, beyond[2]!] })], async () => {
      await healthIs({ "b-1": "healthy" });
      await choosesBy(`${B1} . 1723`);
      await choosesBy(`${A2} . 1723`, false);
      expect(set(await calls(20))).toEqual(["a-1", "b-1"]);
    });
  });

  test("none: nobody answers", () =>
    during([withListener({ targets: [] })], async () => {
      await choosesBy("dnat", false);
      expect(await call({ ...DIAL, patience: BRIEF })).toEqual(["refused"]);
    }));

  test("are healthy ones, where one is; where none is, all of them: fail open", () =>
    during([LOOSE], async () => {
      await choosesBy("@sticky", false);
      try {
        await says("a-1", 503);
        await healthIs({ "a-1": "unhealthy", "a-2": "healthy" });
        expect(set(await calls(20))).toEqual(["a-2"]);
        await says("a-2", 503);
        await healthIs({ "a-1": "unhealthy", "a-2": "unhealthy" });
        expect(set(await calls(20))).toEqual(["a-1", "a-2"]);
      } finally {
        for (const name of ["a-1", "a-2"] as const) await says(name, 200);
        await healthIs({ "a-1": "healthy", "a-2": "healthy" });
      }
      expect(set(await calls(20))).toEqual(["a-1", "a-2"]);
    }));
});

describe("TCP to a listener's port, and nothing else, reaches a target", () => {
  test("another port is refused by the node itself", async () =>
    expect(await call({ from: "gateway-a", to: NODE, port: 1724, patience: BRIEF })).toEqual(["refused"]));

  test("another protocol ends at the node", async () => {
    const packets: Packet[] = [
      { source: CLIENT, destination: NODE, protocol: GRE, payload: gre(7) },
      datagram(CLIENT, NODE, 1723),
    ];
    const [node, ...targets] = await sends("gateway-a", packets, "balancer-a", "a-1", "a-2");
    expect(node).toHaveLength(2);
    expect(targets).toEqual([[], []]);
  });
});

describe("the client's address", () => {
  test("kept: the target sees the client, and its groups do", async () => {
    expect(await call(DIAL)).toEqual([expect.stringMatching(new RegExp(`^a-\\d ${CLIENT}$`))]);
    const clientsOnly = rule("tcp", `${CLIENT}/32`, 1723);
    const nodeOnly = rule("tcp", `${NODE}/32`, 1723);
    const checks = rule("tcp", `${NODE}/32`, 8723);
    const groups = (mine: typeof checks) =>
      (["a-1", "a-2"] as const).map((name) => withEni(name, { ingress: [mine, checks] }));
    await during(groups(clientsOnly), async () => expect(await call(DIAL)).toHaveLength(1));
    await during(groups(nodeOnly), async () =>
      expect(await call({ ...DIAL, patience: BRIEF })).toEqual(["nothing"]),
    );
    await during([...groups(nodeOnly), withListener({ preserveClientIp: false })], async () =>
      expect(await call(DIAL)).toEqual([expect.stringMatching(/^a-\d /)]),
    );
  });

  test("not kept: the target sees the node", () =>
    during([withListener({ preserveClientIp: false })], async () =>
      expect(await call(DIAL)).toEqual([expect.stringMatching(new RegExp(`^a-\\d ${NODE}$`))]),
    ));
});

describe("answers", () => {
  const NONE = withRoutes("by-gateway");
  const PAST_THE_NODE = { from: "gateway-a", to: A1, sources: [BEHIND_GATEWAY] };

  test("to a balanced flow go back to the node, whatever the target's own route says", async () => {
    // Targets and node share a table in this VPC: the node keeps its route, the targets lose theirs.
    const lost = (["a-1", "a-2"] as const).map((name) =>
      withEni(name, { subnet: { id: "servers-a", zone: "eu-west-1a", cidr: "10.42.0.0/20" } }),
    );
    await during(lost, async () => {
      expect(await call(DIAL)).toEqual([expect.stringMatching(new RegExp(`^a-\\d ${CLIENT}$`))]);
      // The same for a call that no node has passed on.
      expect(await call({ ...PAST_THE_NODE, patience: BRIEF })).toEqual(["nothing"]);
    });
  });

  test("to any other flow take the target's own route", async () =>
    expect(await call(PAST_THE_NODE)).toEqual([`a-1 ${BEHIND_GATEWAY}`]));

  test("of the node leave by its own subnet's route", async () => {
    await during([NONE], async () => expect(await call({ ...DIAL, patience: BRIEF })).toEqual(["nothing"]));
    expect(await call(DIAL)).toEqual([expect.stringMatching(/^a-\d /)]);
  });
});

test("the node's own groups are asked too, and count", () =>
  during([withEni("balancer-a", { ingress: [] })], async () => {
    const counts = await counted("balancer-a", async () =>
      expect(await call({ ...DIAL, patience: BRIEF })).toEqual(["nothing"]),
    );
    expect(counts.refused).toBeGreaterThanOrEqual(1);
  }));
