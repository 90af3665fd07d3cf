/** The command line of `npm run probe`. */
import { parseArgs } from "node:util";
import { isAddress } from "../../settings/ipv4.ts";
import type { Mppe } from "../pppd/pppd.ts";

/** What a person has to put right before anything is tried. */
export class Usage extends Error {}

export const USAGE = `npm run probe -- ADDRESS [OPTION …]
  ADDRESS             what clients dial: an IPv4 address or a name
  --account FILE      JSON {"name": …, "password": …}; without it the probe asks
  --mppe STRENGTH     128 (default), 40 or none, as the stack's ppp.mppe
  --gateway SSH       where ssh reaches the zone's gateway, such as admin@198.51.100.7: reads its counters
  --aws               looks in the account, by AWS's usual credentials, for the resource at fault
    --stack STACK     default: the stack that tags the address
    --project NAME    default: pptp-fleet
    --region REGION   default: AWS's own configuration
    --from ADDRESS    your public address: rules must let it in
    --endpoint URL    another AWS, for tests
  --json              one JSON document in place of lines
Exit code: 0 when all legs are ok, 1 when one is not, 2 when nothing was tried.`;

const OPTIONS = {
  account: { type: "string" },
  mppe: { type: "string", default: "128" },
  gateway: { type: "string" },
  aws: { type: "boolean", default: false },
  stack: { type: "string" },
  project: { type: "string", default: "pptp-fleet" },
  region: { type: "string" },
  from: { type: "string" },
  endpoint: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

export type Arguments = ReturnType<typeof parse>;

/** @throws Usage */
export function readArguments(argv: string[]): Arguments & { address: string; mppe: Mppe } {
  const parsed = parse(argv);
  const { address, mppe, aws, from, gateway } = parsed;
  const only = (["stack", "region", "from", "endpoint"] as const).find((each) => parsed[each] !== undefined);
  if (address === undefined) throw new Usage("say what to dial");
  if (!isAddress(address) && !/^(?=.{1,253}$)[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?\.?$/i.test(address))
    throw new Usage(`${JSON.stringify(address)} is neither an IPv4 address nor a name`);
  if (mppe !== "128" && mppe !== "40" && mppe !== "none") throw new Usage("--mppe is 128, 40 or none");
  if (!aws && only) throw new Usage(`--${only} says something about --aws only`);
  if (from !== undefined && !isAddress(from)) throw new Usage("--from is an IPv4 address");
  if (gateway?.startsWith("-") || gateway === "") throw new Usage("--gateway is a destination of ssh");
  return { ...parsed, address, mppe };
}

function parse(argv: string[]) {
  try {
    const { values, positionals } = parseArgs({ args: argv, options: OPTIONS, allowPositionals: true });
    if (positionals.length > 1) throw new Usage("one address a probe");
    return { ...values, address: positionals[0] };
  } catch (error) {
    throw error instanceof Usage ? error : new Usage((error as Error).message);
  }
}
