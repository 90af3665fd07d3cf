/**
 * Runs the real program (index.ts), or another that has a fleet, with no engine and no AWS, and records what it registers.
 *
 * Stands in for Pulumi's engine and AWS's provider: nothing is checked against a provider's schema, nothing is
 * compared with an earlier state, and what AWS would compute is offline/answers.ts's.
 */
import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import * as state from "@pulumi/pulumi/runtime/state.js";
import { EIP, kindOf } from "../graph/types.ts";
import { ZONES, zoneIndex } from "../plan/place/identity.ts";
import { answer, made } from "./answers.ts";

/** A resource as the engine would be told of it. */
export interface RecordedResource {
  urn: string;
  type: string;
  name: string;
  /** URN; empty for the stack. */
  parent: string;
  /** Empty for a component. */
  id: string;
  /** Plain: what the program marks as secret is open here. */
  inputs: Record<string, any>;
  /** The same, each secret as `[secret]`. */
  shownInputs: Record<string, any>;
  /** Inputs, and what AWS adds. */
  state: Record<string, any>;
  /** What a component says of itself (`registerOutputs`), plain; empty for the rest. */
  outputs: Record<string, any>;
  options: { dependsOn: string[]; deleteBeforeReplace: boolean; ignoreChanges: string[] };
  /** By input: URNs of the resources that it comes from. */
  propertyDependencies: Record<string, string[]>;
}

export interface ProgramRun {
  resources: RecordedResource[];
  /** Plain. */
  outputs: Record<string, any>;
  /** What was asked of AWS. */
  questions: { token: string; inputs: Record<string, any> }[];
}

export interface ProgramInput {
  /** The project's name, which is the namespace of its keys. @default PROJECT */
  project?: string;
  stack: string;
  /** By full key (`pptp-fleet:servers`), as the CLI hands them over: scalars as text, the rest as JSON. */
  config: Record<string, string>;
  /** Full keys that are encrypted in the stack's file. */
  secretKeys: string[];
  /** Whether outputs of new resources are unknown, as in `pulumi preview`. */
  preview?: boolean;
}

export const PROJECT = "pptp-fleet";

// Exported by the SDK, which isolates inline programs with it, and stripped from its declarations as internal.
const { withLocalStorage } = state as unknown as { withLocalStorage<T>(run: () => Promise<T>): Promise<T> };

/** Loaded where the SDK has its stack, as the engine's language host loads it. */
const fleetProgram = async (): Promise<unknown> => (await import("../index.ts")).default();

/**
 * One run of the program.
 *
 * @param program What the stack's program exports. @default index.ts
 * @throws pulumi.RunError as the program does for an operator's mistakes.
 */
export async function runProgram(input: ProgramInput, program = fleetProgram): Promise<ProgramRun> {
  const region = input.config["aws:region"] ?? "eu-west-1";
  return withLocalStorage(async () => {
    const run: ProgramRun = { resources: [], outputs: {}, questions: [] };
    pulumi.runtime.setMockOptions(
      recorder(region, run),
      input.project ?? PROJECT,
      input.stack,
      input.preview ?? false,
      "offline",
    );
    pulumi.runtime.setAllConfig(input.config, input.secretKeys);
    let failure: { error: unknown } | undefined;
    const outputs = await pulumi.runtime.runInPulumiStack(async () => {
      try {
        return await program();
      } catch (error) {
        failure = { error };
        return undefined;
      }
    });
    await pulumi.runtime.disconnect();
    if (failure) throw failure.error;
    run.outputs = await resolved(outputs);
    // Resources register as their inputs resolve; sorted, two runs of the same program are the same.
    run.resources.sort((a, b) => (a.urn < b.urn ? -1 : 1));
    return run;
  });
}

