/** Every program in Python is one that Debian's Python can read. What it does, the lab shows. */
import { expect, test } from "vitest";
import { PYTHON } from "../../lab/host/python.ts";
import { run } from "../../lab/host/run.ts";
import { projectFiles, read } from "../shared/files.ts";

const programs = projectFiles().filter(
  (path) => path.endsWith(".py") || /^#!.*\bpython3?\b/.test(read(path).slice(0, 100)),
);
const parses = (text: string) =>
  run(PYTHON, ["-c", "import ast, sys; ast.parse(sys.stdin.read())"], { input: text });

test("the programs are those of the machines, their bootstrap, the lab, the bench and the tests", () => {
  const roots = new Set(programs.map((path) => path.split("/")[0]));
  expect([...roots].sort()).toEqual(["bench", "lab", "render", "templates", "test"]);
});

test.each(programs)("%s parses", async (path) => {
  await parses(read(path));
});

test("a colon that is missing is found", async () => {
  const health = read("templates/health/files/usr/local/sbin/pptp-fleet-health.hbs");
  const broken = health.replace("while True:", "while True");
  expect(broken).not.toBe(health);
  await expect(parses(broken)).rejects.toThrow(/SyntaxError/);
});
