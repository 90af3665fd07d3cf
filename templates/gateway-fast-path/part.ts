/** GRE of the usual kind, passed on as it comes in from the card. Without it all takes the long way. */
import type { GatewayPlan } from "../../plan/front-door/gateways.ts";
import { POSITION_MASK } from "../../protocols/pptp/call-ids.ts";
import { part } from "../part.ts";

export const fastPath = part<GatewayPlan>(import.meta.dirname, {
  files: { "/etc/pptp-fleet/fast.nft": { reload: "pptp-fleet-gateway.service" } },
  facts: ({ machine: { serversCidr, servers } }) => ({
    ...{ serversCidr, servers },
    positionMask: `0x${POSITION_MASK.toString(16)}`,
  }),
});
