/**
 * A stand-in for Pulumi's engine: serves its own protocol (gRPC: ResourceMonitor and Engine) to the program, which runs
 * as Pulumi runs it, and lets Deployment decide. No CLI, no plugin, no cloud.
 *
 *     index.ts ─ @pulumi/pulumi ──gRPC──▶ engine.ts ─▶ deployment.ts ─▶ aws/account.ts
 *                                            ▲               │
 *                                            └── the state ──┘
 */
import { createRequire } from "node:module";
import { hookOf } from "./callback.ts";
import type { Kill } from "./deployment/calls.ts";
import { Deployment } from "./deployment/deployment.ts";
import type { Step } from "./deployment/terms.ts";
import { goalOf } from "./goal.ts";
import { hasDeleteHooks } from "./hooks.ts";
import type { Provider } from "./provider.ts";
import { ALL_DONE, label, type State, type Undone } from "./state.ts";
import { type Properties, plain } from "./wire.ts";

const require = createRequire(import.meta.url);
const pulumiRequire = createRequire(require.resolve("@pulumi/pulumi"));
const grpc = pulumiRequire("@grpc/grpc-js");
const { Struct } = pulumiRequire("google-protobuf/google/protobuf/struct_pb.js");
const { Empty } = pulumiRequire("google-protobuf/google/protobuf/empty_pb.js");
const proto = require("@pulumi/pulumi/proto/resource_pb.js");
const { ResourceMonitorService } = require("@pulumi/pulumi/proto/resource_grpc_pb.js");
const engineProto = require("@pulumi/pulumi/proto/engine_pb.js");
const { EngineService } = require("@pulumi/pulumi/proto/engine_grpc_pb.js");

/** A program, as the engine finds it. */
export interface Program {
  project: string;
  stack: string;
  /** By full key. */
  config: Record<string, string>;
  secretKeys: string[];
}

/** Runs a program against the engine's address; rejects, or says so by its exit code, where it ends badly. */
export type Runner = (program: Program, address: string, preview: boolean) => Promise<void>;

export interface Result {
  steps: Step[];
  /** In order: what was done to the account. */
  done: string[];
  state: State;
  undone: Undone;
  /** Whether the engine was killed: its lock stays. */
  killed: boolean;
  /** What the program has asked for, also in a preview: there with unknown inputs. */
  registered: State;
  /** The stack's, secrets still marked. */
  outputs: Properties;
  /** What the program said: `warning: …`. */
  said: string[];
  /** Why the update did not go through; empty where it did. */
  refusals: string[];
}

/** A stack, and what is to be done to it. */
export interface Subject {
  state: State;
  /** @default nothing */
  undone?: Undone;
  provider: Provider;
  preview?: boolean;
}

export interface Update extends Subject {
  program: Program;
  run: Runner;
  /** `--target`: URNs. @default all */
  targets?: readonly string[];
  /** `pulumi destroy --run-program`, in place of `pulumi up`. */
  destroys?: boolean;
  kill?: Kill;
}

/** What a monitor can do. What is not here, the SDK refuses to the program. */
const FEATURES = ["SECRETS", "RESOURCE_REFERENCES", "OUTPUT_VALUES", "ALIAS_SPECS", "RESOURCE_HOOKS"].map(
  (name) => proto.ResourceMonitorFeature[`RESOURCE_MONITOR_FEATURE_${name}`],
);

/**
 * `pulumi destroy --skip-preview`, or its preview: the program has no say. After pulumi/pulumi, pkg/engine/destroy.go
 * (3.260), newDestroySource.
 */
export async function destroy({
  state,
  undone = ALL_DONE,
  provider,
  preview = false,
}: Subject): Promise<Result> {
  const deployment = new Deployment({ state, undone, provider, preview });
  const hooked = [...state.values(), ...undone.doomed].filter(({ options }) => hasDeleteHooks(options.hooks));
  for (const { urn } of hooked)
    deployment.calls.refuse(`${label(urn)} has delete hooks registered, but the program is not running`);
  if (hooked.length === 0) await deployment.finish();
  return resultOf(deployment, { registered: new Map(), outputs: {}, said: warned(undone, preview) });
}