function recorder(region: string, run: ProgramRun) {
  // Counted when they are made: several can be under way at once.
  const counts = new Map<string, number>();
  const mocks: pulumi.runtime.Mocks = {
    newResource: ({ type, name, inputs, custom }) => {
      if (!custom) return { id: "", state: inputs };
      const id = `${kindOf(type).toLowerCase()}-${name}`;
      const count = elasticIpNumber(type, name) ?? (counts.get(type) ?? 0) + 1;
      counts.set(type, count);
      const find = (other: string) => run.resources.find((resource) => resource.id === other)?.inputs;
      return { id, state: made(type, name, id, inputs, { count, find }) };
    },
    call: ({ token, inputs }) => {
      run.questions.push({ token, inputs });
      return answer(region, token, inputs);
    },
  };
  return new Recorder(mocks, run.resources);
}

/** An Elastic IP's by its name, `a-1` to `h-1`, `a-2`, …: so it is the same in each run, and behind either front door. */
export function elasticIpNumber(type: string, name: string): number | undefined {
  const [, letter, position] = /-([a-h])-(\d+)$/.exec(name) ?? [];
  if (type !== EIP || letter === undefined) return undefined;
  return (Number(position) - 1) * ZONES + zoneIndex(letter) + 1;
}

/** The SDK's mock monitor, that also keeps the requests: its public mocks show neither parent nor options. */
class Recorder extends (MockMonitor as unknown as new (mocks: pulumi.runtime.Mocks) => any) {
  private readonly recording: RecordedResource[];

  constructor(mocks: pulumi.runtime.Mocks, recording: RecordedResource[]) {
    super(mocks);
    this.recording = recording;
  }

  registerResource(request: any, callback: (error: unknown, response: any) => void) {
    return super.registerResource(request, (error: unknown, response: any) => {
      if (!error) this.recording.push(recorded(request, response));
      callback(error, response);
    });
  }

  registerResourceOutputs(request: any, callback: (error: unknown, response: any) => void) {
    const resource = this.recording.find((each) => each.urn === request.getUrn());
    if (resource)
      resource.outputs = opened(request.getOutputs()?.toJavaScript() ?? {}) as Record<string, any>;
    return super.registerResourceOutputs(request, callback);
  }
}

function recorded(request: any, response: any): RecordedResource {
  const raw = request.getObject()?.toJavaScript() ?? {};
  return {
    urn: response.getUrn(),
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent(),
    id: response.getId(),
    inputs: opened(raw) as Record<string, any>,
    shownInputs: opened(raw, () => "[secret]") as Record<string, any>,
    state: opened(response.getObject()?.toJavaScript() ?? {}) as Record<string, any>,
    outputs: {},
    options: {
      dependsOn: request.getDependenciesList(),
      deleteBeforeReplace: request.getDeletebeforereplace(),
      ignoreChanges: request.getIgnorechangesList(),
    },
    propertyDependencies: Object.fromEntries(
      [...request.getPropertydependenciesMap().entries()].map(([key, urns]: [string, any]) => [
        key,
        urns.getUrnsList(),
      ]),
    ),
  };
}

/** Pulumi's mark of a special value on the wire, and its mark of a secret. */
const SPECIAL = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** A value from the wire, with each secret replaced by what `show` makes of it; itself where it holds none. */
function opened(value: unknown, show: (secret: unknown) => unknown = (secret) => secret): unknown {
  if (value === null || typeof value !== "object") return value;
  const object = value as Record<string, unknown>;
  if (object[SPECIAL] === SECRET) return show(opened(object.value, show));
  const changed = Object.entries(object)
    .map(([key, each]) => [key, opened(each, show)] as const)
    .filter(([key, each]) => each !== object[key]);
  if (changed.length === 0) return value;
  const copy: Record<string, unknown> = Array.isArray(value) ? ([...value] as never) : { ...object };
  for (const [key, each] of changed) copy[key] = each;
  return copy;
}

function resolved(outputs: unknown): Promise<Record<string, any>> {
  const output: pulumi.Output<any> = pulumi.output(outputs as any);
  return new Promise((resolve) => output.apply((value) => resolve(value ?? {})));
}
