/** The parts of a server. Packages are installed, and units enabled and started, in this order, but as part.ts says. */
import type { ServerPlan } from "../plan/plan.ts";
import { accounts } from "./accounts/part.ts";
import { administration } from "./administration/part.ts";
import { apply } from "./apply/part.ts";
import { firewall } from "./firewall/part.ts";
import { health } from "./health/part.ts";
import { irqbalance } from "./irqbalance/part.ts";
import { kernel } from "./kernel/part.ts";
import { nic } from "./nic/part.ts";
import type { Part } from "./part.ts";
import { ppp } from "./ppp/part.ts";
import { pppQueue } from "./ppp-queue/part.ts";
import { pptpd } from "./pptpd/part.ts";
import { readiness } from "./readiness/part.ts";
import { sysctl } from "./sysctl/part.ts";
import { time } from "./time/part.ts";

export const serverParts: Part<ServerPlan>[] = [
  kernel,
  pptpd,
  ppp,
  readiness,
  health,
  firewall,
  pppQueue,
  accounts,
  nic,
  irqbalance,
  sysctl,
  time,
  administration,
  apply,
];
