/** Values as Pulumi's engine and program write them to each other. */

/** Pulumi's mark of a special value, what it says of a secret and of an output, and its mark of a text not known yet. */
const SPECIAL = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** An object's properties, secrets still marked. */
export type Properties = Record<string, any>;

/** A value without marks, each secret as what `show` makes of it. */
export function plain(value: unknown, show: (secret: unknown) => unknown = (secret) => secret): any {
  if (Array.isArray(value)) return value.map((each) => plain(each, show));
  if (value === null || typeof value !== "object") return value;
  const object = value as Properties;
  if (object[SPECIAL] === SECRET) return show(plain(object.value, show));
  if (object[SPECIAL] === OUTPUT) return "value" in object ? plain(object.value, show) : UNKNOWN;
  return Object.fromEntries(Object.entries(object).map(([key, each]) => [key, plain(each, show)]));
}

/** As it may be shown: `[secret]` in place of each secret. */
export function shown(value: unknown): any {
  return plain(value, () => "[secret]");
}

export function isSecret(value: unknown): boolean {
  return value !== null && typeof value === "object" && (value as Properties)[SPECIAL] === SECRET;
}

/** Marked, as the engine marks an output whose input was a secret. */
export function secret(value: unknown): unknown {
  return { [SPECIAL]: SECRET, value };
}

/** Whether any part of a plain value is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  return value !== null && typeof value === "object" && Object.values(value).some(hasUnknown);
}
