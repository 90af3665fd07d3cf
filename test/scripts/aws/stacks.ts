/** Stacks that the models are held against: the examples, what changes their resources, and generated ones. */
import fc from "fast-check";
import type { ProgramInput } from "../../../offline/program.ts";
import { stackInput, stacks } from "../../../offline/stack.ts";
import { ofProject } from "../../program/run.ts";
import { CARVED, NAMED, overrides, PUBLIC } from "../../shared/existing-vpc.ts";

export interface Example {
  what: string;
  input: ProgramInput;
  defaultTags?: Record<string, string>;
}

const DIALLED = ["dialName=pptp.example.com", "hostedZoneId=Z0123456789ABCDEFGHIJ"];
const EXISTING = overrides({ zones: [], ...PUBLIC });
const BEHIND = [CARVED, { ...CARVED, frontDoor: "eip" }, { zones: [], ...NAMED }].map(overrides);
const ADMIN = [
  'adminCidrs=["203.0.113.0/24"]',
  'sshPublicKeys=["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB0vZ7yQJkfQJ2yqv1Tm1z3C5h4e7oQ0w2m8q1xq4b6L admin@example"]',
];

const CHANGES: [what: string, config: string[]][] = [
  ["as it is", []],
  ["eip", ["frontDoor=eip"]],
  ["numbers that exist already", ['elasticIps={"a":"eipalloc-0123456789abcdef0"}']],
  ["a name", DIALLED],
  ["eip with a name", ["frontDoor=eip", ...DIALLED]],
  ["an existing VPC", EXISTING],
  ...BEHIND.map((config, i): [string, string[]] => [`an existing VPC, ${i + 2}`, config]),
  ["an existing VPC with a name", [...EXISTING, ...DIALLED]],
  ["routed clients", ["egress.mode=routed", 'dns=["9.9.9.9"]']],
  ["administration", ADMIN],
  ["protection", ["terminationProtection=true"]],
  ["no protection", ["terminationProtection=false"]],
];

const LONG = "x".repeat(100);
/** Of Pulumi's own alphabet for project and stack names, which has no other rule but 1 to 100 characters. */
const ODD: [project: string, stack: string][] = [
  [LONG, LONG],
  [`${LONG.slice(0, 99)}.`, `.${LONG.slice(0, 99)}`],
  ["My_Project.v2", "EU.West_1"],
  ["internal-fleet", "internal-"],
  ["sg-fleet", "sg-prod"],
  ["aws-", "aws-"],
  ["-", "-"],
  ["._.", "..."],
  ["f", "1"],
];

const base = (stack: string, config: string[]) => stackInput(stack, config);
const renamed = (input: ProgramInput, project: string, stack: string) => ({
  ...ofProject(input, project),
  stack,
});

/** The example stacks by either front door, with what else changes their resources. */
export const examples: Example[] = stacks().flatMap((stack) =>
  CHANGES.map(([what, config]) => ({ what: `${stack}, ${what}`, input: base(stack, config) })),
);

/** The widest stacks, under names that nobody would choose. */
export const odd: Example[] = ODD.flatMap(([project, stack]) =>
  [DIALLED, [...DIALLED, ...EXISTING]].map((config, i) => ({
    what: `project ${project}, stack ${stack}${i === 0 ? "" : ", an existing VPC"}`,
    input: renamed(base("prod", config), project, stack),
  })),
);

const word = fc.stringMatching(/^[A-Za-z0-9_.-]{1,100}$/);
const json = (key: string) => (value: unknown) => `${key}=${JSON.stringify(value)}`;
/** One setting, as often left out. */
const maybe = (...settings: fc.Arbitrary<string[]>[]) => fc.oneof(fc.constant<string[]>([]), ...settings);

const tag = fc.tuple(
  fc.stringMatching(/^[A-Za-z0-9 _./=+@-]{1,40}$/),
  fc.stringMatching(/^[A-Za-z0-9 _.:/=+@-]{0,60}$/).filter((value) => !/^aws:/i.test(value)),
);

const cidrs = fc.constantFrom("10.42.0.0/16", "100.64.0.0/20", "192.168.128.0/18");
const modes = fc.constantFrom("nat", "routed", "none");
const ownVpc = fc
  .tuple(fc.constantFrom("nlb", "eip"), cidrs, modes)
  .map(([door, cidr, mode]) => [`frontDoor=${door}`, `vpcCidr=${cidr}`, `egress.mode=${mode}`]);
const existingVpc = fc
  .tuple(modes, fc.constantFrom(EXISTING, ...BEHIND))
  .map(([mode, config]) => [
    ...[...config, `egress.mode=${mode}`],
    ...(mode === "routed" ? ['egress.routeTableIds=["rtb-0123456789abcdef0"]'] : []),
  ]);
const configs = fc
  .tuple(
    fc.integer({ min: 1, max: 5 }).map((count) => [`servers=${count}`]),
    fc.oneof({ weight: 3, arbitrary: ownVpc }, { weight: 1, arbitrary: existingVpc }),
    maybe(fc.constant(DIALLED)),
    maybe(fc.constant(ADMIN)),
    maybe(
      fc
        .constantFrom("t3.small", "c7gn.large", "c6in.2xlarge")
        .map((type) => [`instanceType=${type}`, `gatewayInstanceType=${type}`]),
    ),
    fc.constantFrom(1, 90, 365, 3653).map((days) => [`flowLogRetentionDays=${days}`]),
    fc.constantFrom(121, 350, 6000).map((seconds) => [`keepalive.nlbTcpIdle=${seconds}`]),
    fc.boolean().map((protect) => [`terminationProtection=${protect}`]),
    fc
      .uniqueArray(
        fc.ipV4().map((ip) => `203.0.${ip.split(".")[0]}.0/24`),
        { minLength: 1, maxLength: 6 },
      )
      .map((cidrs) => [json("allowedCidrs")(cidrs)]),
    fc
      .array(fc.stringMatching(/^[!-~]{1,255}$/), { maxLength: 3 })
      .map((passwords) => [
        json("users")(passwords.map((password, i) => ({ name: `device-${i}`, password }))),
      ]),
  )
  .map((parts) => parts.flat());

/** The same each time, whoever runs it. */
export const generated: Example[] = fc
  .sample(
    fc.record({
      config: configs,
      project: fc.oneof(fc.constant("pptp-fleet"), word),
      stack: word,
      tags: fc.uniqueArray(tag, { maxLength: 7, selector: ([key]) => key.toLowerCase() }),
    }),
    { seed: 20_261_120, numRuns: 40 },
  )
  .map(({ config, project, stack, tags }, i) => {
    const defaultTags = Object.fromEntries(tags.filter(([key]) => !/^(name|project|stack)$/i.test(key)));
    const input = base("dev", [...config, json("aws:defaultTags")({ tags: defaultTags })]);
    return { what: `generated ${i + 1}`, input: renamed(input, project, stack), defaultTags };
  });
