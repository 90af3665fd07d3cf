/**
 * A stand-in for Pulumi's engine: serves its own protocol (gRPC: ResourceMonitor and Engine) to the program, which runs
 * as Pulumi runs it, and lets Deployment decide. No CLI, no plugin, no cloud.
 *
 *     index.ts ─ @pulumi/pulumi ──gRPC──▶ engine.ts ─▶ deployment.ts ─▶ aws/account.ts
 *                                            ▲               │
 *                                            └── the state ──┘
 */
import { createRequire } from "node:module";
import { Deployment, type Step } from "./deployment.ts";
import { goalOf } from "./goal.ts";
import type { Provider } from "./provider.ts";
import type { State } from "./state.ts";
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
  /** What the program has asked for, also in a preview: there with unknown inputs. */
  registered: State;
  /** The stack's, secrets still marked. */
  outputs: Properties;
  /** What the program said: `warning: …`. */
  said: string[];
  /** Why the update did not go through; empty where it did. */
  refusals: string[];
}

export interface Update {
  program: Program;
  run: Runner;
  state: State;
  provider: Provider;
  preview?: boolean;
}

/** What a monitor can do. What is not here, the SDK refuses to the program. */
const FEATURES = ["SECRETS", "RESOURCE_REFERENCES", "OUTPUT_VALUES", "ALIAS_SPECS"].map(
  (name) => proto.ResourceMonitorFeature[`RESOURCE_MONITOR_FEATURE_${name}`],
);

/** `pulumi destroy --skip-preview`, or its preview: the program has no say. */
export function destroy(state: State, provider: Provider, preview = false): Result {
  const deployment = new Deployment(state, provider, preview);
  deployment.finish();
  return resultOf(deployment, { registered: new Map(), outputs: {}, said: [] });
}

/** `pulumi up --skip-preview`, or `pulumi preview`. */
export async function update({ program, run, state, provider, preview = false }: Update): Promise<Result> {
  const deployment = new Deployment(state, provider, preview);
  const said: string[] = [];
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
    registerResource: answering((request) => {
      const resource = deployment.register(goalOf(program, request));
      const response = new proto.RegisterResourceResponse();
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
    signalAndWaitForShutdown: answering(() => {
      deployment.finish();
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
  return resultOf(deployment, { registered: deployment.registered, outputs, said });
}

function resultOf(deployment: Deployment, told: Pick<Result, "registered" | "outputs" | "said">): Result {
  const { steps, done, refusals, state, failure } = deployment;
  if (failure !== undefined) throw failure;
  return { steps, done, state, refusals, ...told };
}

function answering(answer: (request: any) => unknown) {
  return ({ request }: { request: unknown }, callback: (error: unknown, response?: unknown) => void) => {
    try {
      callback(null, answer(request));
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
