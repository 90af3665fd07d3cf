/** All faults of an inventory, in the order in which a person should look at them, and what there is to know beside. */
import { LEGS, type Leg, ORDER } from "../legs/legs.ts";
import type { Fault, Inventory } from "./inventory.ts";
import { balancerFaults } from "./judge-balancer.ts";
import { groupFaults } from "./judge-groups.ts";
import { machineFaults, networkFaults } from "./judge-network.ts";
import { reportFaults } from "./judge-reports.ts";

export { reportNotes as notes } from "./judge-reports.ts";

/** What is known beside the account. */
export interface Known {
  /** The client's public address. */
  from?: string | undefined;
  /** The address that was dialled. */
  dialled?: string | undefined;
}

export function judge(inventory: Inventory, known: Known = {}): Fault[] {
  return [
    ...machineFaults(inventory, known.dialled),
    ...reportFaults(inventory),
    ...networkFaults(inventory),
    ...groupFaults(inventory, known.from),
    ...balancerFaults(inventory),
  ];
}

/** First what breaks the leg that failed, then by leg, last what breaks none. */
export function faultsFirst(inventory: Inventory, known: Known & { failed?: Leg | undefined }): Fault[] {
  const rank = ({ leg }: Fault) => {
    if (leg === undefined) return ORDER.length;
    return sameLeg(leg, known.failed) ? -1 : ORDER.indexOf(leg);
  };
  return judge(inventory, known).toSorted((a, b) => rank(a) - rank(b));
}

/** From the client's end GRE out and GRE back look the same: nothing comes. */
function sameLeg(a: Leg, b: Leg | undefined): boolean {
  const side = (leg: Leg) => (leg === "greOut" || leg === "greBack" ? "GRE" : LEGS[leg]);
  return b !== undefined && side(a) === side(b);
}
