/** Values that EC2 takes in one filter (EC2 User Guide: Filtering). */
const MOST_VALUES = 200;

/** Values for a filter of EC2, in as many parts as it takes. */
export function filterParts(values: string[]): string[][] {
  return Array.from({ length: Math.ceil(values.length / MOST_VALUES) }, (_, i) =>
    values.slice(i * MOST_VALUES, (i + 1) * MOST_VALUES),
  );
}
