/** Network cards: queues, interrupts, offloads. udev starts a unit for each. */
import type { ServerPlan } from "../../plan/plan.ts";
import { part } from "../part.ts";

const CARDS = { restart: "pptp-fleet-nic@*.service" };

export const nic = part<ServerPlan>(import.meta.dirname, {
  files: {
    "/etc/systemd/system/pptp-fleet-nic@.service": CARDS,
    "/etc/udev/rules.d/90-pptp-fleet-nic.rules": { reload: "systemd-udevd.service" },
    "/usr/local/sbin/pptp-fleet-nic": CARDS,
  },
  packages: () => ["iproute2", "ethtool"],
  facts: ({ fleet: { nic } }) => ({
    nic: {
      ...nic,
      ...switches({ rps: nic.rps, xps: nic.xps, gro: nic.gro, gso: nic.gso, tso: nic.tso }),
    },
  }),
});

/** Switches in the words of ethtool. */
function switches<T extends Record<string, boolean>>(set: T): Record<keyof T, "on" | "off"> {
  return Object.fromEntries(Object.entries(set).map(([name, on]) => [name, on ? "on" : "off"])) as Record<
    keyof T,
    "on" | "off"
  >;
}
