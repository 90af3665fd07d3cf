/** What docs/ci gives GitHub's jobs in AWS: to whom, and that it follows the program. */
import { beforeAll, describe, expect, test } from "vitest";
import { type ProgramRun, runProgram } from "../../offline/program.ts";
import { stackInput } from "../../offline/stack.ts";
import { read } from "../files.ts";
import { CREATES, QUESTIONS } from "./actions.ts";
import { workflow } from "./workflow.ts";

interface Statement {
  Effect: string;
  Principal?: unknown;
  Action: string | string[];
  Resource: string | string[];
  Condition?: Record<string, Record<string, string>>;
}

const statements = (name: string): Statement[] => JSON.parse(read(`docs/ci/${name}.json`)).Statement;
const listed = (value: string | string[]) => [value].flat();

/** Whether a policy's statement allows an action; `*` in it is any text. */
function allows(policy: Statement[], action: string): boolean {
  const matches = (pattern: string) =>
    new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`).test(action);
  return policy.some(({ Effect, Action }) => Effect === "Allow" && listed(Action).some(matches));
}

describe.each([
  ["preview", "pull_request"],
  ["deploy", "environment:prod"],
])("who takes the role to %s", (role, job) => {
  test("is one kind of job of one repository, which its numbers name too", () => {
    const [statement, ...more] = statements(`${role}-trust`);
    expect(more).toEqual([]);
    expect(statement!.Principal).toEqual({
      Federated: expect.stringMatching(
        /^arn:aws:iam::\d{12}:oidc-provider\/token\.actions\.githubusercontent\.com$/,
      ),
    });
    expect(statement!.Action).toBe("sts:AssumeRoleWithWebIdentity");
    expect(statement!.Condition).toEqual({
      StringEquals: {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": `repo:OWNER@123456/REPOSITORY@456789:${job}`,
      },
    });
  });
});

test("the environment that may deploy is a stack of the workflow's", () => {
  expect(workflow.jobs.deploy.strategy?.matrix.stack).toContain("prod");
});

/** The program in the shapes that make every type of resource that it knows, and ask all that it asks. */
const shapes: string[][] = [
  ["dialName=pptp.example.com", "hostedZoneId=Z0123456789ABCDEFGHIJ"],
  ["frontDoor=eip", "dialName=pptp.example.com", "hostedZoneId=Z0123456789ABCDEFGHIJ"],
  ["frontDoor=eip", "vpcId=vpc-0123456789abcdef0", 'subnetIds=["subnet-0123456789abcdef0"]', "servers=1"],
];

describe("what the roles may do", () => {
  let runs: ProgramRun[];
  beforeAll(async () => {
    runs = [];
    for (const shape of shapes) runs.push(await runProgram(stackInput("prod", shape)));
  }, 60_000);

  test.each(["preview-policy", "deploy-policy"])("%s: all that the program asks of AWS", (name) => {
    const tokens = new Set(runs.flatMap(({ questions }) => questions.map(({ token }) => token)));
    expect([...tokens].sort()).toEqual(Object.keys(QUESTIONS).sort());
    for (const action of Object.values(QUESTIONS).flat())
      expect([action, allows(statements(name), action)]).toEqual([action, true]);
  });

  test("deploy-policy: each type of resource that the program makes, made and taken away", () => {
    const types = new Set(runs.flatMap(({ resources }) => resources.map(({ type }) => type)));
    const made = [...types].filter((type) => type.startsWith("aws:")).sort();
    expect(made).toEqual(Object.keys(CREATES).sort());
    for (const action of Object.values(CREATES).flat())
      expect([action, allows(statements("deploy-policy"), action)]).toEqual([action, true]);
  });

  test("preview-policy: nothing that changes anything", () => {
    const actions = statements("preview-policy").flatMap(({ Action }) => listed(Action));
    expect(
      actions.filter((action) => !/^(ec2:Describe|s3:Get|s3:List|kms:Decrypt$)[A-Za-z]*$/.test(action)),
    ).toEqual([]);
    expect(allows(statements("preview-policy"), "ec2:RunInstances")).toBe(false);
    expect(allows(statements("preview-policy"), "s3:PutObject")).toBe(false);
  });

  test("deploy-policy: roles, secrets and logs of the fleet's names only, none of the job's own", () => {
    for (const { Action, Resource } of statements("deploy-policy")) {
      const actions = listed(Action);
      if (actions.some((action) => /^(iam:(?!CreateServiceLinkedRole)|secretsmanager:)/.test(action)))
        for (const resource of listed(Resource))
          expect(resource).toMatch(/:(role|instance-profile|secret)[/:]pptp-fleet[-/]\*$/);
    }
    expect(allows(statements("deploy-policy"), "iam:AttachRolePolicy")).toBe(false);
    expect(allows(statements("deploy-policy"), "iam:CreateUser")).toBe(false);
  });

  // Characters, white space apart (IAM: quotas).
  test.each(["preview-policy", "deploy-policy"])("%s: no more than a managed policy holds", (name) => {
    expect(read(`docs/ci/${name}.json`).replace(/\s/g, "").length).toBeLessThanOrEqual(6144);
  });
});
