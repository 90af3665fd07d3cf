/** A recorded run as a person reads it. */
import { isDeepStrictEqual } from "node:util";
import type { GatewayPlan } from "../plan/front-door/gateways.ts";
import type { Plan } from "../plan/plan.ts";
import { chainText } from "../plan/tunnel/timers.ts";
import { ARRIVALS, bundleChange } from "../render/bundle-change.ts";
import type { RecordedMachine } from "./machines.ts";
import type { RecordedResource } from "./program.ts";

/** Resources under their parents, one a line, in the order of registration. */
export function resourceTree(resources: RecordedResource[]): string {
  const children = Map.groupBy(resources, (resource) => resource.parent);
  const lines = (parent: string, indent: string): string[] => {
    const nodes = children.get(parent) ?? [];
    return nodes.flatMap((node, i) => {
      const last = i === nodes.length - 1;
      return [
        `${indent}${last ? "└─" : "├─"} ${node.type}  ${node.name}`,
        ...lines(node.urn, `${indent}${last ? "   " : "│  "}`),
      ];
    });
  };
  return lines("", "").join("\n");
}

/** The plan: the fleet in a few lines, then one line a server, and one a gateway. */
export function planText({ fleet, servers, gateways }: Plan): string {
  const { sizes, timers } = fleet;
  const rows = servers.map((server) => [
    server.name,
    server.zone,
    server.privateAddress,
    server.clientPool.share,
    `${server.callIds.first}-${server.callIds.last}`,
  ]);
  return [
    `${servers.length} × ${fleet.instanceType} (${fleet.architecture}, ${fleet.amiId}) in ${fleet.region}, front door ${fleet.frontDoor}`,
    `up to ${servers.length * fleet.sessionsPerServer} sessions, ${fleet.sessionsPerServer} a server; ${fleet.accounts} accounts in ${fleet.accountsSecret}`,
    `may dial: ${fleet.allowedCidrs.join(", ")}; may administer: ${fleet.adminCidrs.join(", ") || "nobody"}`,
    `path MTU ${sizes.pathMtu} − overhead ${sizes.overhead} = interface ${sizes.interfaceMtu}; pppd mtu ${sizes.pppMtu}, mru ${sizes.pppMru}; MSS ${sizes.mss}`,
    ...timers.chains.map(chainText),
    "",
    table(["server", "zone", "address", "clients", "call IDs"], rows),
    ...(gateways.length === 0 ? [] : ["", gatewaysText(gateways)]),
  ].join("\n");
}

function gatewaysText(gateways: GatewayPlan[]): string {
  const rows = gateways.map(({ name, zone, subnetCidr, balancerAddress, servers }) => [
    name,
    zone,
    subnetCidr,
    balancerAddress,
    String(servers.length),
  ]);
  return table(["gateway", "zone", "subnet", "balancer", "servers at most"], rows);
}

/** Which servers another config keeps, ends and makes; undefined where it has the same ones. */
export function serversText(before: Plan, after: Plan): string | undefined {
  const [old, next] = [before, after].map(({ servers }) => servers.map(({ name }) => name)) as [
    string[],
    string[],
  ];
  const goes = old.filter((name) => !next.includes(name));
  const comes = next.filter((name) => !old.includes(name));
  if (goes.length === 0 && comes.length === 0) return undefined;
  const list = (names: string[]) => names.join(", ") || "none";
  const stays = old.filter((name) => next.includes(name));
  return `servers against the stack's file: ${list(stays)} stay; ${list(goes)} go${goes.length === 0 ? "" : ", with their sessions"}; ${list(comes)} come`;
}

/**
 * How another config reaches the machines that it keeps, and what of it; undefined where it changes none of them. Machines with
 * the same change share a line.
 */
export function machinesText(before: RecordedMachine[], after: RecordedMachine[]): string | undefined {
  const old = new Map(before.map((machine) => [machine.name, machine]));
  const changes = after
    .filter(({ name }) => old.has(name))
    .map((machine) => ({ name: machine.name, text: changeText(old.get(machine.name)!, machine) }))
    .filter(({ text }) => text !== "");
  if (changes.length === 0) return undefined;
  const lines = [...Map.groupBy(changes, ({ text }) => text)].map(
    ([text, machines]) => `${machines.map(({ name }) => name).join(", ")}: ${text}`,
  );
  return ["machines against the stack's file, where pulumi preview does not replace them:", ...lines].join(
    "\n",
  );
}

/** Of the instance itself, `pulumi preview` alone knows what AWS's provider does about it. */
function changeText(before: RecordedMachine, after: RecordedMachine): string {
  const inputs = Object.keys({ ...before.instance, ...after.instance }).filter(
    (key) => !isDeepStrictEqual(before.instance[key], after.instance[key]),
  );
  const { arrivals, held } = bundleChange(before.bundle, after.bundle);
  return [
    ...(inputs.length === 0
      ? []
      : [`the instance itself (pulumi preview says how): ${inputs.sort().join(", ")}`]),
    ...ARRIVALS.filter((arrival) => arrival in arrivals).map(
      (arrival) => `${arrival}: ${arrivals[arrival]!.join(", ")}`,
    ),
    ...(held.length === 0 ? [] : [`with that: ${held.join(", ")}`]),
  ].join("; ");
}

/** What each machine is started with, and what it fetches. */
export function sizesText(machines: RecordedMachine[]): string {
  const rows = machines.map(({ name, userData, packed, files }) =>
    [name, userData.length, packed.length, files.length].map(String),
  );
  return table(["machine", "user data, bytes", "bundle, bytes", "files"], rows);
}

/** Columns as wide as their widest cell. */
export function table(head: string[], rows: string[][]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
