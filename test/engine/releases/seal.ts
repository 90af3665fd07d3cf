/** What a release's files have in place of a secret, and of user data, which is large: a digest, by which both are compared. */
import { createHash } from "node:crypto";
import { type Properties, plain, secret, UNKNOWN } from "../pulumi/wire.ts";

const MARK = "sha256:";

/** The same for the same value, on any machine. */
export function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}

function seal(value: unknown): string {
  return `${MARK}${digest(value)}`;
}

function isSeal(value: unknown): boolean {
  return typeof value === "string" && value.startsWith(MARK);
}

/** A resource's properties, secrets still marked as such. */
export function sealed(properties: Properties): Properties {
  const open: Properties = plain(properties, (value) => secret(seal(value)));
  return "userDataBase64" in open ? { ...open, userDataBase64: seal(open.userDataBase64) } : open;
}

/** New properties with a digest wherever the old ones have one. Both are plain. */
export function sealedLike(olds: unknown, news: unknown): any {
  if (isSeal(olds)) return isSeal(news) || news === UNKNOWN || news === undefined ? news : seal(news);
  if (!isObject(olds) || !isObject(news)) return news;
  const entries = Object.entries(news).map(([key, value]) => [key, sealedLike(olds[key], value)]);
  return Array.isArray(news) ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}

function isObject(value: unknown): value is Properties {
  return value !== null && typeof value === "object";
}
