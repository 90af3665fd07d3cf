/**
 * What docs/tunings.md says of the kernel's own defaults, read on Debian 13's kernel where nothing of ours is: the
 * client's machine. Not what goes by the machine's memory, nor what systemd or pppd sets.
 */
import { beforeAll, expect, test } from "vitest";
import { wholeMachine } from "../../../lab/accel.ts";
import { tunings } from "../../../plan/tunings.ts";
import { onClient, sharedLab } from "../shared-lab.ts";

const BY_MEMORY = ["net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"];
const plain = [...tunings.values()].filter(
  ({ sets, own }) =>
    /^(net|fs)\.[a-z0-9_.]+$/.test(sets) && /^[a-z0-9 ]+$/.test(own) && !BY_MEMORY.includes(sets),
);

beforeAll(async () => {
  await sharedLab(wholeMachine);
});

test("there are sysctls to look at", () => expect(plain.length).toBeGreaterThan(10));

test.each(plain.map(({ sets, own }) => [sets, own]))("%s is %s", async (sets, own) => {
  // conntrack's are there once it is.
  const value = await onClient(`modprobe nf_conntrack; cat /proc/sys/${sets!.replaceAll(".", "/")}`);
  expect(value.trim().replaceAll("\t", " ")).toBe(own);
});
