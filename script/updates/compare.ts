/** The order of Debian's versions, as dpkg has it (deb-version(7)). */

interface Parts {
  epoch: number;
  upstream: string;
  /** Debian's. No revision is the same as `0`. */
  revision: string;
}

/** Negative where `a` is older than `b`, zero where dpkg holds them for the same. */
export function compareVersions(a: string, b: string): number {
  const [one, other] = [partsOf(a), partsOf(b)];
  return (
    one.epoch - other.epoch ||
    compareParts(one.upstream, other.upstream) ||
    compareParts(one.revision, other.revision)
  );
}

/** @returns undefined for none. */
export function newest(versions: string[]): string | undefined {
  return versions.reduce<string | undefined>(
    (best, each) => (best === undefined || compareVersions(best, each) < 0 ? each : best),
    undefined,
  );
}

function partsOf(version: string): Parts {
  const [, epoch = "0", rest] = /^(?:([0-9]+):)?(.*)$/s.exec(version)!;
  const at = rest!.lastIndexOf("-");
  return {
    epoch: Number(epoch),
    upstream: at < 0 ? rest! : rest!.slice(0, at),
    revision: at < 0 ? "" : rest!.slice(at + 1),
  };
}

/** By turns what is no digit, sign by sign, and what is, as numbers. */
function compareParts(a: string, b: string): number {
  let [rest, other] = [a, b];
  while (rest !== "" || other !== "") {
    const [signs, otherSigns] = [/^[^0-9]*/.exec(rest)![0], /^[^0-9]*/.exec(other)![0]];
    // To the end of the longer one: a tilde comes before the end.
    for (let i = 0; i < Math.max(signs.length, otherSigns.length); i++) {
      const difference = order(signs[i]) - order(otherSigns[i]);
      if (difference !== 0) return difference;
    }
    [rest, other] = [rest.slice(signs.length), other.slice(otherSigns.length)];
    const [digits, otherDigits] = [/^[0-9]*/.exec(rest)![0], /^[0-9]*/.exec(other)![0]];
    const difference = compareNumbers(digits, otherDigits);
    if (difference !== 0) return difference;
    [rest, other] = [rest.slice(digits.length), other.slice(otherDigits.length)];
  }
  return 0;
}

/** Tildes come before the end, the end before letters, letters before all other signs. */
function order(sign: string | undefined): number {
  if (sign === undefined) return 0;
  if (sign === "~") return -1;
  const code = sign.charCodeAt(0);
  return /[A-Za-z]/.test(sign) ? code : code + 256;
}

/** Of any length: dates with times have more digits than a number holds. */
function compareNumbers(a: string, b: string): number {
  const [one, other] = [a.replace(/^0+/, ""), b.replace(/^0+/, "")];
  return one.length - other.length || (one < other ? -1 : one > other ? 1 : 0);
}
