/** The roles that the program makes: who takes each, what it may, and what whoever has it calls. */
import type { Resource } from "../../../graph/graph.ts";
import { machineName, roleOf } from "../../../graph/machines.ts";
import {
  BUCKET,
  BUCKET_OBJECT,
  BUCKET_POLICY,
  INSTANCE,
  LOG_GROUP,
  ROLE,
  ROLE_POLICY,
  SECRET,
} from "../../../graph/types.ts";
import { type Statement, statements } from "../../../offline/iam/policy.ts";
import { recordedMachines } from "../../../offline/machines.ts";
import type { ProgramRun } from "../../../offline/program.ts";
import { desiredKey, statusKey } from "../../../plan/bucket.ts";
import { ACCOUNT, arn, type Call, call, plain, REGION, standing, type Target } from "./call.ts";
import { IamGraph } from "./iam-graph.ts";
import type { Policies } from "./refusals.ts";

export interface ProgramRole {
  trust: Statement[];
  policies: Policies["identity"];
}

/** A role by its name in the program. */
export function programRole(run: ProgramRun, name: string): ProgramRole {
  const graph = new IamGraph(run);
  return read(graph, graph.all(ROLE).find((each) => each.name === name)!);
}

/** The roles of machines, by machine: those that their instances have. */
export function machineRoles(run: ProgramRun): Record<string, ProgramRole> {
  const graph = new IamGraph(run);
  return Object.fromEntries(
    graph
      .all(INSTANCE)
      .map((instance) => [machineName(instance), read(graph, graph.find(ROLE, roleOf(graph, instance)!))]),
  );
}

/** What the stack's bucket says itself. */
export function bucketPolicy(run: ProgramRun): Statement[] {
  const graph = new IamGraph(run);
  return graph.all(BUCKET_POLICY).flatMap(({ inputs }) => statements(real(graph, inputs.policy)));
}

function read(graph: IamGraph, role: Resource<typeof ROLE>): ProgramRole {
  const policies = graph.all(ROLE_POLICY).filter(({ inputs }) => inputs.role === role.id);
  return {
    trust: statements(real(graph, role.inputs.assumeRolePolicy)),
    policies: policies.flatMap(({ inputs }) => statements(real(graph, inputs.policy))),
  };
}

/** A document with AWS's ARNs in place of those that stand in for them offline. */
function real(graph: IamGraph, document: string): string {
  const own = graph.nodes.filter(({ state }) => typeof state.arn === "string");
  const named = own.reduce(
    (text, resource) => text.replaceAll(`"${resource.state.arn}`, () => `"${graph.arn(resource)}`),
    document,
  );
  return named.replaceAll("offline", REGION).replaceAll("000000000000", ACCOUNT);
}

/** A call of S3's by TLS, as each is, or without. */
function s3(action: string, on: Record<string, Target>, tls = true): Call {
  return call(`s3:${action}`, on, { "aws:SecureTransport": String(tls) });
}

/** What a machine does with S3: which bundle, the bundle, and what it says of itself. */
export function fetchCalls(run: ProgramRun, machine: string): Call[] {
  const { desired, bundle, status } = machineObjects(run)[machine]!;
  return [s3("GetObject", desired), s3("GetObject", bundle), s3("PutObject", status)];
}

/** What could be done with another's, by machine: all that reads, lists, writes or deletes. */
export function objectCalls(run: ProgramRun, tls = true): Record<string, Call[]> {
  const graph = new IamGraph(run);
  const bucket = { bucket: plain(graph.arn(graph.all(BUCKET)[0]!)) };
  const lists = ["ListBucket", "ListBucketVersions", "GetBucketPolicy", "PutBucketPolicy", "DeleteBucket"];
  const actions = ["GetObject", "GetObjectVersion", "PutObject", "PutObjectAcl", "DeleteObject"];
  return Object.fromEntries(
    Object.entries(machineObjects(run)).map(([machine, objects]) => [
      machine,
      [
        ...lists.map((action) => s3(action, bucket, tls)),
        ...Object.values(objects).flatMap((on) =>
          [...actions, "DeleteObjectVersion"].map((action) => s3(action, on, tls)),
        ),
      ],
    ]),
  );
}

type Objects = Record<"desired" | "bundle" | "status", { object: Target }>;

/** Each machine's own; status is the machine's to make. */
function machineObjects(run: ProgramRun): Record<string, Objects> {
  const graph = new IamGraph(run);
  const bucket = graph.all(BUCKET)[0]!.id;
  const at = (key: string) => ({ object: plain(graph.objectArn(bucket, key)) });
  return Object.fromEntries(
    graph.all(INSTANCE).map((instance): [string, Objects] => {
      const machine = machineName(instance);
      const pointer = graph.all(BUCKET_OBJECT).find(({ inputs }) => inputs.key === desiredKey(machine))!;
      const { key } = JSON.parse(pointer.inputs.content!);
      return [machine, { desired: at(desiredKey(machine)), bundle: at(key), status: at(statusKey(machine)) }];
    }),
  );
}

/** What the scripts on the machines call of Secrets Manager, by machine: each signs for itself, and names the action to AWS. */
export function machineCalls(run: ProgramRun): Record<string, Call[]> {
  const graph = new IamGraph(run);
  return Object.fromEntries(
    recordedMachines(run).map(({ name, files }) => {
      const text = files.map(({ content }) => content).join("\n");
      const secrets = [...text.matchAll(/^Environment=PPTP_FLEET_SECRET=(\S+)$/gm)].map(
        ([, secret]) => secret!,
      );
      const actions = [...text.matchAll(/X-Amz-Target: (\w+\.\w+)/g)].map(([, target]) => target!);
      return [
        name,
        actions.map((target) =>
          call(target.replace(".", ":"), { Secret: secrets.map((each) => secret(graph, each)) }),
        ),
      ];
    }),
  );
}

function secret(graph: IamGraph, name: string): Target {
  const own = graph.all(SECRET).find(({ inputs }) => inputs.name === name);
  return own ? graph.standing(own) : standing(arn("secretsmanager", `secret:${name}-AbCdEf`));
}

/** What VPC flow logs call under their role (AWS: IAM role for publishing flow logs), but the making of the group, which stands. */
export function flowLogCalls(run: ProgramRun): Call[] {
  const graph = new IamGraph(run);
  return graph.all(LOG_GROUP).flatMap((resource) => {
    const form = (end: string) => plain(graph.arn(resource) + end);
    const stream = { "log-stream": form(":log-stream:eni-0123456789abcdef0-all") };
    return [
      call("logs:DescribeLogGroups"),
      // Both of AWS's forms of a group.
      call("logs:DescribeLogStreams", { "log-group": [form(""), form(":*")] }),
      call("logs:CreateLogStream", stream),
      call("logs:PutLogEvents", stream),
    ];
  });
}
