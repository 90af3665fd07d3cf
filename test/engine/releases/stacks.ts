/** Stacks whose state is kept at each release: what an update does is seen in these. */
import { stackInput } from "../../../offline/stack.ts";
import { CARVED, PUBLIC, ROUTED } from "../../shared/existing-vpc.ts";
import { FREE } from "../aws/addresses.ts";
import { type Config, programOf } from "../fleet.ts";

/** Nobody's. A release's files have its digest alone: with another one each secret would look like another. */
export const USERS = [{ name: "plc-seven", password: "correct horse battery" }];

/** As the CLI hands a config over, by full key, without the accounts. */
function config(changes: Config): Record<string, string> {
  return programOf({ "aws:region": "eu-west-1", allowedCidrs: ["198.51.100.0/24"], ...changes }).config;
}

/**
 * Both front doors, each in a VPC of its own and in one that exists; together they have every type of resource that the
 * program makes, which record.ts asks for.
 */
export const examples = {
  dev: stackInput("dev", []).config,
  prod: stackInput("prod", []).config,
  nlb: config({}),
  eip: config({ frontDoor: "eip" }),
  routed: config({
    egress: { mode: "routed" },
    dialName: "pptp.example.com",
    hostedZoneId: "Z0123456789ABCDEFGHIJ",
  }),
  "existing-vpc": config({ ...CARVED, ...ROUTED }),
  "existing-subnets": config({ ...PUBLIC, elasticIps: { a: FREE[0] } }),
} satisfies Record<string, Record<string, string>>;

export type Example = keyof typeof examples;
