/** The program in the shapes that make every type of resource that it knows, and ask all that it asks. */
import { type ProgramRun, runProgram } from "../../../offline/program.ts";
import { stackInput } from "../../../offline/stack.ts";
import { CARVED, NAMED, overrides, PUBLIC, ROUTED } from "../../shared/existing-vpc.ts";
import { IamGraph } from "./iam-graph.ts";
import { type Operation, operations } from "./operations.ts";

/** What docs/ci.md calls the policy that bounds roles. */
export const BOUNDARY = "arn:aws:iam::111122223333:policy/pptp-fleet-boundary";

const DIALLED = ["dialName=pptp.example.com", "hostedZoneId=Z0123456789ABCDEFGHIJ"];
const SHAPES: string[][] = [
  DIALLED,
  ["frontDoor=eip", ...DIALLED],
  // Of each kind one that is another's, without tags of ours, and one of the stack's.
  ['elasticIps={"a":"eipalloc-0123456789abcdef0"}'],
  ["frontDoor=eip", 'elasticIps={"b-1":"eipalloc-0123456789abcdef0"}'],
  ...[PUBLIC, { ...PUBLIC, ...ROUTED }, { ...CARVED, ...ROUTED }, { zones: [], ...NAMED, ...ROUTED }].map(
    overrides,
  ),
];

export interface Fleets {
  runs: ProgramRun[];
  /** Of all of them. */
  operations: Operation[];
}

const made = new Map<string, Promise<Fleets>>();

/** @param boundary The key permissionsBoundary; an empty text is no value. */
export function fleets(boundary = BOUNDARY): Promise<Fleets> {
  const known = made.get(boundary) ?? make(boundary);
  made.set(boundary, known);
  return known;
}

async function make(boundary: string): Promise<Fleets> {
  const runs: ProgramRun[] = [];
  for (const shape of SHAPES)
    runs.push(await runProgram(stackInput("prod", [...shape, `permissionsBoundary=${boundary}`])));
  return { runs, operations: runs.flatMap((run) => operations(new IamGraph(run))) };
}
