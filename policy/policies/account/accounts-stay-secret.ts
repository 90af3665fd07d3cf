/** The accounts' passwords are in the secret, and nowhere else in the stack. */

import { BUCKET_OBJECT, SECRET_VERSION } from "../../../graph/types.ts";
import type { StackRule } from "../../framework/rule.ts";
import { type Node, type Stack, UNKNOWN } from "../../framework/stack.ts";
import { readObject } from "../../resources/bundles.ts";
import { unreadBundles } from "../../resources/machines.ts";
import { textIn } from "../../resources/strings.ts";
import { readable, userDataOf } from "../../resources/user-data.ts";

/** Characters: a shorter one is a word that may stand anywhere. */
const SHORTEST = 8;

export const accountsStaySecret: StackRule = {
  name: "accounts-stay-secret",
  demands:
    "A password of eight characters or more that Secrets Manager holds stands in no other resource, its user data and bundles unpacked.",
  severity: "critical",
  reason:
    "Tags, user data, bundles and descriptions are for everyone who may list or read them, and stay in logs and states.",
  fix: "hand machines the secret's name, and let them read it with their role",
  link: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/best-practices.html",
  stackViolations: (stack) => {
    const passwords = [...passwordsOf(stack)];
    const unknown = stack
      .all(SECRET_VERSION)
      .filter(({ props }) => props.secretString === UNKNOWN)
      .map((node) => ({ node, unknown: "secretString" }));
    const found = stack.nodes
      .filter(({ type }) => type !== SECRET_VERSION)
      .filter((node) => {
        const text = textOf(node);
        return passwords.some((password) => text.includes(password));
      })
      .map((node) => ({ node, problem: "a password of the accounts' secret stands in it" }));
    return [...found, ...unknown, ...unreadBundles(stack, "whether a password stands in it")];
  },
};

function passwordsOf(stack: Stack): Set<string> {
  const found = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value === "string" && value.length >= SHORTEST) found.add(value);
    else if (Array.isArray(value)) value.forEach(collect);
    else if (value !== null && typeof value === "object")
      for (const [key, each] of Object.entries(value)) if (key !== "name") collect(each);
  };
  for (const { props } of stack.all(SECRET_VERSION)) {
    if (typeof props.secretString === "string") collect(parsed(props.secretString));
  }
  return found;
}

/** A secret that is no JSON is one password. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** All that the resource says, with what it packs unpacked. */
function textOf(node: Node): string {
  return [textIn(node.props), unpacked(node)].join("\n");
}

function unpacked(node: Node): string {
  if (node.type === BUCKET_OBJECT) return readObject(node.props).text;
  const bytes = userDataOf(node);
  // Of user data that nobody can read, user-data-without-secrets tells.
  return (bytes && readable(bytes)) ?? "";
}
