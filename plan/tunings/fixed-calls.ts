/** What each server needs so that the gateway and the balancer find it, whatever the config. */
import { CALL_ID_RANGE, CALL_IDS_PER_SERVER } from "../../protocols/pptp/call-ids.ts";
import type { FixedTuning } from "./fixed-tuning.ts";

/** By name; part of `fixed`. */
export const fixedOfCalls = {
  callIds: {
    sets: "call IDs that pptpd hands out",
    value: `${CALL_IDS_PER_SERVER}: every second one of the server's own ${CALL_ID_RANGE}`,
    own: "any, also one that a live session has",
    why: "The gateway finds a server by the call ID in each GRE packet, so each has a range; and one that a live session of the same address has would end it. Every second one: pptpctrl gives the next to a further call of one connection.",
    costs: "a shell and a lock for each dial",
    traps: ["call-id-of-a-live-session"],
    source: "RFC 2637, 4.1; pptpctrl's numbers for two calls of one connection, measured",
    test: "lab/server/sessions/call-ids.test.ts: are of the server's own range, and no two live sessions share one",
  },
  callTitle: {
    sets: "path under which pptpctrl runs",
    value: "52 bytes",
    own: "50 bytes",
    why: "pptpctrl writes who is connected over its own name, and has no more room.",
    costs: "nothing",
    traps: ["title-in-argv"],
    source: "pptpd pads the name that it starts it under",
    test: "lab/server/sessions/call-ids.test.ts: stand in the title of the session's process",
  },
  healthLog: {
    sets: "LogFilterPatterns of pptpd.service",
    value: "~Client 127.0.0.1 control connection|Reaping child PPP.0.",
    own: "none",
    why: "pptpctrl logs each health check as a connection, in three lines.",
    costs: "nothing",
    source: "systemd.exec(5)",
    test: "lab/server/health.test.ts: leaves no line in the journal",
  },
} satisfies Record<string, FixedTuning>;
