/** Texts inside of values, for searches. */

/** All strings that a value is made of, a line each: as they are, and not as JSON or YAML would quote them. */
export function textIn(value: unknown): string {
  const strings: string[] = [];
  const collect = (each: unknown): void => {
    if (typeof each === "string") strings.push(each);
    else if (each !== null && typeof each === "object") Object.values(each).forEach(collect);
  };
  collect(value);
  return strings.join("\n");
}
