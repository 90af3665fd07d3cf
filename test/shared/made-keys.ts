/** OpenSSH public keys of numbers that do not compress: nobody has their private halves, as there are none. */

/** As long as a true one, with a name behind it. */
export const ed25519Of = (seed: number): string =>
  line("ssh-ed25519", [noiseOf(seed, 32)], `administrator-${seed}@example.org`);

/** Of 4096 bits. */
export const rsa4096Of = (seed: number): string =>
  line(
    "ssh-rsa",
    [Buffer.from([1, 0, 1]), Buffer.concat([Buffer.from([0, 0x80]), noiseOf(seed, 511)])],
    `administrator-${seed}@example.org`,
  );

/** A key's line: its blob is its type and its numbers, each behind its length (RFC 4253, 6.6). */
function line(type: string, numbers: Buffer[], comment: string): string {
  const fields = [Buffer.from(type), ...numbers].flatMap((field) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(field.length);
    return [length, field];
  });
  return `${type} ${Buffer.concat(fields).toString("base64")} ${comment}`;
}

/** The same each time. */
function noiseOf(seed: number, bytes: number): Buffer {
  let state = seed + 1;
  return Buffer.from(
    Array.from({ length: bytes }, () => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return (state >> 16) % 256;
    }),
  );
}
