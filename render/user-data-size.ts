/** Machines whose user data EC2 would refuse, and what of the config makes it so large. */
import type { FleetPlan, Plan } from "../plan/plan.ts";
import type { Mistake } from "../settings/mistakes.ts";
import { renderGateway } from "./gateway.ts";
import { type RenderedMachine, renderServer } from "./server.ts";
import { USER_DATA_LIMIT } from "./user-data.ts";

/** What of a config has no bound that a machine's user data holds; all else together stays below it. */
interface Part {
  key: string;
  of(fleet: FleetPlan): string[];
  without(fleet: FleetPlan): FleetPlan;
  fix: string;
}

const PARTS: Part[] = [
  {
    key: "sshPublicKeys",
    of: (fleet) => fleet.sshPublicKeys,
    without: (fleet) => ({ ...fleet, sshPublicKeys: [] }),
    fix: "fewer pptp-fleet:sshPublicKeys, ssh-ed25519 in place of ssh-rsa: one of 4096 bits takes as much as a dozen of them",
  },
  {
    key: "egress.cidrs",
    of: (fleet) => fleet.egress.cidrs,
    without: (fleet) => ({ ...fleet, egress: { ...fleet.egress, cidrs: [] } }),
    fix: "fewer, larger pptp-fleet:egress.cidrs",
  },
];

export function userDataMistakes(plan: Plan, machines: RenderedMachine[]): Mistake[] {
  const largest = machines.reduce((a, b) => (b.userData.length > a.userData.length ? b : a));
  if (largest.userData.length <= USER_DATA_LIMIT) return [];
  const parts = PARTS.map((part) => ({
    ...part,
    count: part.of(plan.fleet).length,
    bytes: largest.userData.length - rendered({ ...plan, fleet: part.without(plan.fleet) }, largest.name),
  }))
    .filter(({ bytes }) => bytes > 0)
    .toSorted((a, b) => b.bytes - a.bytes);
  const shares = parts.map(({ key, count, bytes }) => `${count} ${key} take ${bytes}`);
  return [
    {
      key: parts[0]?.key ?? PARTS[0]!.key,
      value: `user data of ${largest.name}: ${largest.userData.length} bytes`,
      allowed: [`${USER_DATA_LIMIT} bytes, EC2's limit`, ...shares].join("; "),
      fix: parts.map(({ fix }) => fix).join("; "),
    },
  ];
}

/** Bytes of one machine's user data. */
function rendered(plan: Plan, name: string): number {
  const server = plan.servers.find((each) => each.name === name);
  if (server !== undefined) return renderServer(plan, server).userData.length;
  return renderGateway(plan, plan.gateways.find((each) => each.name === name)!).userData.length;
}
