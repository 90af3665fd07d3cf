/** README.md's table of costs: what the example stacks are made of, by the program itself, at the prices of prices.ts. */
import { type ProgramRun, type RecordedResource, runProgram } from "../../offline/program.ts";
import { stackInput } from "../../offline/stack.ts";
import { markdownTable, withMarked } from "./marked.ts";
import {
  BALANCER_HOUR,
  GP3_GB_MONTH,
  HOURS,
  INSTANCES_PAGE,
  INSTANCES_READ,
  IPV4_HOUR,
  instanceHour,
  SECRET_MONTH,
} from "./prices.ts";

const SMALL = ["instanceType=t3.small", "gatewayInstanceType=t3.small"];

const STACKS: { title: string; stack: string; overrides: string[] }[] = [
  { title: "`dev`", stack: "dev", overrides: [] },
  { title: "`prod`", stack: "prod", overrides: [] },
  { title: "`prod`, `eip`", stack: "prod", overrides: ["frontDoor=eip"] },
  { title: "`prod`, all `t3.small`", stack: "prod", overrides: SMALL },
];

/** A part of the bill: its name, and USD a month for a stack. */
export const PARTS: [name: string, month: (resources: RecordedResource[]) => number][] = [
  ["instances: servers, and with `nlb` gateways", instancesMonth],
  ["their disks, 8 GiB of gp3 each", (resources) => sum(disks(resources)) * GP3_GB_MONTH],
  ["public IPv4 addresses", (resources) => count(resources, "aws:ec2/eip:Eip") * IPV4_HOUR * HOURS],
  [
    "balancer, by the hour",
    (resources) => count(resources, "aws:lb/loadBalancer:LoadBalancer") * BALANCER_HOUR * HOURS,
  ],
  ["secret", (resources) => count(resources, "aws:secretsmanager/secret:Secret") * SECRET_MONTH],
];

export async function withCosts(readme: string): Promise<string> {
  const runs: ProgramRun[] = [];
  for (const { stack, overrides } of STACKS) runs.push(await runProgram(stackInput(stack, overrides)));
  const rows = PARTS.map(([name, month]) => [name, ...runs.map(({ resources }) => usd(month(resources)))]);
  const sums = runs.map(({ resources }) => `**${usd(monthOf(resources))}**`);
  const head = ["USD a month", ...STACKS.map(({ title }) => title)];
  const table = markdownTable(head, [...rows, ["**in all**", ...sums]]);
  const prices = `Prices of us-east-1, on demand, ${HOURS} hours: instances from [AWS's own table](${INSTANCES_PAGE}) of ${INSTANCES_READ}
(${Object.entries(instanceHour)
    .map(([type, hour]) => `${type} ${hour}`)
    .join(", ")} an hour), the others second-hand (\`script/pages/prices.ts\` says from where).`;
  return withMarked(readme, "costs", `${table}\n\n${prices}`);
}

/** USD a month for all of a stack that has a price by itself. */
export function monthOf(resources: RecordedResource[]): number {
  return sum(PARTS.map(([, month]) => month(resources)));
}

const instances = (resources: RecordedResource[]) =>
  resources.filter(({ type }) => type === "aws:ec2/instance:Instance").map(({ inputs }) => inputs);

/** @throws Error for an instance type without a price. */
function instancesMonth(resources: RecordedResource[]): number {
  return sum(
    instances(resources).map(({ instanceType }) => {
      const hour = instanceHour[instanceType];
      if (hour === undefined) throw new Error(`script/pages/prices.ts has no price of ${instanceType}`);
      return hour * HOURS;
    }),
  );
}

/** GB of each. */
const disks = (resources: RecordedResource[]): number[] =>
  instances(resources).map(({ rootBlockDevice }) => rootBlockDevice.volumeSize);

const count = (resources: RecordedResource[], of: string) =>
  resources.filter(({ type }) => type === of).length;
const sum = (numbers: number[]) => numbers.reduce((all, each) => all + each, 0);
const usd = (amount: number) => amount.toFixed(2);
