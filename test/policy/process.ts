/** The pack in a process of its own, started as Pulumi's CLI starts it, and asked over the engine's protocol. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { RecordedResource } from "../../offline/program.ts";
import { type Violation, violations } from "./analysis.ts";
import { analyzeRequest, stackRequest } from "./requests.ts";

const require = createRequire(import.meta.url);
const pulumiRequire = createRequire(require.resolve("@pulumi/pulumi"));
const grpc = pulumiRequire("@grpc/grpc-js");
const { Empty } = pulumiRequire("google-protobuf/google/protobuf/empty_pb.js");
const { Struct } = pulumiRequire("google-protobuf/google/protobuf/struct_pb.js");
const { AnalyzerClient } = require("@pulumi/pulumi/proto/analyzer_grpc_pb.js");
const proto = require("@pulumi/pulumi/proto/analyzer_pb.js");

const PACK = join(import.meta.dirname, "../../policy");

/** By policy: its settings, and maybe `enforcementLevel`, as in the file of `--policy-pack-config`. */
export type Config = Record<string, Record<string, unknown>>;

export class Pack {
  private readonly client: any;
  private readonly stopped: () => Promise<void>;

  private constructor(client: any, stopped: () => Promise<void>) {
    this.client = client;
    this.stopped = stopped;
  }

  /** The CLI's own words: the pack's folder is where it runs, and `.` is the program; the first word is the engine's address. */
  static async start(): Promise<Pack> {
    const run = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
    const child = spawn(process.execPath, [run, "127.0.0.1:1", "."], { cwd: PACK });
    const port = await new Promise<string>((resolve, reject) => {
      let said = "";
      let wrong = "";
      child.stderr.on("data", (data) => {
        wrong += data;
      });
      child.stdout.on("data", (data) => {
        said += data;
        if (said.includes("\n")) resolve(said.trim());
      });
      child.on("exit", (code) => reject(new Error(`the pack ended with ${code}: ${wrong}`)));
    });
    const client = new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    return new Pack(client, () => {
      const gone = new Promise<void>((resolve) => child.on("exit", () => resolve()));
      child.kill();
      return gone;
    });
  }

  /** What the engine is told of the policies. */
  async policies(): Promise<{ name: string; severity: number; url: string; fix: string; schema: any }[]> {
    const info = await this.ask("getAnalyzerInfo", new Empty());
    return info.getPoliciesList().map((policy: any) => ({
      name: policy.getName(),
      severity: policy.getSeverity(),
      url: policy.getUrl(),
      fix: policy.getRemediationSteps(),
      schema: policy.getConfigschema()?.getProperties().toJavaScript(),
    }));
  }

  async configure(config: Config): Promise<void> {
    const request = new proto.ConfigureAnalyzerRequest();
    for (const [policy, settings] of Object.entries(config)) {
      const each = new proto.PolicyConfig();
      each.setEnforcementlevel(proto.EnforcementLevel.MANDATORY);
      each.setProperties(Struct.fromJavaScript(settings));
      request.getPolicyconfigMap().set(policy, each);
    }
    await this.ask("configure", request);
  }

  async analyze(resources: RecordedResource[]): Promise<Violation[]> {
    const found: Violation[] = [];
    for (const resource of resources)
      found.push(...violations(await this.ask("analyze", analyzeRequest(resource)), resource.urn));
    return [...found, ...violations(await this.ask("analyzeStack", stackRequest(resources)))];
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.stopped();
  }

  private ask(method: string, request: unknown): Promise<any> {
    return new Promise((resolve, reject) =>
      this.client[method](request, (error: unknown, response: unknown) =>
        error ? reject(error) : resolve(response),
      ),
    );
  }
}
