/** The command line of `npm run updates`. */
import { parseArgs } from "node:util";
import { MIRROR } from "./archive.ts";
import { KEYRING } from "./signature.ts";

/** What a person has to put right before anything is asked. */
export class Usage extends Error {}

export const USAGE = `npm run updates -- --stack STACK [OPTION …]
  --write         puts the newest versions into Pulumi.STACK.yaml (pptp-fleet:packageVersions)
  --json          one JSON document in place of lines
  --mirror URL    another of Debian's mirrors, with debian/ and debian-security/ below it
                  default: ${MIRROR}
  --keyring FILE  Debian's keys; default: ${KEYRING}
Exit code: 0 when Debian has answered, whether there are updates or none; 1 when not, 2 when nothing was asked.`;

const OPTIONS = {
  stack: { type: "string" },
  write: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  mirror: { type: "string", default: MIRROR },
  keyring: { type: "string", default: KEYRING },
  help: { type: "boolean", default: false },
} as const;

export type Arguments = Omit<ReturnType<typeof parse>, "stack"> & { stack: string };

/** @throws Usage */
export function readArguments(argv: string[]): Arguments {
  const parsed = parse(argv);
  const { stack, mirror } = parsed;
  if (stack === undefined || stack === "") throw new Usage("say which stack: --stack prod");
  if (!/^https?:$/.test(URL.parse(mirror)?.protocol ?? ""))
    throw new Usage("--mirror is an http or https URL");
  return { ...parsed, stack, mirror: mirror.replace(/\/+$/, "") };
}

function parse(argv: string[]) {
  try {
    return parseArgs({ args: argv, options: OPTIONS }).values;
  } catch (error) {
    throw new Usage((error as Error).message);
  }
}
