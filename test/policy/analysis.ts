/** The pack's own policies on recorded resources, through the analysis functions that its process serves the engine. */
import { createRequire } from "node:module";
import * as server from "@pulumi/policy/server.js";
import type { RecordedResource } from "../../offline/program.ts";
import { makePolicies, rules } from "../../policy/policies.ts";
import { analyzeRequest, stackRequest } from "./requests.ts";

const require = createRequire(import.meta.url);
const { EnforcementLevel } = require("@pulumi/pulumi/proto/analyzer_pb.js");

export interface Violation {
  policy: string;
  /** Name of the resource; empty for none. */
  resource: string;
  message: string;
  /** Whether it stops the update. */
  stops: boolean;
}

// Exported by the package, and stripped from its declarations as internal.
const { makeAnalyzeRpcFun, makeAnalyzeStackRpcFun } = server as any;

/**
 * As in a preview or an update: each resource by its inputs, then the stack by its outputs.
 *
 * @param asked Which resources to ask about one by one; by default all.
 */
export async function analyze(
  resources: RecordedResource[],
  asked: (resource: RecordedResource) => boolean = () => true,
): Promise<Violation[]> {
  const pack = ["pptp-fleet", "0.1.0", "mandatory", makePolicies()];
  const [one, all] = [makeAnalyzeRpcFun(...pack), makeAnalyzeStackRpcFun(...pack)];
  const found: Violation[] = [];
  for (const resource of resources.filter(asked))
    found.push(...violations(await call(one, analyzeRequest(resource)), resource.urn));
  return [...found, ...violations(await call(all, stackRequest(resources)))];
}

/**
 * Those that changed, and those whose inputs policies about the stack want to see: as good as all, where the rest is
 * known to pass one by one.
 */
export function enough(touched: Set<string>): (resource: RecordedResource) => boolean {
  const seen = new Set<string>(rules.flatMap((rule) => ("inputsOf" in rule ? (rule.inputsOf ?? []) : [])));
  return ({ urn, type }) => touched.has(urn) || seen.has(type);
}

/** What a response tells. */
export function violations(response: any, urn = ""): Violation[] {
  return response.getDiagnosticsList().map((diagnostic: any) => ({
    policy: diagnostic.getPolicyname(),
    resource: (diagnostic.getUrn() || urn).split("::")[3] ?? "",
    message: diagnostic.getMessage(),
    stops: diagnostic.getEnforcementlevel() === EnforcementLevel.MANDATORY,
  }));
}

/** What stops an update, as `policy: resource`, each once. */
export async function stops(...question: Parameters<typeof analyze>): Promise<string[]> {
  const found = (await analyze(...question)).filter((violation) => violation.stops);
  return [...new Set(found.map(({ policy, resource }) => `${policy}: ${resource}`))].sort();
}

function call(serve: any, request: any): Promise<any> {
  return new Promise((resolve, reject) =>
    serve({ request }, (error: unknown, response: unknown) => (error ? reject(error) : resolve(response))),
  );
}
