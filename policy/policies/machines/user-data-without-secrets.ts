/** User data is no place for secrets: whoever may describe an instance reads it. Nor are bundles, which follow from it. */

import { machineOfBundle } from "../../../graph/bundles.ts";
import { BUCKET_OBJECT, INSTANCE, LAUNCH_TEMPLATE } from "../../../graph/types.ts";
import type { Asked, ResourceRule, StackRule } from "../../framework/rule.ts";
import { readObject } from "../../resources/bundles.ts";
import { unreadBundles } from "../../resources/machines.ts";
import { lines, readable, readUserData, userDataOf } from "../../resources/user-data.ts";

type Started = typeof INSTANCE | typeof LAUNCH_TEMPLATE;

export const userDataWithoutSecrets: ResourceRule<Started | typeof BUCKET_OBJECT> & StackRule = {
  name: "user-data-without-secrets",
  demands:
    "User data, and the bundle in the stack's bucket that it has a machine fetch, can be read, and hold no key, token or password.",
  severity: "critical",
  reason:
    "Everyone who may describe the instance, and every process on it, reads its user data; bundles stay in the bucket and in the stack's state.",
  fix: "put it into Secrets Manager and let the machine fetch it with its role, as the accounts are",
  link: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html",
  of: [INSTANCE, LAUNCH_TEMPLATE, BUCKET_OBJECT],
  violations: (resource) =>
    resource.type === BUCKET_OBJECT ? inObject(resource.props) : inUserData(resource),
  // What no machine could read, nobody here can either.
  stackViolations: (stack) => unreadBundles(stack, "what secrets are in it"),
};

function inUserData(resource: Asked<Started>): string[] {
  const bytes = userDataOf(resource);
  if (bytes === undefined) return [];
  const read = readUserData(bytes);
  const text = readable(bytes);
  if (read === undefined || text === undefined)
    return ["its user data is no cloud-config, so nobody can tell what is in it"];
  return [
    ...kinds(text).map((kind) => `its user data holds ${kind}`),
    ...read.keys.filter((key) => PASSWORDS.has(key)).map((key) => `its user data sets a password (${key})`),
    ...accounts(read.files).map((path) => `its user data writes accounts into ${path}`),
  ];
}

function inObject(props: Asked<typeof BUCKET_OBJECT>["props"]): string[] {
  const machine = machineOfBundle(props.key);
  if (machine === undefined) return [];
  const { text, bundle } = readObject(props);
  return [
    ...kinds(text).map((kind) => `the bundle of ${machine} holds ${kind}`),
    ...accounts(bundle?.files ?? {}).map((path) => `the bundle of ${machine} writes accounts into ${path}`),
  ];
}

function kinds(text: string): string[] {
  return Object.entries(SHAPES).flatMap(([kind, shape]) => (shape.test(text) ? [kind] : []));
}

/** Paths of files that have some. */
function accounts(files: Readonly<Record<string, string>>): string[] {
  return Object.entries(files).flatMap(([path, content]) =>
    /\/(chap|pap)-secrets$/.test(path) && lines(content).length > 0 ? [path] : [],
  );
}

/** By their issuers' forms. */
const SHAPES: Record<string, RegExp> = {
  "an AWS access key": /\b(AKIA|ASIA)[A-Z2-7]{16}\b/,
  "an AWS secret key": /aws_secret_access_key\s*[=:]\s*\S/i,
  "a private key": /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  "a Pulumi token": /\bpul-[0-9a-f]{40}\b/,
  "a GitHub token": /\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{22,})/,
};

/** cloud-init's keys (cloudinit.readthedocs.io, users-groups and set-passwords). */
const PASSWORDS = new Set(["password", "chpasswd", "passwd", "hashed_passwd", "plain_text_passwd"]);
