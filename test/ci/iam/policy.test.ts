/** IAM's rules, one by one (AWS: Policy evaluation logic; IAM JSON policy elements). */

import { describe, expect, test } from "vitest";
import { allows, type Statement, statements, trusts } from "../../../offline/iam/policy.ts";
import { call, plain } from "./call.ts";
import { refusals } from "./refusals.ts";

const ARN = "arn:aws:ec2:eu-west-1:111122223333:instance/i-1";
const allow = (changes: Partial<Statement> = {}): Statement[] => [
  { Effect: "Allow", Action: "ec2:StopInstances", Resource: "*", ...changes },
];
const may = (policy: Statement[], context = {}, resource = ARN) =>
  allows(policy, "ec2:StopInstances", resource, context);

describe("actions", () => {
  test.each([
    ["ec2:StopInstances", true],
    ["EC2:stopinstances", true],
    ["ec2:Stop*", true],
    ["ec2:StopInstance?", true],
    ["*", true],
    ["ec2:Start*", false],
    ["ec2:StopInstance", false],
    ["s3:StopInstances", false],
  ])("%s", (Action, expected) => {
    expect(may(allow({ Action }))).toBe(expected);
  });
});

describe("resources", () => {
  test.each([
    [ARN, true],
    ["arn:aws:ec2:eu-west-1:111122223333:*", true],
    ["arn:aws:ec2:*:111122223333:instance/*", true],
    ["arn:aws:ec2:eu-west-1:111122223333:instance/?-1", true],
    ["arn:aws:ec2:eu-west-1:111122223333:INSTANCE/*", false],
    ["arn:aws:ec2:us-east-1:111122223333:*", false],
    ["arn:aws:ec2:eu-west-1::instance/*", false],
    ["arn:aws:ec2:eu-west-1:111122223333:instance/i-10", false],
    // A wildcard ends with its segment.
    ["arn:aws:*:instance/i-1", false],
  ])("%s", (Resource, expected) => {
    expect(may(allow({ Resource }))).toBe(expected);
  });

  test("an action that takes none is on *, and no ARN allows it", () => {
    const listing = { action: "ec2:StopInstances", on: {}, context: {} };
    expect(refusals({ identity: allow() }, listing)).toEqual([]);
    expect(refusals({ identity: allow({ Resource: "arn:aws:ec2:*:*:*" }) }, listing)).toEqual([
      "not authorized to perform ec2:StopInstances on *",
    ]);
  });

  test("a call on several is allowed when it is on each", () => {
    const several = call("ec2:RunInstances", {
      instance: plain(ARN),
      image: plain("arn:aws:ec2:eu-west-1::image/ami-1"),
    });
    const own = allow({ Action: "ec2:RunInstances", Resource: "arn:aws:ec2:eu-west-1:111122223333:*" });
    expect(refusals({ identity: own }, several)).toEqual([
      "not authorized to perform ec2:RunInstances on arn:aws:ec2:eu-west-1::image/ami-1",
    ]);
  });
});

describe("statements", () => {
  const deny = (changes: Partial<Statement> = {}): Statement => ({ ...allow(changes)[0]!, Effect: "Deny" });

  test("what none allows is denied, and what one denies is not allowed by another", () => {
    expect(may([])).toBe(false);
    expect(may([...allow(), deny()])).toBe(false);
    expect(may([...allow(), deny({ Resource: `${ARN}0` })])).toBe(true);
  });

  test("what the resource itself says counts too, and what it denies is denied whatever else allows it", () => {
    const stop = call("ec2:StopInstances", { instance: plain(ARN) });
    expect(refusals({ identity: [], resource: allow() }, stop)).toEqual([]);
    expect(refusals({ identity: [], resource: [] }, stop)).toHaveLength(1);
    expect(refusals({ identity: allow(), resource: [deny()] }, stop)).toHaveLength(1);
    expect(refusals({ identity: allow(), resource: [deny({ Resource: `${ARN}0` })] }, stop)).toEqual([]);
  });

  test("a bound takes away, and gives nothing", () => {
    const stop = call("ec2:StopInstances", { instance: plain(ARN) });
    expect(refusals({ identity: allow(), boundary: allow() }, stop)).toEqual([]);
    expect(refusals({ identity: allow(), boundary: [] }, stop)).toHaveLength(1);
    expect(refusals({ identity: [], boundary: allow() }, stop)).toHaveLength(1);
  });
});

