/** What config says of packages, held against what Debian has. */
import type { Architecture } from "../../plan/place/aws-facts.ts";
import type { Bundle, MachineKind } from "../../render/bundle.ts";
import { type Archive, SUITES } from "./archive.ts";
import { compareVersions, newest } from "./compare.ts";
import { type DebianArchitecture, imagePackages, wantsReboot } from "./image-packages.ts";

export const DEBIAN: Record<Architecture, DebianArchitecture> = { x86_64: "amd64", arm64: "arm64" };

/** A package that is looked up. */
export interface Looked {
  name: string;
  /** Whose parts need it; none for what the image brings, and for what config alone names. */
  on: MachineKind[];
  /** Why an update of it counts. */
  why: string;
}

export interface Update extends Looked {
  /** Config's version. */
  config?: string;
  /** The newest that Debian has. */
  debian?: string;
  /** Whether a version that is newer than config's is among the security updates; without one in config, whether the newest is. */
  security: boolean;
  /**
   * - `newer`: Debian has a newer version than config
   * - `same`: config names the newest
   * - `unnamed`: config names none, so machines keep what they have
   * - `unheard`: config's version is newer than all that Debian has
   * - `unknown`: Debian has no such package
   */
  state: "newer" | "same" | "unnamed" | "unheard" | "unknown";
  /** Whether Debian's mirrors still have config's version: a machine without it gets the newest otherwise. */
  gone: boolean;
  /** What a change of it waits for on a running machine. */
  waits: string;
}

/** Parts' packages in their order, then the image's, then what config alone names; each once. */
export function lookedUp(
  bundles: Pick<Bundle, "kind" | "packages">[],
  architecture: DebianArchitecture,
  versions: Record<string, string>,
): Looked[] {
  const looked = new Map<string, Looked>();
  const add = (name: string, why: string, kinds: MachineKind[] = []) => {
    const { on = [], ...known } = looked.get(name) ?? { name, why };
    looked.set(name, { ...known, on: [...new Set([...on, ...kinds])] });
  };
  for (const { kind, packages } of bundles)
    for (const { name, ifInstalled } of packages) if (!ifInstalled) add(name, "a part needs it", [kind]);
  const gateways = bundles.some(({ kind }) => kind === "gateway");
  for (const { why, names, reboot } of imagePackages)
    for (const name of names) {
      if (!fits(name, architecture)) continue;
      // A server's first apply purges the image's kernel.
      if (reboot && gateways) add(name, why, ["gateway"]);
      else if (!reboot) add(name, why);
    }
  for (const name of Object.keys(versions)) add(name, "config names it");
  return [...looked.values()];
}

/** Kernels have their architecture in their name. */
function fits(name: string, architecture: DebianArchitecture): boolean {
  const other = /-(amd64|arm64)$/.exec(name)?.[1];
  return other === undefined || other === architecture;
}

export function updatesOf(
  looked: Looked[],
  versions: Record<string, string>,
  archive: Pick<Archive, "versions">,
): Update[] {
  const security = SUITES.filter((suite) => suite.security).map(({ name }) => name);
  return looked.map((each): Update => {
    const has = archive.versions.get(each.name) ?? new Map<string, string>();
    const config = Object.hasOwn(versions, each.name) ? versions[each.name] : undefined;
    const debian = newest([...has.values()]);
    const secure = newest(security.flatMap((suite) => has.get(suite) ?? []));
    return {
      ...each,
      ...(config === undefined ? {} : { config }),
      ...(debian === undefined ? {} : { debian }),
      security:
        secure !== undefined &&
        (config === undefined ? secure === debian : compareVersions(secure, config) > 0),
      state: stateOf(config, debian),
      gone: config !== undefined && ![...has.values()].includes(config),
      waits: waitsFor(each),
    };
  });
}

function stateOf(config: string | undefined, debian: string | undefined): Update["state"] {
  if (debian === undefined) return "unknown";
  if (config === undefined) return "unnamed";
  const order = compareVersions(debian, config);
  return order > 0 ? "newer" : order < 0 ? "unheard" : "same";
}

/** As the apply program decides (templates/apply/): packages change on a machine that carries no session, as nothing reboots by itself. */
function waitsFor({ name, on }: Looked): string {
  const gateway = on.length > 0 && on.every((kind) => kind === "gateway");
  if (wantsReboot(name)) return gateway ? "a reboot" : "no sessions, then a reboot";
  return gateway ? "nothing" : "no sessions";
}

/** What config is to say: Debian's newest of each, and never an older one than it says. */
export function versionsToWrite(updates: Update[]): Record<string, string> {
  return Object.fromEntries(
    updates.flatMap(({ name, state, config, debian }): [string, string][] => {
      const version = state === "newer" || state === "unnamed" ? debian : config;
      return version === undefined ? [] : [[name, version]];
    }),
  );
}
