/** PPTP is two flows to one address: its control connection, and its packets in GRE (RFC 2637). */
import type { BalancedFlow, ForwardedFlow } from "../protocol.ts";

/** The server's port (RFC 2637, 3.1.3). */
const PORT = 1723;

/** The control connection. */
export const CONTROL = {
  name: "control",
  carries: "PPTP control",
  title: `TCP ${PORT}`,
  by: "balancer",
  protocol: "tcp",
  port: PORT,
  clientPorts: [1024, 65535],
  legs: { there: "tcp", back: "tcp" },
} as const satisfies BalancedFlow;

/** Generic Routing Encapsulation, IP protocol 47 (RFC 2637, 4). The call ID in each packet names the server. */
export const GRE = {
  name: "gre",
  carries: "PPTP tunnels",
  title: "GRE",
  by: "gateway",
  protocol: 47,
  legs: { there: "greOut", back: "greBack" },
} as const satisfies ForwardedFlow;
