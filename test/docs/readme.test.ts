/** README.md: what is generated is as the program has it, and its figures are those of docs/bench.md. */
import { describe, expect, test } from "vitest";
import { Graph } from "../../graph/graph.ts";
import { runProgram } from "../../offline/program.ts";
import { stackInput } from "../../offline/stack.ts";
import { quotas } from "../../plan/quotas/quotas.ts";
import { monthOf, PARTS, withCosts } from "../../script/pages/costs.ts";
import { HOURS, instanceHour } from "../../script/pages/prices.ts";
import { needsOf } from "../../script/pages/quotas.ts";
import { withSession } from "../../script/pages/session.ts";
import { settingsPage, withKeyTables } from "../../script/pages/settings.ts";
import { keys } from "../../settings/schema.ts";
import { read } from "../shared/files.ts";

const readme = read("README.md");

test("its tables of keys are what npm run docs writes", () => {
  expect(readme).toBe(withKeyTables(readme));
});

test("its session is what npm run plan prints (npm run docs)", async () => {
  expect(readme).toBe(await withSession(readme));
});

test("its costs are those of the example stacks (npm run docs)", async () => {
  expect(readme).toBe(await withCosts(readme));
});

test("its first commands name the vCPUs that prod takes, and AWS's default", async () => {
  const { standard } = needsOf(await runProgram(stackInput("prod", [])));
  expect(readme.replaceAll("\n", " ")).toContain(
    `\`prod\` takes ${standard.count} vCPUs, and AWS gives a new account ${quotas.standard.default}:`,
  );
});

describe("docs/settings.md", () => {
  test("is what npm run docs writes", () => {
    expect(read("docs/settings.md")).toBe(settingsPage());
  });

  test("has each key once, and so has README.md", () => {
    for (const key of keys) {
      expect(settingsPage().split(`\n### \`${key}\`\n`), key).toHaveLength(2);
      expect(readme.split(`\n| [\`${key}\`](docs/settings.md#`), key).toHaveLength(2);
    }
  });
});

describe("the costs", () => {
  test("of a stack without gateways and balancer are two servers with disk and address, and the secret", async () => {
    const { resources } = await runProgram(stackInput("prod", ["frontDoor=eip"]));
    const server = instanceHour["c6in.large"]! * HOURS + 8 * 0.08 + 0.005 * HOURS;
    expect(monthOf(new Graph(resources))).toBeCloseTo(2 * server + 0.4, 6);
  });

  test("of a type without a price are refused", async () => {
    const { resources } = await runProgram(
      stackInput("dev", ["instanceType=c7gn.large", "gatewayInstanceType=c7gn.large"]),
    );
    expect(() => PARTS.map(([, month]) => month(new Graph(resources)))).toThrow("no price of c7gn.large");
  });
});

describe("its figures", () => {
  const bench = read("docs/bench.md");
  /** The cells of a row of docs/bench.md, by its first. */
  const row = (name: string): string[] =>
    bench
      .split("\n")
      .find((line) => line.startsWith(`| ${name} `))!
      .split("|")
      .map((cell) => cell.trim());

  test.each([
    ["a dial behind 1,000 silent connections from one address", "dial behind 1,000, from one address"],
    ["the slot of a vanished client is free again", "slot of a vanished client free again"],
  ])("%s is a row of docs/bench.md that says better", (ours, theirs) => {
    const [, , , stock, mine, , , , verdict] = row(theirs);
    expect(verdict).toBe("better");
    expect(readme).toContain(`| ${ours} | ${stock} s | **${mine} s** |`);
  });

  test("a gateway's work for GRE is what docs/bench.md has, least and most", () => {
    const gre = bench
      .split("\n")
      .filter((line) => /^\| (GRE|… all)/.test(line))
      .map((line) => line.split("|").map((cell) => cell.trim()));
    const least = (column: number) => Math.min(...gre.map((cells) => Number(cells[column])));
    const most = (column: number) => Math.max(...gre.map((cells) => Number(cells[column])));
    expect(gre).toHaveLength(5);
    expect(readme).toContain(
      `| ${least(3).toFixed(2)} to ${most(3).toFixed(2)} | **${least(5).toFixed(2)} to ${most(5).toFixed(2)}** |`,
    );
  });
});
