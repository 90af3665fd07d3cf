/** The gateways that are compared: one machine with the same kernel settings, and what each loads into it. */
import { recordedMachines, recordedPlan } from "../../offline/machines.ts";
import { runProgram } from "../../offline/program.ts";
import type { GatewayPlan } from "../../plan/front-door/gateways.ts";
import { CONTROL } from "../../protocols/pptp/flows.ts";
import type { MachineFile } from "../../render/overlay.ts";

/**
 * `plain`: forwards what it is given, without a rule, and is given packets that are addressed rightly.
 * `nat`: does a gateway's work by connection tracking. `ours`: what the program puts on a gateway.
 */
export const VARIANTS = ["plain", "nat", "ours"] as const;
export type Variant = (typeof VARIANTS)[number];

export interface Gateway {
  plan: GatewayPlan;
  files: MachineFile[];
}

/** The first gateway of a stack that says only what it must; its map has all servers that the zone can ever hold. */
export async function defaultGateway(): Promise<Gateway> {
  const config = {
    "aws:region": "eu-west-1",
    "pptp-fleet:allowedCidrs": '["198.18.0.0/15"]',
    "pptp-fleet:frontDoor": "nlb",
    // Reaches no file: accounts come from AWS.
    "pptp-fleet:users": '[{"name":"bench","password":"bench-secret"}]',
  };
  const run = await runProgram({ stack: "bench", config, secretKeys: ["pptp-fleet:users"] });
  const plan = recordedPlan(run).gateways[0]!;
  const machine = recordedMachines(run).find(({ name }) => name === plan.name)!;
  return { plan, files: machine.bundle.files };
}

/** What makes a forwarding machine the variant: a shell script, run where the address and the route are there. */
export function script(variant: Variant, plan: GatewayPlan, own: string): string {
  switch (variant) {
    case "plain":
      return FORWARD;
    case "nat":
      return `${FORWARD}nft -f - <<'END'\n${natRules(plan, own)}END\n`;
    case "ours":
      return "pptp-fleet-gateway open\n";
    default:
      return variant satisfies never;
  }
}

const FORWARD = "sysctl -qw net.ipv4.ip_forward=1\n";

/**
 * As a NAT instance would do it: destinations are chosen for the first packet of a flow, remembered, and undone in
 * its answers. GRE is known by its addresses alone, so a client has one server for all its calls; and DF stays.
 */
export function natRules({ serversCidr, balancerAddress, servers }: GatewayPlan, own: string): string {
  const ranges = servers.map(({ first, last, address }) => `${first}-${last} : ${address}`);
  return `table ip nat {
	map server_of_call {
		typeof @th,48,16 : ip daddr
		flags interval
		elements = { ${ranges.join(", ")} }
	}
	chain prerouting {
		type nat hook prerouting priority dstnat; policy accept;
		ip daddr ${own} tcp dport ${CONTROL.port} dnat to ${balancerAddress}
		ip daddr ${own} ip protocol gre dnat to @th,48,16 map @server_of_call
	}
	chain postrouting {
		type nat hook postrouting priority srcnat; policy accept;
		ip saddr ${serversCidr} masquerade
	}
	chain forward {
		type filter hook forward priority filter; policy drop;
		ct state established,related accept
		ct status dnat accept
		ip saddr ${serversCidr} accept
	}
}
`;
}
