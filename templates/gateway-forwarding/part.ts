/** What goes through a zone's gateway: PPTP's control connection to the balancer, GRE to the servers, and the servers' way out. */
import type { GatewayPlan } from "../../plan/front-door/gateways.ts";
import { fixedValues } from "../../plan/tunings/fixed.ts";
import { CONTROL, GRE } from "../../protocols/pptp/flows.ts";
import { part } from "../part.ts";

const SHUT = "pptp-fleet-shut.service";
const OPEN = "pptp-fleet-gateway.service";

/**
 * Clients may be led here already, and there is no nft yet: the kernel would answer their GRE with an ICMP error and
 * their TCP with a reset, and either ends a tunnel (traps: icmp-error-ends-tunnel). Routing rules need no package: what
 * finds no route, where nothing is forwarded, is dropped without a word. `pptp-fleet-gateway shut` takes them away.
 */
const SILENCE = `ip rule add pref 1 ipproto ${GRE.protocol} type blackhole
ip rule add pref 2 ipproto tcp dport ${CONTROL.port} type blackhole
ip rule add pref 3 lookup local
ip rule del pref 0`;

export const forwarding = part<GatewayPlan>(import.meta.dirname, {
  files: {
    "/etc/pptp-fleet/gateway.nft": { reload: OPEN },
    [`/etc/systemd/system/${OPEN}`]: { restart: OPEN },
    // A restart would shut the door.
    [`/etc/systemd/system/${SHUT}`]: "nothing",
    "/usr/local/sbin/pptp-fleet-gateway": { reload: OPEN },
  },
  packages: () => ["nftables"],
  // Debian's unit would flush these rules when it stops.
  masks: ["nftables.service"],
  units: [
    { name: SHUT, start: "first" },
    { name: OPEN, start: "queued" },
  ],
  bootCommands: [{ name: "pptp-fleet-silence", script: SILENCE }],
  facts: ({ fleet, machine: { zone, serversCidr, balancerAddress, servers, own, services } }) => ({
    ...{ zone, serversCidr, balancerAddress, servers, own, services },
    fixed: fixedValues,
    controlPort: CONTROL.port,
    aboveControlPort: CONTROL.port + 1,
    administered: fleet.sshPublicKeys.length > 0,
  }),
});
