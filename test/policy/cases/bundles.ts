/** Machines whose bundle nobody can read: each policy that reads it says so. */
import { createHash, randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { BUCKET_OBJECT } from "../../../graph/types.ts";
import type { Bundle } from "../../../render/bundle.ts";
import type { Case, Resources } from "../changed-resources.ts";
import { UNKNOWN } from "../preview.ts";

const A1 = "pptp-fleet-a-1";
const BUNDLE = `${A1}-bundle`;
const DESIRED = `${A1}-desired`;
const OBJECT = "BucketObjectv2";

/** Those that read a server's bundle. */
export const READERS = ["mppe-128", "timers-in-order", "user-data-without-secrets", "accounts-stay-secret"];

/** By each of them, at the machine. */
const unread = (what: string, breaks: (resources: Resources) => void, readers = READERS): Case[] =>
  readers.map((policy) => ({
    policy,
    what,
    breaks,
    at: [A1],
    besides: READERS.filter((each) => each !== policy).map((each) => `${each}: ${A1}`),
  }));

/** By the first of them, and the others besides. */
const unreadToo = (what: string, breaks: (resources: Resources) => void) =>
  unread(what, breaks, READERS.slice(0, 1));

const changed = (change: (bundle: Record<keyof Bundle, any>) => void) => (resources: Resources) =>
  resources.rewriteBundle(A1, change);

const pointer = (content: (content: string) => string) => (resources: Resources) =>
  resources.change(OBJECT, DESIRED, (inputs) => {
    inputs.content = content(inputs.content);
  });

const identity = (said: string) => (resources: Resources) =>
  resources.rewrite(A1, (config) => {
    for (const file of config.write_files)
      if (file.path === "/etc/pptp-fleet/machine.json") file.content = said;
  });

/** Bytes in a bundle's place, which the pointer names by their checksum. */
const instead = (bytes: Buffer) => (resources: Resources) =>
  resources.putBundle(A1, { bytes, version: createHash("sha256").update(bytes).digest("hex") });

export const bundleCases: Case[] = [
  {
    policy: "mppe-128",
    what: "a gateway without a bundle",
    breaks: (resources) => resources.remove(OBJECT, "pptp-fleet-gateway-a-bundle"),
    at: ["pptp-fleet-gateway-a"],
    besides: READERS.slice(1).map((policy) => `${policy}: pptp-fleet-gateway-a`),
  },
  ...unread("a machine without a bundle", (resources) => resources.remove(OBJECT, BUNDLE)),
  ...unread("a bundle that nobody can unpack", instead(randomBytes(99))),
  ...unread("a bundle whose checksum is not its key's", (resources) => {
    const before = resources.find(OBJECT, BUNDLE)[0]!.inputs.key;
    resources.rewriteBundle(A1, (bundle) => {
      bundle.watch += 1;
    });
    resources.change(OBJECT, BUNDLE, (inputs) => {
      inputs.key = before;
    });
    pointer(() => JSON.stringify({ version: before.split("/").at(-1), key: before }))(resources);
  }),
  ...unread(
    "a pointer that does not name the bundle",
    pointer((text) => text.replace(/[0-9a-f]{64}/g, "f".repeat(64))),
  ),
  ...unreadToo("a machine without a pointer to its bundle", (resources) => resources.remove(OBJECT, DESIRED)),
  ...unreadToo(
    "a machine without a bundle, beside an object of a bucket that is not known yet",
    (resources) => {
      resources.remove(OBJECT, BUNDLE);
      const tags = { Name: "page", project: "pptp-fleet", stack: "prod" };
      resources.add(BUCKET_OBJECT, "page", { bucket: UNKNOWN, key: "index.html", content: "", tags });
    },
  ),
  ...unreadToo(
    "a pointer that is no JSON",
    pointer(() => "a-1"),
  ),
  ...unreadToo(
    "a pointer that is no object",
    pointer(() => "null"),
  ),
  ...unreadToo(
    "a pointer to another machine's bundle",
    pointer((text) => text.replace("/a-1/", "/b-1/")),
  ),
  ...unreadToo("a bundle that comes from a file", (resources) =>
    resources.change(OBJECT, BUNDLE, (inputs) => {
      delete inputs.contentBase64;
      inputs.source = "bundle.json.gz";
    }),
  ),
  ...unreadToo("a bundle in another bucket", (resources) => {
    for (const object of resources.find(OBJECT, BUNDLE)) {
      for (const props of [object.inputs, object.state]) props.bucket = "somebody-elses";
      object.propertyDependencies.bucket = [];
    }
  }),
  ...unreadToo(
    "another machine's bundle",
    changed((bundle) => {
      bundle.machine = "b-1";
    }),
  ),
  ...unreadToo(
    "a bundle of a format that nobody knows",
    changed((bundle) => {
      bundle.format = 2;
    }),
  ),
  ...unreadToo(
    "a bundle of a machine of no known kind",
    changed((bundle) => {
      bundle.kind = "balancer";
    }),
  ),
  ...unreadToo("a bundle that is not gzipped", instead(Buffer.from("{}"))),
  ...unreadToo("a bundle that is no object", instead(gzipSync("null"))),
  ...unreadToo(
    "a bundle without files",
    instead(gzipSync(JSON.stringify({ format: 1, machine: "a-1", kind: "server" }))),
  ),
  ...unreadToo(
    "a bundle with a file that has no content",
    changed((bundle) => {
      delete bundle.files[0].content;
    }),
  ),
  ...unreadToo("a machine that asks another bucket", identity('{"bucket":"somebody-elses","machine":"a-1"}')),
  ...unreadToo("a machine whose identity says no bucket", identity('{"machine":"a-1"}')),
  ...unreadToo("a machine whose identity is no JSON", identity("a-1")),
];
