/** The parts of a gateway. Packages are installed, and units enabled and started, in this order, but as part.ts says. */
import type { GatewayPlan } from "../plan/front-door/gateways.ts";
import { administration } from "./administration/part.ts";
import { apply } from "./apply/part.ts";
import { fastPath } from "./gateway-fast-path/part.ts";
import { forwarding } from "./gateway-forwarding/part.ts";
import { readiness } from "./gateway-readiness/part.ts";
import { sysctl } from "./gateway-sysctl/part.ts";
import type { Part } from "./part.ts";

export const gatewayParts: Part<GatewayPlan>[] = [
  forwarding,
  fastPath,
  readiness,
  sysctl,
  administration,
  apply,
];
