/** User data is no place for secrets: whoever may describe an instance reads it. */

import { INSTANCE, LAUNCH_TEMPLATE } from "../../../graph/types.ts";
import type { ResourceRule } from "../../framework/rule.ts";
import { lines, readable, readUserData, userDataOf } from "../../resources/user-data.ts";

export const userDataWithoutSecrets: ResourceRule<typeof INSTANCE | typeof LAUNCH_TEMPLATE> = {
  name: "user-data-without-secrets",
  demands: "User data can be read, and holds no key, token or password.",
  severity: "critical",
  reason: "Everyone who may describe the instance, and every process on it, reads its user data.",
  fix: "put it into Secrets Manager and let the machine fetch it with its role, as the accounts are",
  link: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html",
  of: [INSTANCE, LAUNCH_TEMPLATE],
  violations: (resource) => {
    const bytes = userDataOf(resource);
    if (bytes === undefined) return [];
    const read = readUserData(bytes);
    const text = readable(bytes);
    if (read === undefined || text === undefined)
      return ["its user data is no cloud-config, so nobody can tell what is in it"];
    const kinds = Object.entries(SHAPES).filter(([, shape]) => shape.test(text));
    return [
      ...kinds.map(([kind]) => `its user data holds ${kind}`),
      ...read.keys.filter((key) => PASSWORDS.has(key)).map((key) => `its user data sets a password (${key})`),
      ...Object.entries(read.files)
        .filter(([path, content]) => /\/(chap|pap)-secrets$/.test(path) && lines(content).length > 0)
        .map(([path]) => `its user data writes accounts into ${path}`),
    ];
  },
};

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
