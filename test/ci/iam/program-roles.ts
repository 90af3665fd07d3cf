/** The roles that the program makes: who takes each, what it may, and what whoever has it calls. */
import { LOG_GROUP, ROLE, ROLE_POLICY, SECRET } from "../../../graph/types.ts";
import { recordedMachines } from "../../../offline/machines.ts";
import type { ProgramRun } from "../../../offline/program.ts";
import { ACCOUNT, arn, type Call, call, plain, REGION, standing, type Target } from "./call.ts";
import type { Policies } from "./decide.ts";
import { type Statement, statements } from "./document.ts";
import { World } from "./world.ts";

export interface ProgramRole {
  trust: Statement[];
  policies: Policies["identity"];
}

/** A role by its name in the program. */
export function programRole(run: ProgramRun, name: string): ProgramRole {
  const world = new World(run);
  const role = world.all(ROLE).find((each) => each.name === name)!;
  const policies = world.all(ROLE_POLICY).filter(({ inputs }) => inputs.role === role.id);
  return {
    trust: statements(real(world, role.inputs.assumeRolePolicy)),
    policies: policies.flatMap(({ inputs }) => statements(real(world, inputs.policy))),
  };
}

/** A document with AWS's ARNs in place of those that stand in for them offline. */
function real(world: World, document: string): string {
  const own = world.nodes.filter(({ state }) => typeof state.arn === "string");
  const named = own.reduce(
    (text, resource) => text.replaceAll(`"${resource.state.arn}`, () => `"${world.arn(resource)}`),
    document,
  );
  return named.replaceAll("offline", REGION).replaceAll("000000000000", ACCOUNT);
}

/** What the scripts on the machines call, by machine: each signs for itself, and names the action to AWS. */
export function machineCalls(run: ProgramRun): Record<string, Call[]> {
  const world = new World(run);
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
          call(target.replace(".", ":"), { Secret: secrets.map((each) => secret(world, each)) }),
        ),
      ];
    }),
  );
}

function secret(world: World, name: string): Target {
  const own = world.all(SECRET).find(({ inputs }) => inputs.name === name);
  return own ? world.standing(own) : standing(arn("secretsmanager", `secret:${name}-AbCdEf`));
}

/** What VPC flow logs call under their role (AWS: IAM role for publishing flow logs), but the making of the group, which stands. */
export function flowLogCalls(run: ProgramRun): Call[] {
  const world = new World(run);
  return world.all(LOG_GROUP).flatMap((resource) => {
    const form = (end: string) => plain(world.arn(resource) + end);
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
