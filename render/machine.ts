/** From the plan to a machine's bundle, and to the user data by which it gets it. */
import type { GatewayPlan } from "../plan/front-door/gateways.ts";
import type { FleetPlan, Plan, ServerPlan } from "../plan/plan.ts";
import { gatewayParts } from "../templates/gateway.ts";
import { serverParts } from "../templates/server.ts";
import { bootstrap } from "./bootstrap.ts";
import {
  type Bundle,
  type BundlePackage,
  type MachineKind,
  type PackedBundle,
  packBundle,
} from "./bundle.ts";
import { type Assembled, readParts } from "./parts.ts";
import { cloudConfig, userData } from "./user-data.ts";

/** What a machine is started with, and what it is to become. */
export interface RenderedMachine {
  /** In the plan: `a-1`, `gateway-a`. */
  name: string;
  /** The bytes for EC2: gzip. */
  userData: Buffer;
  /** The document, and its bytes for S3. */
  bundle: Bundle;
  packed: PackedBundle;
}

const serversParts = readParts(serverParts);
const gatewaysParts = readParts(gatewayParts);

export function renderServer({ fleet }: Plan, server: ServerPlan): RenderedMachine {
  return rendered("server", fleet, server.name, serversParts(fleet, server));
}

export function renderGateway({ fleet }: Plan, gateway: GatewayPlan): RenderedMachine {
  return rendered("gateway", fleet, gateway.name, gatewaysParts(fleet, gateway));
}

/**
 * Seconds. A server's health check, its ready unit and a first LCP echo have all spoken by then; a gateway says at once
 * whether it forwards.
 */
const WATCH: Record<MachineKind, number> = { server: 30, gateway: 10 };

function rendered(
  kind: MachineKind,
  fleet: FleetPlan,
  name: string,
  { bootCommands, packages, ...parts }: Assembled,
): RenderedMachine {
  const bundle: Bundle = {
    format: 1,
    machine: name,
    kind,
    ...parts,
    packages: versioned(packages, fleet.packageVersions),
    watch: WATCH[kind],
  };
  return {
    name,
    userData: userData(cloudConfig(bootstrap({ bucket: fleet.bucket.name, machine: name }, bootCommands))),
    bundle,
    packed: packBundle(bundle),
  };
}

/** Those that parts need, in their order; then what else has a version: the image's own, and what these bring along. */
function versioned(needed: string[], versions: Record<string, string>): BundlePackage[] {
  const others = Object.keys(versions).filter((name) => !needed.includes(name));
  return [
    ...needed.map((name) => ({
      name,
      ...(Object.hasOwn(versions, name) ? { version: versions[name]! } : {}),
    })),
    ...others.map((name) => ({ name, version: versions[name]!, ifInstalled: true as const })),
  ];
}
