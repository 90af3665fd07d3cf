/**
 * What docs/ci gives GitHub's jobs in AWS: who takes which role, and each call that an update makes under it, decided as IAM
 * does. That the calls are AWS's and take what is said of them here, test/scripts/iam/ holds against AWS's reference.
 */

import { beforeAll, describe, expect, test } from "vitest";
import { trusts } from "../../offline/iam/policy.ts";
import { read } from "../shared/files.ts";
import type { Call } from "./iam/call.ts";
import { open, questions, write } from "./iam/calls/pulumi.ts";
import { document } from "./iam/document.ts";
import { type Fleets, fleets } from "./iam/fleets.ts";
import { changeable, lives } from "./iam/operations.ts";
import { refusals } from "./iam/refusals.ts";
import { workflow } from "./workflow.ts";

const GITHUB = {
  type: "Federated",
  name: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
};
const REPOSITORY = "repo:OWNER@123456/REPOSITORY@456789";
const PREVIEW = `${REPOSITORY}:pull_request`;
const DEPLOY = `${REPOSITORY}:environment:prod`;

describe.each([
  ["preview", PREVIEW],
  ["deploy", DEPLOY],
])("who takes the role to %s", (role, job) => {
  const may = (sub: string, aud = "sts.amazonaws.com", principal = GITHUB) =>
    trusts(document(`${role}-trust`), "sts:AssumeRoleWithWebIdentity", principal, {
      "token.actions.githubusercontent.com:aud": aud,
      "token.actions.githubusercontent.com:sub": sub,
    });

  test("is one kind of job of one repository, which its numbers name too", () => {
    expect(may(job)).toBe(true);
    const others = [
      ...[PREVIEW, DEPLOY].filter((other) => other !== job),
      `${REPOSITORY}:environment:dev`,
      `${REPOSITORY}:ref:refs/heads/main`,
      job.replace("@456789", "@456780"),
      job.replace("@456789", ""),
      job.replace("OWNER@123456", "STRANGER@654321"),
      `${job}-2`,
    ];
    expect(others.filter((sub) => may(sub))).toEqual([]);
  });

  test("comes by GitHub's word, meant for AWS, and by no other way", () => {
    expect(may(job, "https://github.com/OWNER")).toBe(false);
    expect(may(job, "sts.amazonaws.com", { ...GITHUB, name: GITHUB.name.replace(".com", ".net") })).toBe(
      false,
    );
    expect(may(job, "sts.amazonaws.com", { type: "AWS", name: "*" })).toBe(false);
    const named = { "token.actions.githubusercontent.com:sub": job };
    expect(trusts(document(`${role}-trust`), "sts:AssumeRoleWithWebIdentity", GITHUB, named)).toBe(false);
    expect(trusts(document(`${role}-trust`), "sts:AssumeRole", GITHUB, named)).toBe(false);
  });
});

test("the environment that may deploy is a stack of the workflow's", () => {
  expect(workflow.jobs.deploy.strategy?.matrix.stack).toContain("prod");
});

let all: Fleets;
beforeAll(async () => {
  all = await fleets();
});

/** What a role may not, of these, each once. */
function refused(name: string, calls: Call[]): string[] {
  return [...new Set(calls.flatMap((each) => refusals({ identity: document(name) }, each)))];
}

describe("the calls that are decided", () => {
  test("are those of every question that the program asks", () => {
    const tokens = new Set(all.runs.flatMap((run) => run.questions.map(({ token }) => token)));
    expect([...tokens].sort()).toEqual(Object.keys(questions).sort());
  });

  test("are those of every type of resource that it makes", () => {
    expect([...new Set(all.operations.map(({ type }) => type))].sort()).toEqual(Object.keys(lives).sort());
  });

  test.each(Object.keys(lives))("say of %s what a change of each input calls", (type) => {
    const inputs = all.operations
      .filter((operation) => operation.type === type)
      .flatMap(({ what }) => / update (\w+)$/.exec(what)?.[1] ?? []);
    expect([...new Set(inputs)].sort()).toEqual(changeable(type));
  });
});

describe("preview-policy allows", () => {
  test("all that the program asks of AWS, and the reading of state and secrets", () => {
    expect(refused("preview-policy", [...Object.values(questions).flat(), ...open])).toEqual([]);
  });

  test("nothing that changes anything", () => {
    const changes = all.operations.filter(({ what }) => !what.endsWith(": read"));
    const calls = [...changes.flatMap((operation) => operation.calls), ...write];
    const allowed = calls.filter((each) => refused("preview-policy", [each]).length === 0);
    const reading = /^(ec2:Describe\w+|s3:GetObject)$/;
    expect(allowed.map(({ action }) => action).filter((action) => !reading.test(action))).toEqual([]);
  });
});

describe("deploy-policy allows", () => {
  test("all that the program asks of AWS, and its state", () => {
    expect(refused("deploy-policy", [...Object.values(questions).flat(), ...open, ...write])).toEqual([]);
  });

  test.each(Object.keys(lives))("%s to be made, read, changed and taken away", (type) => {
    const own = all.operations.filter((operation) => operation.type === type);
    const denied = own.flatMap(({ what, calls }) =>
      refused("deploy-policy", calls).map((refusal) => `${what}: ${refusal}`),
    );
    expect(denied).toEqual([]);
  });
});

// Characters, white space apart (IAM: quotas): of a managed policy, and of all inline policies of a role.
test.each([
  ["boundary-policy", 6144],
  ["deploy-policy", 10_240],
  ["preview-policy", 10_240],
])("%s: no more than %i characters", (name, most) => {
  expect(read(`docs/ci/${name}.json`).replace(/\s/g, "").length).toBeLessThanOrEqual(most);
});

// The same of a trust policy (IAM: quotas; without a request for more).
test.each(["deploy-trust", "preview-trust"])("%s: no more than a role's trust policy holds", (name) => {
  expect(read(`docs/ci/${name}.json`).replace(/\s/g, "").length).toBeLessThanOrEqual(2048);
});
