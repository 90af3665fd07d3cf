/** Rules between the members of groups: what contradicts each other is refused by name. */

import { limits } from "../groups/limits.ts";
import { parseCidr } from "../ipv4.ts";
import { NAMESPACE, remove, setPath } from "../keys/facts.ts";
import { isPrivate, PRIVATE_SPACE } from "../keys/networks.ts";
import type { CrossRule } from "./rule.ts";

/** What only a tracked GRE has. */
const TRACK_ONLY = ["helper", "greTimeout", "greTimeoutStream"] as const;

/** Sockets' buffers: what one has by itself, and what it may have at most. */
const BUFFERS = [
  ["rmemDefault", "rmemMax"],
  ["wmemDefault", "wmemMax"],
] as const;

const { halfOpenPerSource: USUAL_HALF_OPEN } = limits.parse({});

const isPublic = (address: string): boolean => !isPrivate(parseCidr(`${address}/32`));

/** Rules between members of groups, and between these and other keys. */
export const groupRules: CrossRule[] = [
  ...TRACK_ONLY.map(
    (member): CrossRule => ({
      keys: ["conntrack"],
      judge: ({ conntrack }) =>
        conntrack.mode === "track" || conntrack[member] === undefined
          ? undefined
          : {
              key: "conntrack",
              member,
              allowed: `no ${member} beside conntrack.mode ${conntrack.mode}: GRE that is not tracked has neither helper nor timeout`,
              fix: `${remove(`conntrack.${member}`)}, or ${setPath("conntrack.mode", "track")}`,
            },
    }),
  ),
  {
    keys: ["ppp"],
    judge: ({ ppp }) =>
      ppp.mppe === "128" || ppp.trafficMayBeRead
        ? undefined
        : {
            key: "ppp",
            member: "mppe",
            allowed: `128, unless ppp.trafficMayBeRead says that ${ppp.mppe === "40" ? "a key tried out in seconds" : "traffic in the clear"} is accepted`,
            fix: `${setPath("ppp.mppe", "128")}, or ${setPath("ppp.trafficMayBeRead", "true")}`,
          },
  },
  {
    keys: ["limits"],
    judge: ({ limits }) =>
      limits.halfOpenPerSource <= limits.halfOpen
        ? undefined
        : {
            key: "limits",
            member: "halfOpenPerSource",
            allowed: `at most limits.halfOpen, ${limits.halfOpen}: one address cannot have more than all together`,
            fix: setPath("limits.halfOpen", String(limits.halfOpenPerSource)),
          },
  },
  ...BUFFERS.map(
    ([usual, most]): CrossRule => ({
      keys: ["kernel"],
      judge: ({ kernel }) =>
        kernel[usual] <= kernel[most]
          ? undefined
          : {
              key: "kernel",
              member: usual,
              allowed: `at most kernel.${most}, ${kernel[most]}: no program could ask for what each socket has`,
              fix: `${setPath(`kernel.${most}`, String(kernel[usual]))}, or ${setPath(`kernel.${usual}`, String(kernel[most]))}`,
            },
    }),
  ),
  {
    keys: ["limits", "sessionsPerServer"],
    judge: ({ limits: { connectionsPerSource = 0 }, sessionsPerServer }) =>
      connectionsPerSource <= sessionsPerServer
        ? undefined
        : {
            key: "limits",
            member: "connectionsPerSource",
            allowed: `at most sessionsPerServer, ${sessionsPerServer}: a server that is full has nothing for one more connection`,
            fix: remove("limits.connectionsPerSource"),
          },
  },
  {
    keys: ["limits", "sessionsPerServer"],
    judge: ({ limits, sessionsPerServer }) => {
      const connections = Math.min(limits.connectionsPerSource ?? sessionsPerServer, sessionsPerServer);
      const bound =
        limits.connectionsPerSource === connections ? "limits.connectionsPerSource" : "sessionsPerServer";
      // The default counts as unset: fewer connections are a bound that is met before it.
      return limits.halfOpenPerSource <= Math.max(connections, USUAL_HALF_OPEN)
        ? undefined
        : {
            key: "limits",
            member: "halfOpenPerSource",
            allowed: `at most ${Math.max(connections, USUAL_HALF_OPEN)} beside ${bound} ${connections}: one address has no more connections that could be silent`,
            fix: setPath("limits.halfOpenPerSource", String(Math.max(connections, USUAL_HALF_OPEN))),
          };
    },
  },
  {
    keys: ["egress"],
    judge: ({ egress }) =>
      egress.mode !== "none" || egress.cidrs.length === 0
        ? undefined
        : {
            key: "egress",
            member: "cidrs",
            allowed: "no CIDRs beside egress.mode none: clients reach nothing",
            fix: `${remove("egress.cidrs")}, or ${setPath("egress.mode", "nat")}`,
          },
  },
  {
    keys: ["egress"],
    judge: ({ egress: { mode, cidrs } }) => {
      const wide = mode === "routed" ? cidrs.find((cidr) => !isPrivate(parseCidr(cidr))) : undefined;
      return wide === undefined
        ? undefined
        : {
            key: "egress",
            member: "cidrs",
            allowed: `networks ${PRIVATE_SPACE} where egress.mode is routed, and ${wide} is not: routed clients keep private addresses, which the internet has no way to, and AWS's internet gateway drops what comes from one`,
            fix: `${setPath("egress.mode", "nat")}, or ${remove("egress.cidrs")} for the VPC alone`,
          };
    },
  },
  {
    keys: ["egress", "dns", "frontDoor"],
    judge: ({ egress, dns, frontDoor }) => {
      // A gateway translates what its servers and their clients send to the internet.
      const far = egress.mode === "routed" && frontDoor === "eip" ? dns.find(isPublic) : undefined;
      return far === undefined
        ? undefined
        : {
            key: "dns",
            allowed: `resolvers ${PRIVATE_SPACE} beside egress.mode routed and frontDoor eip, and ${far} is not: routed clients keep private addresses, and AWS's internet gateway drops what comes from one`,
            fix: `pulumi config rm ${NAMESPACE}:dns, or ${setPath("egress.mode", "nat")}`,
          };
    },
  },
  {
    keys: ["egress", "dns"],
    judge: ({ egress, dns }) =>
      egress.mode !== "none" || dns.length === 0
        ? undefined
        : {
            key: "dns",
            allowed: "no resolvers beside egress.mode none: no client could ask them",
            fix: `pulumi config rm ${NAMESPACE}:dns, or ${setPath("egress.mode", "nat")}`,
          },
  },
  {
    keys: ["egress", "vpcId"],
    judge: ({ egress, vpcId }) =>
      egress.routeTableIds.length === 0 || (egress.mode === "routed" && vpcId !== undefined)
        ? undefined
        : {
            key: "egress",
            member: "routeTableIds",
            allowed:
              "no route tables without egress.mode routed and vpcId: a VPC of our own has its own table",
            fix: remove("egress.routeTableIds"),
          },
  },
  {
    keys: ["egress", "vpcId"],
    judge: ({ egress, vpcId }) =>
      egress.mode !== "routed" || vpcId === undefined || egress.routeTableIds.length > 0
        ? undefined
        : {
            key: "egress",
            member: "routeTableIds",
            allowed:
              "one or more route tables of vpcId where egress.mode is routed: nothing would find the clients",
            fix: setPath("egress.routeTableIds[0]", "rtb-0123456789abcdef0"),
          },
  },
];
