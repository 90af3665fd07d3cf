/** The balancer: its settings, and the targets that it has. Pure. */
import { HEALTH_PORT } from "../../plan/front-door/health.ts";
import type { BalancedFlow } from "../../protocols/protocol.ts";
import { balancedFlows, protocols } from "../../protocols/protocols.ts";
import type { Leg } from "../legs/legs.ts";
import type { Balancer, Fault, Inventory, TargetGroup } from "./inventory.ts";
import { isNlb, named, serversOf } from "./judge-network.ts";

const BACK = "`pulumi up --refresh` puts it back";

export function balancerFaults(inventory: Inventory): Fault[] {
  if (!isNlb(inventory)) return [];
  const { balancer } = inventory;
  if (!balancer)
    return [
      {
        id: "no-balancer",
        resource: `stack ${inventory.stack}`,
        wrong: "it has gateways and no balancer",
        fix: "`pulumi up` makes it",
        leg: "tcp",
      },
    ];
  return [
    ...ownFaults(balancer),
    ...balancedFlows(protocols).flatMap((flow) => flowFaults(inventory, balancer, flow)),
  ];
}

function flowFaults(inventory: Inventory, balancer: Balancer, flow: BalancedFlow<Leg>): Fault[] {
  const listener = balancer.listeners.find(
    ({ protocol, port }) => protocol === flow.protocol.toUpperCase() && port === flow.port,
  );
  const group = balancer.targetGroups.find(({ name }) => name === listener?.targetGroup);
  return group ? groupFaults(inventory, group, flow) : [noListener(balancer, flow)];
}

function ownFaults({ name, scheme, state, crossZone }: Balancer): Fault[] {
  const resource = `balancer ${name}`;
  const fault = (id: string, wrong: string, leg: Leg): Fault => ({ id, resource, wrong, fix: BACK, leg });
  return [
    ...(scheme === "internal"
      ? []
      : [fault("scheme", `it is ${scheme}: clients of a gateway need an internal one`, "tcp")]),
    ...(state === "active" ? [] : [fault("balancer-state", `it is ${state}, not active`, "tcp")]),
    ...(crossZone ? [fault("cross-zone", CROSS_ZONE, "greOut")] : []),
  ];
}

/** A server answers GRE by its own zone's gateway, and another zone has another server of the same call IDs. */
const CROSS_ZONE = "cross-zone balancing is on: a dial may end in a zone that its GRE never reaches";

function noListener({ name }: Balancer, { title, legs }: BalancedFlow<Leg>): Fault {
  return {
    id: "no-listener",
    resource: `balancer ${name}`,
    wrong: `no listener for ${title} leads to a target group of its own`,
    fix: BACK,
    leg: legs.there,
  };
}

/** Attributes of the target group: what must not be, and what it breaks. */
const ATTRIBUTES: { id: string; wrong: string; leg?: Leg; if: (a: Record<string, string>) => boolean }[] = [
  {
    id: "target-cross-zone",
    wrong: `${CROSS_ZONE} (it overrides the balancer)`,
    leg: "greOut",
    if: (a) => a["load_balancing.cross_zone.enabled"] === "true",
  },
  {
    id: "client-address",
    wrong: "the client's address is not kept: the server sends its GRE to the balancer",
    leg: "greOut",
    // AWS's default for targets by address is not to.
    if: (a) => a["preserve_client_ip.enabled"] !== "true",
  },
  {
    id: "proxy-protocol",
    wrong: "proxy protocol is on: pptpd takes its header for a broken message",
    leg: "control",
    if: (a) => a["proxy_protocol_v2.enabled"] === "true",
  },
  {
    id: "stickiness",
    wrong: "stickiness by source address is off: a client's dials go to any server (no tunnel breaks by it)",
    if: (a) => a["stickiness.enabled"] !== "true" || a["stickiness.type"] !== "source_ip",
  },
  {
    id: "unhealthy-termination",
    wrong: "a target that turns unhealthy loses its connections: a server that is full drops everybody",
    // AWS's default is to end them.
    if: (a) => a["target_health_state.unhealthy.connection_termination.enabled"] !== "false",
  },
  {
    id: "deregistration-termination",
    wrong: "a target that is taken out loses its connections at the end of its delay",
    if: (a) => a["deregistration_delay.connection_termination.enabled"] === "true",
  },
];

function groupFaults(inventory: Inventory, group: TargetGroup, flow: BalancedFlow<Leg>): Fault[] {
  const resource = `target group ${group.name}`;
  const { protocol, port } = group.check;
  const rightCheck = protocol === "HTTP" && port === `${HEALTH_PORT}`;
  return [
    ...ATTRIBUTES.filter((each) => each.if(group.attributes)).map(({ id, wrong, leg }) => ({
      ...{ id, resource, wrong, fix: BACK },
      ...(leg === undefined ? {} : { leg }),
    })),
    ...(rightCheck
      ? []
      : [
          {
            id: "health-check",
            resource,
            wrong: `it checks ${protocol} on port ${port}, and servers answer HTTP on ${HEALTH_PORT}: all look dead, and the balancer dials dead ones too`,
            fix: BACK,
          },
        ]),
    ...targetFaults(inventory, group, flow),
  ];
}

function targetFaults(inventory: Inventory, group: TargetGroup, flow: BalancedFlow<Leg>): Fault[] {
  const servers = serversOf(inventory);
  const missing = servers.filter(
    (server) => !group.targets.some(({ address, port }) => address === server.address && port === flow.port),
  );
  // `initial` ends by itself, `draining` was asked for.
  const dead = group.targets.filter(({ state }) => !["healthy", "initial", "draining"].includes(state));
  const all = dead.length > 0 && dead.length === group.targets.length;
  return [
    ...missing.map(
      (server): Fault => ({
        id: "not-registered",
        resource: named(server),
        wrong: `${group.name} has no target ${server.address}:${flow.port}: it gets no dials`,
        fix: BACK,
        ...(missing.length === servers.length ? { leg: flow.legs.there } : {}),
      }),
    ),
    ...dead.map(({ address, state, reason }): Fault => {
      const server = servers.find((each) => each.address === address);
      return {
        id: "unhealthy",
        resource: server ? named(server) : `target ${address} of ${group.name}`,
        wrong: `it is ${state}: ${reason || "no reason given"}`,
        fix: server
          ? `ask it: curl -i http://${address}:${HEALTH_PORT}/ on the server says why`
          : "no server of the stack has this address: `pulumi up --refresh`",
        // With one healthy target the balancer leads dials there.
        ...(all ? { leg: "control" as const } : {}),
      };
    }),
  ];
}
