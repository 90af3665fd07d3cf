/** What machines ask S3, by kind, and how long each of them took. */
import type { S3Request } from "../../lab/aws/s3.ts";

/** Of the four that a machine ever asks; anything else is a fault. */
export const KINDS = ["GET pointer, as it was", "GET pointer", "GET bundle", "PUT report"] as const;
export type Kind = (typeof KINDS)[number];

export interface Asked {
  /** How many there were. */
  requests: Record<Kind, number>;
  /** Bytes of bodies: got and sent. */
  got: number;
  sent: number;
}

/** @throws Error for a request that came to nothing, or that no machine in order makes. */
export function askedOf(all: readonly S3Request[]): Asked {
  const requests: Record<Kind, number> = {
    ...{ "GET pointer, as it was": 0, "GET pointer": 0, "GET bundle": 0, "PUT report": 0 },
  };
  let [got, sent] = [0, 0];
  for (const each of all) {
    requests[kindOf(each)]++;
    if (each.operation === "PutObject") sent += each.bytes;
    else got += each.bytes;
  }
  return { requests, got, sent };
}

function kindOf({ machine, operation, key, status, code }: S3Request): Kind {
  const own = key.replace(`machines/${machine}/`, "").split("/")[0];
  const said = `${operation} ${own} ${status}`;
  const known: Record<string, Kind> = {
    "GetObject desired 304": "GET pointer, as it was",
    "GetObject desired 200": "GET pointer",
    "GetObject bundles 200": "GET bundle",
    "PutObject status 200": "PUT report",
  };
  const kind = known[said];
  if (machine === "" || kind === undefined)
    throw new Error(`${machine || "nobody"} asked ${operation} ${key}: ${status} ${code}`.trimEnd());
  return kind;
}

/**
 * Seconds from a change to each machine's last report of it.
 *
 * @param since Epoch, milliseconds: when the machines were let go.
 * @throws Error for a machine that has not reported.
 */
export function secondsOf(names: string[], since: number, all: readonly S3Request[]): number[] {
  return names.map((name) => {
    const reports = all.filter(({ machine, operation }) => machine === name && operation === "PutObject");
    const last = reports.at(-1);
    if (last === undefined) throw new Error(`${name} has not reported`);
    return (last.at - since) / 1000;
  });
}
