/** What a policy is here: a rule about one resource, or about how a stack's resources stand to each other, or both. */
import type { PolicyConfigSchema, ResourceValidationArgs, Severity } from "@pulumi/policy";
import type { Said } from "../../graph/properties.ts";
import type { Type } from "../../graph/types.ts";
import type { AnyNode, Stack } from "./stack.ts";

/** A setting as Pulumi's policy config declares it. */
export type Setting = PolicyConfigSchema["properties"][string];

interface Facts {
  /** In reports, config and waivers. */
  name: string;
  /** What must hold, in a sentence. */
  demands: string;
  severity: Severity;
  /** What happens otherwise, in a sentence. */
  reason: string;
  /** What to do about a violation. */
  fix: string;
  link: string;
  /** What the policy config may set, each with a default, which must hold it too. */
  settings?: Record<string, Setting>;
}

/**
 * About one resource, by its inputs: it runs before the resource is made or changed, in previews and updates.
 *
 * What a preview does not know throws when it is read, which Pulumi tells as "can't run during preview"; the update
 * asks again before the resource is made. So a rule reads no more than it needs, and says what it found before it
 * reads what may be unknown.
 */
export interface ResourceRule<T extends Type, Settings extends object = object> extends Facts {
  /** Types that it is about. */
  of: readonly T[];
  /** What is wrong with the resource; empty: nothing. */
  violations(resource: Asked<T>, settings: Settings): Iterable<string>;
}

/** About each resource of AWS's. */
export interface EveryRule<Settings extends object = object> extends Facts {
  of: "every type";
  violations(resource: AskedOfEvery, settings: Settings): Iterable<string>;
}

/** What Pulumi asks about: one of these types, with what a program may say of it. */
export type Asked<T extends Type> = Omit<ResourceValidationArgs, "type" | "props"> &
  { [Each in T]: { type: Each; props: Said<Each> } }[T];

export type AskedOfEvery = Omit<ResourceValidationArgs, "props"> & { props: Common };

/** What types have in common. */
interface Common extends Record<string, unknown> {
  region?: string;
  tags?: Record<string, string>;
  tagsAll?: Record<string, string>;
}

/** About a stack, by its resources' outputs: it runs when all are registered, in a preview before any is made. */
export interface StackRule<Settings extends object = object> extends Facts {
  /** Types of which it wants the inputs besides: a preview calls more outputs unknown than the program left open. */
  inputsOf?: Type[];
  stackViolations(stack: Stack, settings: Settings): (Finding | NotYet)[];
}

/** What is wrong, and with which resource. */
export interface Finding {
  node: AnyNode;
  problem: string;
  /** What to do about this one. @default the rule's own */
  fix?: string;
}

/** A property that must be known to judge, and is not yet: told as "can't run during preview". */
export interface NotYet {
  node: AnyNode;
  unknown: string;
}

/** Whatever it is about. */
export type AnyResourceRule = Facts & {
  of: readonly string[] | "every type";
  violations(resource: ResourceValidationArgs, settings: object): Iterable<string>;
};

export type Rule = AnyResourceRule | StackRule | (AnyResourceRule & StackRule);