describe("conditions", () => {
  test.each<[string, NonNullable<Statement["Condition"]>, boolean]>([
    ["a value", { StringEquals: { "aws:a": "x" } }, true],
    ["a key in other letters", { StringEquals: { "AWS:A": "x" } }, true],
    ["one of several values", { StringEquals: { "aws:a": ["z", "x"] } }, true],
    ["another value", { StringEquals: { "aws:a": "y" } }, false],
    ["a value in other letters", { StringEquals: { "aws:a": "X" } }, false],
    ["no pattern", { StringEquals: { "aws:a": "*" } }, false],
    ["a pattern", { StringLike: { "aws:a": "?" } }, true],
    ["a key that is there", { StringLike: { "aws:a": "*" } }, true],
    ["a key that is not there", { StringLike: { "aws:b": "*" } }, false],
    ["two keys, one of which holds", { StringEquals: { "aws:a": "x", "aws:b": "x" } }, false],
    [
      "two operators, one of which holds",
      { StringEquals: { "aws:a": "x" }, StringLike: { "aws:a": "y*" } },
      false,
    ],
    ["a boolean", { Bool: { "aws:tls": "false" } }, true],
    ["the other boolean", { Bool: { "aws:tls": "true" } }, false],
    ["all values", { "ForAllValues:StringEquals": { "aws:list": ["1", "2", "3"] } }, true],
    ["all values but one", { "ForAllValues:StringEquals": { "aws:list": "1" } }, false],
    ["all values of a key that is not there", { "ForAllValues:StringEquals": { "aws:b": "1" } }, true],
    ["an ARN", { ArnLike: { "aws:arn": "arn:aws:ec2:*:111122223333:instance/*" } }, true],
    ["another's ARN", { ArnLike: { "aws:arn": "arn:aws:ec2:*:999999999999:*" } }, false],
  ])("%s", (_, Condition, expected) => {
    const context = { "aws:a": "x", "aws:tls": "false", "aws:list": ["1", "2"], "aws:arn": ARN };
    expect(may(allow({ Condition }), context)).toBe(expected);
  });

  test("an operator that is not known is no answer", () => {
    expect(() => may(allow({ Condition: { DateLessThan: { "aws:a": "x" } } }), { "aws:a": "x" })).toThrow(
      "DateLessThan is not evaluated",
    );
  });
});

test("who takes a role is one of the principals of its kind", () => {
  const trust: Statement[] = [
    {
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { Service: ["a.amazonaws.com", "b.amazonaws.com"] },
    },
  ];
  const may = (type: string, name: string) => trusts(trust, "sts:AssumeRole", { type, name }, {});
  expect(may("Service", "b.amazonaws.com")).toBe(true);
  expect(may("Service", "c.amazonaws.com")).toBe(false);
  expect(may("AWS", "a.amazonaws.com")).toBe(false);
});

describe("a document", () => {
  const text = (statement: object, rest = {}) =>
    JSON.stringify({ Version: "2012-10-17", Statement: statement, ...rest });

  test("is one statement or several", () => {
    expect(statements(text(allow()[0]!))).toEqual(allow());
    expect(statements(text(allow()))).toEqual(allow());
  });

  test.each([
    ["NotAction", text({ Effect: "Allow", NotAction: "iam:*", Resource: "*" })],
    ["NotResource", text({ Effect: "Allow", Action: "iam:*", NotResource: "*" })],
    ["a policy variable", text(allow({ Resource: ["arn:aws:s3:::b/$", "{aws:username}"].join("") }))],
    ["2008-10-17", JSON.stringify({ Version: "2008-10-17", Statement: allow() })],
  ])("with %s is not evaluated", (what, document) => {
    expect(() => statements(document)).toThrow(what);
  });
});
