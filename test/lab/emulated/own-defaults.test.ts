/**
 * What docs/tunings.md says of the kernel's own defaults, read on Debian 13's kernel where no sysctl of ours is
 * (nic-guest.ts). Not what goes by the machine's memory, nor what systemd or pppd sets.
 */
import { beforeAll, expect, test } from "vitest";
import type { Guest } from "../../../lab/guest/guest.ts";
import { tunings } from "../../../plan/tunings/tunings.ts";
import { sharedNicGuest } from "./nic-guest.ts";

const BY_MEMORY = ["net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"];
const plain = [...tunings.values()].filter(
  ({ sets, own }) =>
    /^(net|fs)\.[a-z0-9_.]+$/.test(sets) && /^[a-z0-9 ]+$/.test(own) && !BY_MEMORY.includes(sets),
);

let guest: Guest;
beforeAll(async () => {
  guest = await sharedNicGuest();
});

test("there are sysctls to look at", () => expect(plain.length).toBeGreaterThan(10));

test.each(plain.map(({ sets, own }) => [sets, own]))("%s is %s", async (sets, own) => {
  // conntrack's are there once it is.
  const value = await guest.agent.sh(`modprobe nf_conntrack; cat /proc/sys/${sets!.replaceAll(".", "/")}`);
  expect(value.trim().replaceAll("\t", " ")).toBe(own);
});