/** `pulumi up --skip-preview`, or `pulumi preview`. */
export async function update(options: Update): Promise<Result> {
  const { program, run, undone = ALL_DONE, provider, preview = false } = options;
  const deployment = new Deployment({ ...options, undone, preview });
  const said = warned(undone, preview);
  const inTurn = oneByOne();
  let outputs: Properties = {};
  const server = new grpc.Server();
  server.addService(ResourceMonitorService, {
    getDeploymentInfo: answering(() => {
      const info = new proto.DeploymentInfo();
      info.setSupportedfeaturesList(FEATURES);
      return info;
    }),
    invoke: answering((request) => {
      const response = new proto.ResourceInvokeResponse();
      const args = plain(request.getArgs().toJavaScript());
      response.setReturn(Struct.fromJavaScript(provider.invoke(request.getTok(), args)));
      return response;
    }),
    registerResourceHook: answering((request) => {
      deployment.hooks.register(hookOf(request));
      return new Empty();
    }),
    registerResource: answering(async (request) => {
      const resource = await inTurn(() => deployment.register(goalOf(program, request)));
      const response = new proto.RegisterResourceResponse();
      response.setUnknown(deployment.isSkipped(resource.urn));
      response.setUrn(resource.urn);
      response.setId(resource.id);
      response.setObject(Struct.fromJavaScript(resource.outputs));
      return response;
    }),
    registerResourceOutputs: answering((request) => {
      const values = request.getOutputs()?.toJavaScript() ?? {};
      if (request.getUrn().includes("::pulumi:pulumi:Stack::")) outputs = values;
      deployment.registerOutputs(request.getUrn(), values);
      return new Empty();
    }),
    signalAndWaitForShutdown: answering(async () => {
      await inTurn(() => deployment.finish());
      return new Empty();
    }),
  });
  server.addService(EngineService, {
    log: answering((request) => {
      const severity = ["debug", "info", "warning", "error"][request.getSeverity()];
      if (severity !== "debug") said.push(`${severity}: ${request.getMessage()}`);
      return new Empty();
    }),
    setRootResource: answering(() => new engineProto.SetRootResourceResponse()),
    getRootResource: answering(() => new engineProto.GetRootResourceResponse()),
  });
  const address = await listen(server);
  try {
    await run(program, address, preview);
  } finally {
    server.forceShutdown();
  }
  said.push(...deployment.hooks.warnings.map((warning) => `warning: ${warning}`));
  return resultOf(deployment, { registered: deployment.registered, outputs, said });
}

/** What deployment_executor.go's printPendingOperationsWarning says, but for its advice. */
function warned({ operations }: Undone, preview: boolean): string[] {
  if (operations.length === 0 || preview) return [];
  const list = operations.map(({ urn, type }) => `${label(urn)}, interrupted while ${type}`).join("; ");
  return [
    `warning: Attempting to deploy or update resources with ${operations.length} pending operations from previous deployment: ${list}`,
  ];
}

/** Steps do not overlap, as those of a hook take a while. */
function oneByOne() {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(act: () => Promise<T>): Promise<T> => {
    const result = last.then(act);
    last = result.catch(() => undefined);
    return result;
  };
}

function resultOf(deployment: Deployment, told: Pick<Result, "registered" | "outputs" | "said">): Result {
  const { steps, state, undone, calls } = deployment;
  if (calls.failure !== undefined) throw calls.failure;
  const { done, refusals, cutOff } = calls;
  return { steps, done, state, undone, killed: cutOff !== undefined, refusals, ...told };
}

function answering(answer: (request: any) => unknown) {
  return async (
    { request }: { request: unknown },
    callback: (error: unknown, response?: unknown) => void,
  ): Promise<void> => {
    try {
      callback(null, await answer(request));
    } catch (error) {
      callback({ code: grpc.status.UNKNOWN, details: (error as Error).message });
    }
  };
}

function listen(server: any): Promise<string> {
  return new Promise((resolve, reject) =>
    server.bindAsync(
      "127.0.0.1:0",
      grpc.ServerCredentials.createInsecure(),
      (error: unknown, port: number) => (error ? reject(error) : resolve(`127.0.0.1:${port}`)),
    ),
  );
}
