/** The bundles of a stack's machines, as objects of its bucket (plan/bucket.ts). */
import { createHash } from "node:crypto";
import { unpackBundle } from "../../graph/bundles.ts";
import { BUCKET, BUCKET_OBJECT } from "../../graph/types.ts";
import { bundleKey, desiredKey } from "../../plan/bucket.ts";
import type { Identity } from "../../render/bootstrap.ts";
import type { Bundle, BundleFile, MachineKind } from "../../render/bundle.ts";
import type { NotYet } from "../framework/rule.ts";
import { type Node, type Stack, UNKNOWN } from "../framework/stack.ts";
import { textIn } from "./strings.ts";
import { unpacked } from "./user-data.ts";

type BucketObject = Node<typeof BUCKET_OBJECT>;

/** What policies read of a bundle. */
export interface ReadBundle {
  /** The machine's name in the plan. */
  readonly machine: string;
  readonly kind: MachineKind;
  /** Contents by path, as they will lie on the machine. */
  readonly files: Readonly<Record<string, string>>;
}

/** Why a machine has no bundle that anybody can read, as what is wrong with the machine. */
export interface Unread {
  unread: string;
}

/** The bundle that a machine will get: what the bucket's pointer for it names. */
export function bundleOf(stack: Stack, { bucket, machine }: Identity): ReadBundle | Unread | NotYet {
  const pointer = objectAt(stack, bucket, desiredKey(machine));
  if (pointer === undefined)
    return { unread: `no ${desiredKey(machine)} in the bucket ${bucket} says which bundle is its own` };
  if ("unknown" in pointer) return pointer;
  const { content } = pointer.props;
  if (content === UNKNOWN) return { node: pointer, unknown: "content" };
  const version = versionIn(content, machine);
  if (version === undefined) return { unread: `${desiredKey(machine)} names no bundle of its` };

  const key = bundleKey(machine, version);
  const object = objectAt(stack, bucket, key);
  if (object === undefined)
    return {
      unread: `the bundle that ${desiredKey(machine)} names is missing: ${key} in the bucket ${bucket}`,
    };
  if ("unknown" in object) return object;
  const { contentBase64 } = object.props;
  if (contentBase64 === UNKNOWN) return { node: object, unknown: "contentBase64" };
  const { checksum, bundle } = readObject(object.props);
  if (checksum !== version)
    return { unread: `its bundle, ${key}, has the SHA-256 ${checksum ?? "of no bytes"}` };
  if (bundle === undefined) return { unread: `its bundle, ${key}, cannot be read` };
  return bundle.machine === machine
    ? bundle
    : { unread: `its bundle, ${key}, is the one of ${bundle.machine}` };
}

/** The version that a pointer names; undefined where it names none, or a key that is not this version's. */
function versionIn(content: unknown, machine: string): string | undefined {
  const { version, key } = (parsed(String(content)) ?? {}) as { version?: unknown; key?: unknown };
  return typeof version === "string" && key === bundleKey(machine, version) ? version : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An object by its place; where one that may be it is not known yet, that. */
function objectAt(stack: Stack, bucket: string, key: string): BucketObject | NotYet | undefined {
  const objects = objectsOf(stack);
  const own = (objects.get(key) ?? []).find((each) => each.bucket === bucket);
  if (own !== undefined) return own.node;
  const unplaced = (objects.get(key) ?? []).find((each) => typeof each.bucket !== "string");
  if (unplaced !== undefined) return unplaced.bucket as NotYet;
  const unnamed = (objects.get(UNKNOWN) ?? []).find(
    (each) => each.bucket === bucket || typeof each.bucket !== "string",
  );
  return unnamed && { node: unnamed.node, unknown: "key" };
}

interface Placed {
  node: BucketObject;
  /** Its bucket's name. */
  bucket: string | NotYet;
}

const known = new WeakMap<Stack, Map<unknown, Placed[]>>();

/** By key: a stack has two for each of its machines. */
function objectsOf(stack: Stack): Map<unknown, Placed[]> {
  const made =
    known.get(stack) ??
    Map.groupBy(
      stack.all(BUCKET_OBJECT).map((node) => ({ node, bucket: bucketOf(stack, node) })),
      ({ node }) => node.props.key,
    );
  known.set(stack, made);
  return made;
}

/** An object has its bucket by ID, which a preview does not know; the name that the program gave the bucket, it does. */
function bucketOf(stack: Stack, object: BucketObject): string | NotYet {
  const node = stack.referred(object, "bucket", [[BUCKET, "id"]])[0] ?? object;
  const { bucket } = node.props;
  return bucket === UNKNOWN ? { node, unknown: "bucket" } : String(bucket);
}

export interface ReadObject {
  /** SHA-256 of its bytes, hexadecimal; undefined where the program does not say them. */
  readonly checksum: string | undefined;
  /** All that it says, for searches; of what cannot be unpacked, its bytes. */
  readonly text: string;
  /** Undefined for what is no bundle. */
  readonly bundle: ReadBundle | undefined;
}

/** By content: several policies read each bundle. */
const read = new Map<string, ReadObject>();

/** An object of a bucket, by `contentBase64` or else by `content`. */
export function readObject(props: { contentBase64?: unknown; content?: unknown }): ReadObject {
  const { contentBase64, content } = props;
  if (typeof contentBase64 !== "string")
    return {
      checksum: typeof content === "string" ? sha256(content) : undefined,
      text: typeof content === "string" ? content : "",
      bundle: undefined,
    };
  if (!read.has(contentBase64)) read.set(contentBase64, readBytes(contentBase64));
  return read.get(contentBase64)!;
}

function readBytes(contentBase64: string): ReadObject {
  const bytes = Buffer.from(contentBase64, "base64");
  const checksum = sha256(bytes);
  try {
    const document = unpackBundle(contentBase64);
    return { checksum, text: textIn(document), bundle: bundleIn(document) };
  } catch {
    return { checksum, text: legible(bytes), bundle: undefined };
  }
}

function legible(bytes: Buffer): string {
  try {
    return unpacked(bytes);
  } catch {
    return bytes.toString("latin1");
  }
}

function sha256(bytes: Buffer | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A document of another form is another program's, or another release's: nobody here can tell what it says. */
function bundleIn(document: unknown): ReadBundle | undefined {
  const { format, machine, kind, files } = (document ?? {}) as Partial<Record<keyof Bundle, unknown>>;
  if (format !== (1 satisfies Bundle["format"]) || typeof machine !== "string") return undefined;
  if ((kind !== "server" && kind !== "gateway") || !Array.isArray(files) || !files.every(isFile))
    return undefined;
  return { machine, kind, files: Object.fromEntries(files.map(({ path, content }) => [path, content])) };
}

function isFile(value: unknown): value is BundleFile {
  const { path, content } = (value ?? {}) as Partial<Record<keyof BundleFile, unknown>>;
  return typeof path === "string" && typeof content === "string";
}
