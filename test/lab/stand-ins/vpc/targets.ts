/** The balancer's targets: what their health pages say, who has asked, and what the node makes of it. */

import { waitUntil } from "../../../../lab/host/wait.ts";
import { ADDRESS, type Name } from "./sample-vpc.ts";
import { HERE, LIMIT, sharedTestbed } from "./shared-testbed.ts";

/** Waits until the node sees its targets as `expected` says. */
export async function healthIs(expected: Partial<Record<Name, "healthy" | "unhealthy">>): Promise<void> {
  const { network } = await sharedTestbed();
  let seen: Record<string, string> = {};
  const probe = async () => {
    seen = await network.health("balancer-a");
    return Object.entries(expected).every(([name, state]) => seen[`${ADDRESS[name as Name]}:1723`] === state);
  };
  await waitUntil(`targets: ${JSON.stringify(expected)}`, probe, {
    ...LIMIT,
    evidence: () => JSON.stringify(seen),
  });
}

/** Waits until the node's choice is made by rules that have, or have not, this in them. */
export async function choosesBy(text: string, there = true): Promise<void> {
  const { guest } = await sharedTestbed();
  const listed = () => guest.agent.sh("ip netns exec balancer-a nft list chain ip balancer choose");
  await waitUntil(
    `a choice ${there ? "by" : "without"} ${text}`,
    async () => (await listed()).includes(text) === there,
    {
      ...LIMIT,
      evidence: listed,
    },
  );
}

/** What a machine's health page says from now on, check by check, and from the beginning again. */
export async function says(name: Name, ...statuses: (number | "slow")[]): Promise<void> {
  const { guest } = await sharedTestbed();
  await guest.agent.sh(
    `echo ${statuses.join(",")} >${HERE}/${name}.new && mv ${HERE}/${name}.new ${HERE}/${name}.statuses`,
  );
}

export interface Check {
  name: string;
  from: string;
  path: string;
  status: string;
}

/** Health checks that have reached a machine. */
export async function checks(machine: Name): Promise<Check[]> {
  const { guest } = await sharedTestbed();
  const log = await guest.agent.sh(`cat ${HERE}/health.log 2>/dev/null || true`);
  return log
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([name]) => name === machine)
    .map(([name, from, path, status]) => ({ name, from, path, status }) as Check);
}

/** Waits for `count` health checks of a machine, after the first `since`. @param since @default those until now */
export async function nextChecks(machine: Name, count: number, since?: number): Promise<Check[]> {
  const before = since ?? (await checks(machine)).length;
  const probe = async () => {
    const now = (await checks(machine)).slice(before);
    return now.length >= count && now.slice(0, count);
  };
  return await waitUntil(`${count} checks of ${machine}`, probe, LIMIT);
}
