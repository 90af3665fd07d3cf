/** The roles that the program makes: who takes each, what it may, and what whoever has it calls. */
import { LOG_GROUP, ROLE, ROLE_POLICY, SECRET } from "../../../graph/types.ts";
import { recordedMachines } from "../../../offline/machines.ts";
import type { ProgramRun } from "../../../offline/program.ts";
import { ACCOUNT, arn, type Call, call, plain, REGION, standing, type Target } from "./call.ts";
import type { Policies } from "./decide.ts";
import { type Statement, statements } from "./document.ts";
import { IamGraph } from "./iam-graph.ts";

export interface ProgramRole {
  trust: Statement[];
  policies: Policies["identity"];
}

/** A role by its name in the program. */
export function programRole(run: ProgramRun, name: string): ProgramRole {
  const graph = new IamGraph(run);
  const role = graph.all(ROLE).find((each) => each.name === name)!;
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

/** What the scripts on the machines call, by machine: each signs for itself, and names the action to AWS. */
export function machineCalls(run: ProgramRun): Record<string, Call[]> {
  const graph = new IamGraph(run);
  return Object.fromEntries(
    recordedMachines(run).map(({ name, cloudConfig }) => {
      const files = cloudConfig.write_files.map(({ content }) => content).join("\n");
      const secrets = [...files.matchAll(/^Environment=PPTP_FLEET_SECRET=(\S+)$/gm)].map(
        ([, secret]) => secret!,
      );
      const actions = [...files.matchAll(/X-Amz-Target: (\w+\.\w+)/g)].map(([, target]) => target!);
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
