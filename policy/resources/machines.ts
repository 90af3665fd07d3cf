/** What an instance becomes: by its user data, and by the bundle that its user data has it fetch. */
import { INSTANCE } from "../../graph/types.ts";
import type { Identity } from "../../render/bootstrap.ts";
import type { MachineKind } from "../../render/bundle.ts";
import type { Finding, NotYet } from "../framework/rule.ts";
import { type Node, type Stack, UNKNOWN } from "../framework/stack.ts";
import { bundleOf, type ReadBundle, type Unread } from "./bundles.ts";
import { lines, readUserData, type UserData, userDataOf } from "./user-data.ts";

type Instance = Node<typeof INSTANCE>;

export interface Machine {
  /** Contents by path, as they will lie there. */
  readonly files: Readonly<Record<string, string>>;
  /** By its bundle; undefined for a machine that has none, which is another program's. */
  readonly kind: MachineKind | undefined;
}

/** From user data: whose bundle the machine asks for, and where. */
const IDENTITY = "/etc/pptp-fleet/machine.json";
const OPTIONS = "/etc/ppp/pptpd-options";

const USER_DATA = ["userDataBase64", "userData"] as const;
const USER_DATA_FIX = "give it a cloud-config, gzipped or not, as render/user-data.ts does";
const BUNDLE_FIX =
  "let components/machines/bucket.ts write both objects, machines/<name>/bundles/<SHA-256> and machines/<name>/desired, and nothing else change them or leave them out";

/**
 * What a policy says of each machine; of one that nobody can read, that.
 *
 * @param what What nobody can tell then: `how it encrypts`.
 */
export function ofMachines(
  stack: Stack,
  what: string,
  judge: (node: Instance, machine: Machine) => (Finding | NotYet)[],
): (Finding | NotYet)[] {
  return stack.all(INSTANCE).flatMap((node) => {
    const bytes = userDataOf(node);
    const unknown = USER_DATA.find((property) => node.props[property] === UNKNOWN);
    if (bytes === undefined && unknown !== undefined) return [{ node, unknown }];
    const userData = readUserData(bytes);
    if (userData === undefined) return [untold(node, "its user data cannot be read", what, USER_DATA_FIX)];
    const bundle = bundleBy(stack, userData);
    if (bundle === undefined) return judge(node, { files: userData.files, kind: undefined });
    if (!("files" in bundle)) return [unreadBundle(node, bundle, what)];
    const files = { ...userData.files, ...bundle.files };
    return judge(node, { files, kind: bundle.kind });
  });
}

/** Of each machine whose bundle is missing or cannot be read, that; of user data that cannot be, nothing. */
export function unreadBundles(stack: Stack, what: string): (Finding | NotYet)[] {
  return stack.all(INSTANCE).flatMap((node) => {
    const userData = readUserData(userDataOf(node));
    const bundle = userData && bundleBy(stack, userData);
    return bundle === undefined || "files" in bundle ? [] : [unreadBundle(node, bundle, what)];
  });
}

/** Undefined for a machine that asks for none. */
function bundleBy(stack: Stack, { files }: UserData): ReadBundle | Unread | NotYet | undefined {
  const said = files[IDENTITY];
  if (said === undefined) return undefined;
  const identity = identityIn(said);
  if (identity === undefined) return { unread: `${IDENTITY} in its user data names no bucket and machine` };
  return bundleOf(stack, identity);
}

function identityIn(text: string): Identity | undefined {
  try {
    const { bucket, machine } = JSON.parse(text);
    return typeof bucket === "string" && typeof machine === "string" ? { bucket, machine } : undefined;
  } catch {
    return undefined;
  }
}

function unreadBundle(node: Instance, why: Unread | NotYet, what: string): Finding | NotYet {
  return "unknown" in why ? why : untold(node, why.unread, what, BUNDLE_FIX);
}

function untold(node: Instance, why: string, what: string, fix: string): Finding {
  return { node, problem: `${why}, so nobody can tell ${what}`, fix };
}

/** What pppd is told for each session, a line each; undefined for a machine that is no PPTP server. */
export function pppdOptions({ files, kind }: Machine): string[] | undefined {
  const options = files[OPTIONS];
  // A server without them has pppd's own defaults.
  if (options === undefined) return kind === "server" ? [] : undefined;
  return lines(options);
}
