/** What a suite of Debian's says of itself, and of its indexes: InRelease (Debian wiki: DebianRepository/Format). */

/** The fields that we use. */
export interface Release {
  codename: string;
  date: Date;
  /** After this a mirror that still has it is stale; the stable suite itself names none. */
  validUntil?: Date;
  /** Whether files are found by their hash as well, which stay while the mirror changes. */
  byHash: boolean;
  files: Map<string, Listed>;
}

/** A file of a suite. */
export interface Listed {
  /** Hexadecimal. */
  sha256: string;
  bytes: number;
}

/** A text in the Cleartext Signature Framework, without what holds it. @throws Error where it is none. */
export function withoutSignature(text: string): string {
  const body =
    /^-----BEGIN PGP SIGNED MESSAGE-----\n(?:\S.*\n)*\n([\s\S]*?)\n-----BEGIN PGP SIGNATURE-----\n/.exec(
      text,
    )?.[1];
  if (body === undefined) throw new Error("it is no signed text");
  return `${body.replace(/^- /gm, "")}\n`;
}

/** @throws Error naming a field that is not there, or cannot be read. */
export function parseRelease(text: string): Release {
  const fields = new Map(
    [...text.matchAll(/^([A-Za-z0-9-]+):(.*(?:\n .*)*)/gm)].map(([, name, value]): [string, string] => [
      name!,
      value!.trim(),
    ]),
  );
  const field = (name: string): string => {
    const value = fields.get(name);
    if (value === undefined) throw new Error(`it has no field ${name}`);
    return value;
  };
  const date = (name: string): Date => {
    const read = new Date(field(name));
    if (Number.isNaN(read.getTime())) throw new Error(`its ${name} is no date: ${field(name)}`);
    return read;
  };
  const files = [...field("SHA256").matchAll(/([0-9a-f]{64}) +([0-9]+) +(\S+)/g)];
  return {
    codename: field("Codename"),
    date: date("Date"),
    ...(fields.has("Valid-Until") ? { validUntil: date("Valid-Until") } : {}),
    byHash: fields.get("Acquire-By-Hash") === "yes",
    files: new Map(
      files.map(([, sha256, bytes, path]): [string, Listed] => [
        path!,
        { sha256: sha256!, bytes: Number(bytes) },
      ]),
    ),
  };
}
