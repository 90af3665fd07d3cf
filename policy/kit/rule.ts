/** What a policy is here: a rule about one resource, or about how a stack's resources stand to each other, or both. */
import type { PolicyConfigSchema, ResourceValidationArgs, Severity } from "@pulumi/policy";
import type { Node, Stack } from "./stack.ts";

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
  wayOut: string;
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
export interface ResourceRule<Settings extends object = object> extends Facts {
  /** Types that it is about; none: all of AWS's. */
  of: string[];
  /** What is wrong with the resource; empty: nothing. */
  broken(resource: ResourceValidationArgs, settings: Settings): Iterable<string>;
}

/** About a stack, by its resources' outputs: it runs when all are registered, in a preview before any is made. */
export interface StackRule<Settings extends object = object> extends Facts {
  /** Types of which it wants the inputs besides: a preview calls more outputs unknown than the program left open. */
  sees?: string[];
  brokenIn(stack: Stack, settings: Settings): (Finding | NotYet)[];
}

/** What is wrong, and with which resource. */
export interface Finding {
  node: Node;
  problem: string;
}

/** A property that must be known to judge, and is not yet: told as "can't run during preview". */
export interface NotYet {
  node: Node;
  unknown: string;
}

export type Rule = ResourceRule | StackRule | (ResourceRule & StackRule);
