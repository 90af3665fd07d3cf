/**
 * The stack's bucket in S3, by which machines get what they are to be and say what they are:
 *
 *     machines/<name>/bundles/<version>   what the machine is to be, written with the stack; read by the machine
 *     machines/<name>/desired             which bundle that is; the same
 *     machines/<name>/status              written by the machine
 *
 * Its name is known before there is a resource, as user data bears it.
 */
import { forms, misfit } from "../settings/aws-texts.ts";
import { DIGITS, hashed } from "./hashed-names.ts";

/** What machines fetch from. */
export interface BucketPlan {
  /** Of all names of AWS's partition, whoever's. */
  name: string;
}

/** A stack, in an account and a region. */
export interface BucketOwner {
  project: string;
  stack: string;
  /** ID of the AWS account: twelve digits. */
  account: string;
  region: string;
}

/** A stack's name that could be the hash of another's bucket. */
const LIKE_A_HASH = new RegExp(`^[0-9a-f]{${DIGITS}}$`);

/**
 * `<project>-<stack>-<account>-<region>`; account and region keep off whoever has a stack of the same name elsewhere.
 *
 * No two stacks have one name: where the first part says more than one thing, or S3 takes less than all of it, a hash of project
 * and stack is with it. A hyphen in the stack's name is such a case (`a` and `b-c`, `a-b` and `c`); one in the project's is
 * not. Dots would be allowed, and fail the name of S3's certificate (AWS: General purpose bucket naming rules).
 */
export function bucketName({ project, stack, account, region }: BucketOwner): string {
  const place = `-${account}-${region}`;
  const form = {
    ...forms.bucketName,
    wrong: /[^a-z0-9-]/u,
    longest: forms.bucketName.longest - place.length,
  };
  const own = `${project}-${stack}`;
  const plain = !stack.includes("-") && !LIKE_A_HASH.test(stack) && misfit(form, own) === undefined;
  return `${plain ? own : hashed(form, own.toLowerCase(), `${project}/${stack}`)}${place}`;
}

/** Where all of a machine's own lies, which no other machine reads or writes. */
const folder = (machine: string) => `machines/${machine}`;

/** Key of the pointer: `{"version", "key"}` of the bundle that counts. */
export function desiredKey(machine: string): string {
  return `${folder(machine)}/desired`;
}

/** @param version SHA-256 of the bundle's bytes, hexadecimal; `*` for all of the machine's. */
export function bundleKey(machine: string, version: string): string {
  return `${folder(machine)}/bundles/${version}`;
}

/** Key of what the machine reports. */
export function statusKey(machine: string): string {
  return `${folder(machine)}/status`;
}
