/** The workflow that docs/ci.md hands to users: what it may, when it does what, and that what it runs is there. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ROOT, read } from "../shared/files.ts";
import { jobs, steps, text, using, workflow } from "./workflow.ts";

const { check, preview, deploy } = workflow.jobs;
const manifest = JSON.parse(read("package.json"));
const CREDENTIALS = "aws-actions/configure-aws-credentials";
const PULUMI = "pulumi/actions";

describe("no key is kept:", () => {
  test("it uses no secret of the repository's", () => {
    expect(text).not.toMatch(/secrets\s*[.[]/);
    expect(text).not.toMatch(/access-key|passphrase/i);
  });

  test("only the jobs that ask AWS get GitHub's word for what they are", () => {
    expect(workflow.permissions).toEqual({});
    expect(check.permissions).toEqual({ contents: "read" });
    expect(preview.permissions).toEqual({ contents: "read", "id-token": "write", "pull-requests": "write" });
    expect(deploy.permissions).toEqual({ contents: "read", "id-token": "write" });
  });

  test("credentials come after all that installs, and a role is all they are", () => {
    for (const job of [preview, deploy]) {
      const [credentials, ...more] = using(job, CREDENTIALS);
      expect(more).toEqual([]);
      expect(Object.keys(credentials!.with)).toEqual(["role-to-assume", "role-session-name", "aws-region"]);
      expect(job.steps.findIndex(({ run }) => run === "npm ci")).toBeLessThan(credentials!.at);
      for (const { at } of using(job, PULUMI)) expect(at).toBeGreaterThan(credentials!.at);
    }
    expect(using(check, CREDENTIALS)).toEqual([]);
  });
});

test("each action is pinned to a commit, with its version beside it, the same everywhere", () => {
  const pins = [...text.matchAll(/uses: (\S+)@(\S+)(.*)/g)];
  expect(pins.length).toBe(steps.filter(({ uses }) => uses !== undefined).length);
  for (const [, , commit, comment] of pins) {
    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    expect(comment).toMatch(/^ # v\d+\.\d+\.\d+$/);
  }
  const versions = new Map(pins.map(([, action, commit, comment]) => [action, commit! + comment]));
  for (const [, action, commit, comment] of pins) expect(versions.get(action)).toBe(commit! + comment);
});

describe("when:", () => {
  test("a pull request is previewed after its tests, if it is of this repository", () => {
    expect(preview.needs).toBe("check");
    expect(check.if).toBe("github.event_name == 'pull_request'");
    expect(preview.if).toMatch(/head\.repo\.full_name == github\.repository/);
    // An environment would change what AWS's trust policy is held against.
    expect(preview.environment).toBeUndefined();
  });

  test("what is merged goes up behind its stack's environment, and nothing else does", () => {
    expect(deploy.if).toBe("github.event_name == 'push'");
    expect(deploy.environment).toBe("$" + "{{ matrix.stack }}");
    const ups = jobs.flatMap((job) => using(job, PULUMI)).filter((step) => step.with.command === "up");
    expect(ups.length).toBe(1);
    expect(using(deploy, PULUMI).map((step) => step.with.command)).toEqual(["preview", "up"]);
    expect(using(preview, PULUMI).map((step) => step.with.command)).toEqual(["preview"]);
  });

  test("both know the same stacks", () => {
    expect(deploy.strategy?.matrix.stack).toEqual(preview.strategy?.matrix.stack);
  });
});

describe("what it runs is there:", () => {
  test("each stack has its file", () => {
    for (const stack of deploy.strategy!.matrix.stack)
      expect(existsSync(join(ROOT, `Pulumi.${stack}.yaml`)), stack).toBe(true);
  });

  test("each npm script is the project's", () => {
    const named = steps.flatMap(({ run = "" }) => [...run.matchAll(/npm run (?:--\S+ )*(\S+)/g)]);
    expect(named.map(([, script]) => script)).toEqual(["lint", "types", "unit", "plan"]);
    for (const [, script] of named) expect(Object.keys(manifest.scripts)).toContain(script);
  });

  test("each script is one that bash can read", () => {
    for (const { run } of steps)
      if (run !== undefined)
        expect(spawnSync("bash", ["-n"], { input: run, encoding: "utf8" })).toMatchObject({
          status: 0,
          stderr: "",
        });
  });

  test("each preview and up is held against the pack, by the CLI that the program is written for", () => {
    for (const step of jobs.flatMap((job) => using(job, PULUMI))) {
      expect(existsSync(join(ROOT, String(step.with.policyPacks), "PulumiPolicy.yaml"))).toBe(true);
      expect(step.with["pulumi-version"]).toBe(manifest.dependencies["@pulumi/pulumi"]);
      expect(step.with["stack-name"]).toBe("$" + "{{ matrix.stack }}");
      expect(step.with["cloud-url"]).toBe("$" + "{{ vars.PULUMI_BACKEND_URL }}");
    }
  });

  test("Node is the one that the program asks for", () => {
    for (const job of jobs) {
      const [node] = using(job, "actions/setup-node");
      expect(`>=${node!.with["node-version"]}`).toBe(manifest.engines.node);
    }
  });

  test("all that docs/ci.md says to set is used, and the other way round", () => {
    const used = [...text.matchAll(/vars\.([A-Z_]+)/g)].map(([, name]) => name!);
    const said = [...read("docs/ci.md").matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name!);
    expect([...new Set(used)].sort()).toEqual(said.sort());
  });
});
