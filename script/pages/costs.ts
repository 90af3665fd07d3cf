/** README.md's table of costs: what the example stacks are made of, by the program itself, at the prices of prices.ts. */
import { Graph } from "../../graph/graph.ts";
import { BALANCER, EIP, INSTANCE, SECRET } from "../../graph/types.ts";
import { runProgram } from "../../offline/program.ts";
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
export const PARTS: [name: string, month: (graph: Graph) => number][] = [
  ["instances: servers, and with `nlb` gateways", instancesMonth],
  ["their disks, 8 GiB of gp3 each", (graph) => sum(disks(graph)) * GP3_GB_MONTH],
  ["public IPv4 addresses", (graph) => graph.all(EIP).length * IPV4_HOUR * HOURS],
  ["balancer, by the hour", (graph) => graph.all(BALANCER).length * BALANCER_HOUR * HOURS],
  ["secret", (graph) => graph.all(SECRET).length * SECRET_MONTH],
];

export async function withCosts(readme: string): Promise<string> {
  const graphs: Graph[] = [];
  for (const { stack, overrides } of STACKS)
    graphs.push(new Graph((await runProgram(stackInput(stack, overrides))).resources));
  const rows = PARTS.map(([name, month]) => [name, ...graphs.map((graph) => usd(month(graph)))]);
  const sums = graphs.map((graph) => `**${usd(monthOf(graph))}**`);
  const head = ["USD a month", ...STACKS.map(({ title }) => title)];
  const table = markdownTable(head, [...rows, ["**in all**", ...sums]]);
  const prices = `Prices of us-east-1, on demand, ${HOURS} hours: instances from [AWS's own table](${INSTANCES_PAGE}) of ${INSTANCES_READ}
(${Object.entries(instanceHour)
    .map(([type, hour]) => `${type} ${hour}`)
    .join(", ")} an hour), the others second-hand (\`script/pages/prices.ts\` says from where).`;
  return withMarked(readme, "costs", `${table}\n\n${prices}`);
}

/** USD a month for all of a stack that has a price by itself. */
export function monthOf(graph: Graph): number {
  return sum(PARTS.map(([, month]) => month(graph)));
}

const instances = (graph: Graph) => graph.all(INSTANCE).map(({ inputs }) => inputs);

/** @throws Error for an instance type without a price. */
function instancesMonth(graph: Graph): number {
  return sum(
    instances(graph).map(({ instanceType }) => {
      const hour = instanceHour[instanceType];
      if (hour === undefined) throw new Error(`script/pages/prices.ts has no price of ${instanceType}`);
      return hour * HOURS;
    }),
  );
}

/** GB of each. */
const disks = (graph: Graph): number[] =>
  instances(graph).map(({ rootBlockDevice }) => rootBlockDevice.volumeSize!);

const sum = (numbers: number[]) => numbers.reduce((all, each) => all + each, 0);
const usd = (amount: number) => amount.toFixed(2);
