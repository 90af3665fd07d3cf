/** The legs of a dial by PPTP, in order. */
import { CONTROL } from "./flows.ts";

/** Each leg's title by its name: `tcp` is `TCP 1723`. */
export const LEGS = {
  name: "name",
  tcp: CONTROL.title,
  control: "control connection",
  call: "call",
  greOut: "GRE out",
  greBack: "GRE back",
  lcp: "LCP",
  auth: "authentication",
  mppe: "MPPE",
  address: "address",
  ping: "inner ping",
  largest: "largest packet",
} as const;
