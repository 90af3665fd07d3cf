/** Whether a line is an OpenSSH public key: the format of sshd(8), "AUTHORIZED_KEYS FILE FORMAT", without options. */
import type { Refusal } from "./refusal.ts";

/** RFC 8332 and NIST SP 800-57: shorter RSA keys are not accepted by today's clients and servers alike. */
const SHORTEST_RSA = 2048;
const ED25519_BYTES = 32;
/** Bytes of an uncompressed point (RFC 5656): 0x04, then both coordinates. */
const POINT_BYTES: Readonly<Record<string, number>> = { nistp256: 65, nistp384: 97, nistp521: 133 };

/** Why this is no public key; undefined where it is one. */
export function judgeSshKey(line: string): Refusal | undefined {
  // What does not begin like a public key may be a private one, or a part of one.
  const hide = /^(ssh|ecdsa|sk)-[a-z0-9-]+(@openssh\.com)? /.test(line) ? {} : { hide: true as const };
  if (/PRIVATE KEY/.test(line)) {
    return {
      allowed: "public keys; this is a private one",
      fix: "the line of its .pub file; who could read the stack's file may hold the key: make a new one",
      hide: true,
    };
  }
  if (/\p{Cc}/u.test(line)) return { allowed: "one line, without control characters", ...hide };
  const [type = "", base64 = ""] = line.split(" ");
  const fields = readFields(base64);
  if (!fields || !isKey(type, fields)) return hide;
  return undefined;
}

/** The length-prefixed strings of a key's blob (RFC 4251, section 5); undefined where it does not end with one. */
function readFields(base64: string): Buffer[] | undefined {
  const blob = Buffer.from(base64, "base64");
  // Buffer.from skips what is no base64: only a text that comes back the same was one.
  if (blob.length === 0 || blob.toString("base64") !== base64) return undefined;
  const fields: Buffer[] = [];
  for (let at = 0; at < blob.length; ) {
    if (at + 4 > blob.length) return undefined;
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) return undefined;
    fields.push(blob.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

function isKey(type: string, [inner, second, third, ...rest]: Buffer[]): boolean {
  if (inner?.toString("latin1") !== type || second === undefined || rest.length > 0) return false;
  if (type === "ssh-ed25519") return second.length === ED25519_BYTES && third === undefined;
  if (third === undefined) return false;
  if (type === "ssh-rsa") return second.length > 0 && bits(third) >= SHORTEST_RSA;
  const curve = second.toString("latin1");
  return type === `ecdsa-sha2-${curve}` && POINT_BYTES[curve] === third.length && third[0] === 4;
}

/** Length of a positive mpint in bits. */
function bits(mpint: Buffer): number {
  const first = mpint.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : (mpint.length - first) * 8 - Math.clz32(mpint[first]!) + 24;
}
