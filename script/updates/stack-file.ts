/** `packageVersions` in a stack's file, whose comments, order and forms stay as they are. */
import { isMap, isScalar, parseDocument, Scalar, YAMLMap } from "yaml";
import { NAMESPACE } from "../../settings/keys/facts.ts";

const KEY = `${NAMESPACE}:packageVersions`;

/**
 * The file's text with these versions, sorted where they are new; the same text where it says so already.
 *
 * @throws Error for what is no YAML, or whose config or packageVersions is no object.
 */
export function withVersions(text: string, versions: Record<string, string>): string {
  const document = parseDocument(text);
  if (document.errors.length > 0) throw new Error(document.errors[0]!.message);
  const config = document.get("config");
  if (!isMap(config)) throw new Error("it has no config");
  const had = config.get(KEY, true);
  const empty = had === undefined || (isScalar(had) && (had.value === null || had.value === ""));
  if (!empty && !isMap(had)) throw new Error(`${KEY} is no object`);
  const map = isMap(had) ? had : new YAMLMap();
  // One that is written as {} would go on in its one line.
  if (map.items.length === 0) map.flow = false;
  let changed = false;
  for (const [name, version] of Object.entries(versions).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const value = map.get(name, true);
    if (isScalar(value) && String(value.source ?? value.value) === version) continue;
    changed = true;
    // Quoted, as versions of digits, and some with colons, are numbers to one YAML or another.
    if (isScalar(value)) [value.value, value.type] = [version, Scalar.QUOTE_DOUBLE];
    else {
      const fresh = new Scalar(version);
      fresh.type = Scalar.QUOTE_DOUBLE;
      map.set(name, fresh);
    }
  }
  if (!changed) return text;
  if (empty) config.set(KEY, map);
  return document.toString({ lineWidth: 0 });
}
