/**
 * AWS's own service models: what each call takes, as AWS's SDKs have it. From botocore on PyPI, pinned with its hash; the
 * models are its data files, read here.
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { sitePackages } from "../../../lab/host/python.ts";

/** What a value must be. */
export interface Shape {
  type: "structure" | "list" | "map" | "string" | "integer" | "long" | "double" | "boolean" | "blob";
  documentation?: string;
  members?: Record<string, { shape: string; documentation?: string }>;
  required?: string[];
  /** Of a list. */
  member?: { shape: string };
  /** Of a map. */
  key?: { shape: string };
  value?: { shape: string };
  /** Of a text its characters, of a list or a map its entries, of a number itself. */
  min?: number;
  max?: number;
  pattern?: string;
  enum?: string[];
}

export interface Model {
  operations: Record<string, { input: { shape: string } }>;
  shapes: Record<string, Shape>;
}

const SERVICES = ["cloudwatch", "ec2", "elbv2", "iam", "logs", "route53", "s3", "secretsmanager"] as const;
export type Service = (typeof SERVICES)[number];
export type Models = Record<Service, Model>;

/** The newest version of each service's. Where they cannot be had, this throws: nothing is skipped. */
export async function awsModels(): Promise<Models> {
  const packages = await sitePackages("aws-models", join(import.meta.dirname, "requirements.txt"));
  const data = join(packages, "botocore/data");
  const read = (service: Service): Model => {
    const [newest] = globSync(`${service}/*/service-2.json.gz`, { cwd: data }).sort().reverse();
    return JSON.parse(gunzipSync(readFileSync(join(data, newest!))).toString());
  };
  return Object.fromEntries(SERVICES.map((service) => [service, read(service)])) as Models;
}

/** A call of AWS's, with what it is given. */
export interface Call {
  service: Service;
  operation: string;
  input: Record<string, unknown>;
}

/** What AWS's model says against a call, each with the member at fault; members that are undefined are left out. */
export function problems(models: Models, { service, operation, input }: Call): string[] {
  const { operations, shapes } = models[service];
  const found = operations[operation];
  if (found === undefined) return [`${service} has no ${operation}`];
  return problemsOf(shapes, found.input.shape, input, "").map(
    (problem) => `${service} ${operation} ${problem}`,
  );
}

function problemsOf(shapes: Record<string, Shape>, name: string, value: unknown, at: string): string[] {
  const shape = shapes[name]!;
  const inside = (inner: { shape: string } | undefined, each: unknown, place: string) =>
    problemsOf(shapes, inner!.shape, each, place);
  switch (shape.type) {
    case "structure": {
      if (!isObject(value)) return [`${at}: ${show(value)} is no structure`];
      const given = Object.entries(value).filter(([, each]) => each !== undefined);
      const lacks = (shape.required ?? []).filter((member) => !given.some(([key]) => key === member));
      return [
        ...lacks.map((member) => `${within(at, member)} is missing`),
        ...given.flatMap(([key, each]) =>
          shape.members![key] === undefined
            ? [`${within(at, key)}: there is no such member`]
            : inside(shape.members![key], each, within(at, key)),
        ),
        ...attributeProblems(shape, value, at),
      ];
    }
    case "list":
      if (!Array.isArray(value)) return [`${at}: ${show(value)} is no list`];
      return [
        ...outOfRange(shape, value.length, `${at}: ${value.length} elements`),
        ...value.flatMap((each, i) => inside(shape.member, each, `${at}[${i}]`)),
      ];
    case "map": {
      if (!isObject(value)) return [`${at}: ${show(value)} is no map`];
      const entries = Object.entries(value);
      return [
        ...outOfRange(shape, entries.length, `${at}: ${entries.length} entries`),
        ...entries.flatMap(([key, each]) => [
          ...inside(shape.key, key, `${at}{}`),
          ...inside(shape.value, each, `${at}.${key}`),
        ]),
      ];
    }
    case "string":
    case "blob":
      return typeof value === "string"
        ? textProblems(shape, value, at)
        : [`${at}: ${show(value)} is no text`];
    case "boolean":
      return typeof value === "boolean" ? [] : [`${at}: ${show(value)} is no boolean`];
    case "integer":
    case "long":
    case "double":
      if (typeof value !== "number" || (shape.type !== "double" && !Number.isInteger(value)))
        return [`${at}: ${show(value)} is no ${shape.type}`];
      return outOfRange(shape, value, `${at}: ${value}`);
    default:
      throw new Error(`nobody here knows a ${shape.type satisfies never}`);
  }
}

/** Load balancing's attributes are keys and values, and which keys there are stands in the key's documentation. */
function attributeProblems(
  { members = {} }: Shape,
  { Key: key }: Record<string, unknown>,
  at: string,
): string[] {
  const listed: string[] =
    members.Key?.documentation?.match(/<code>[a-z0-9_]+(\.[a-z0-9_]+)+<\/code>/g) ?? [];
  return listed.length === 0 || listed.includes(`<code>${key}</code>`)
    ? []
    : [`${at}.Key: ${show(key)} is no attribute`];
}

function textProblems(shape: Shape, text: string, at: string): string[] {
  const { pattern, enum: words } = shape;
  return [
    ...outOfRange(shape, [...text].length, `${at}: ${[...text].length} characters`),
    ...(words === undefined || words.includes(text) ? [] : [`${at}: ${show(text)} is none of its words`]),
    ...(pattern === undefined || wholly(pattern).test(text)
      ? []
      : [`${at}: ${show(text)} does not match ${pattern}`]),
  ];
}

const expressions = new Map<string, RegExp>();

/** A model's pattern is for the whole text, whether it says so or not. */
function wholly(pattern: string): RegExp {
  const known = expressions.get(pattern) ?? new RegExp(`^(?:${pattern})$`, "u");
  expressions.set(pattern, known);
  return known;
}

function outOfRange({ min, max }: Shape, size: number, what: string): string[] {
  if (min !== undefined && size < min) return [`${what}, at least ${min}`];
  return max !== undefined && size > max ? [`${what}, at most ${max}`] : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

const within = (at: string, member: string) => (at === "" ? member : `${at}.${member}`);

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
