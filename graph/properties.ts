/**
 * What each type's resources have: names and values of their properties, by the SDK's own declarations. Types only: whoever
 * imports this loads nothing.
 */
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { GIVEN } from "./given.ts";
import type * as types from "./types.ts";
import type { AwsType, Classes, Type } from "./types.ts";

/** As they are recorded: outputs and promises by their values, a resource by its ID, a policy document as text. */
type Plain<T> = T extends
  | Promise<unknown>
  | pulumi.OutputInstance<unknown>
  | pulumi.Resource
  | aws.iam.PolicyDocument
  ? never
  : T extends readonly (infer Member)[]
    ? Plain<Member>[]
    : T extends object
      ? { [Key in keyof T]: Plain<T[Key]> }
      : T;

type Args<T extends AwsType> = Plain<NonNullable<ConstructorParameters<Classes[T]>[1]>>;

/** What a resource has once AWS has made it. */
type Outputs<T extends AwsType> = {
  [Key in keyof InstanceType<Classes[T]> as InstanceType<
    Classes[T]
  >[Key] extends pulumi.OutputInstance<unknown>
    ? Key
    : never]: InstanceType<Classes[T]>[Key] extends pulumi.OutputInstance<infer Value> ? Value : never;
};

/** A property's name: of an input or an output. */
export type Name<T extends Type> = T extends AwsType ? keyof Args<T> | keyof Outputs<T> : "plan";

type Given<T extends Type> = T extends keyof typeof GIVEN ? (typeof GIVEN)[T][number] & keyof Args<T> : never;

/** What the program says of a resource. */
export type Inputs<T extends Type> = T extends AwsType
  ? Args<T> & { [Key in Given<T>]: NonNullable<Args<T>[Key]> }
  : Record<string, never>;

/** What AWS adds to it, as far as offline/answers.ts makes it up: of each type a name and an ARN, and of some more. */
export interface Added {
  [types.EIP]: Pick<Outputs<typeof types.EIP>, "allocationId" | "publicIp">;
  /** Where it makes an interface for the instance. */
  [types.INSTANCE]: Partial<Pick<Outputs<typeof types.INSTANCE>, "primaryNetworkInterfaceId" | "privateIp">>;
  [types.BALANCER]: Pick<Outputs<typeof types.BALANCER>, "arnSuffix">;
  [types.TARGET_GROUP]: Pick<Outputs<typeof types.TARGET_GROUP>, "arnSuffix">;
}

/** Inputs, and what AWS adds. */
export type State<T extends Type> = Inputs<T> & { name: string; arn: string } & (T extends keyof Added
    ? Added[T]
    : unknown);

/** What any program might say of a resource: each part may be missing. */
export type Said<T extends Type> = T extends AwsType ? Partly<Args<T>> : Record<string, never>;

type Partly<T> = T extends readonly (infer Member)[]
  ? Partly<Member>[]
  : T extends object
    ? { [Key in keyof T]?: Partly<T[Key]> | undefined }
    : T;
