/** Machines' bundles among the objects of a stack's bucket. */
import { gunzipSync } from "node:zlib";

/** `machines/a-1/bundles/<SHA-256>`. */
const KEY = /^machines\/([^/]+)\/bundles\/[0-9a-f]{64}$/;

/** The name of the machine whose bundle an object's key is; undefined for any other key. */
export function machineOfBundle(key: unknown): string | undefined {
  return typeof key === "string" ? KEY.exec(key)?.[1] : undefined;
}

/** The document that an object's `contentBase64` holds. @throws Error for what is no JSON, gzipped. */
export function unpackBundle(contentBase64: string): unknown {
  return JSON.parse(gunzipSync(Buffer.from(contentBase64, "base64")).toString());
}
