/** Every link of a page to a file of the repository, or to a heading, leads somewhere. */
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { anchorOf, headings, withoutBlocks } from "../../script/pages/anchors.ts";
import { projectFiles, ROOT, read } from "../shared/files.ts";

const pages = projectFiles().filter((path) => path.endsWith(".md"));

/** Targets of links and images that are no URL. */
function targets(text: string): string[] {
  const prose = withoutBlocks(text).replace(/`[^`\n]*`/g, "``");
  return [...prose.matchAll(/\]\(([^()\s]+(?:\([^()]*\))?)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** What is wrong with a link of the page at `path`; undefined where it is right. */
function fault(path: string, target: string): string | undefined {
  const [file, anchor] = target.split("#") as [string, string?];
  const to = file === "" ? path : join(dirname(path), file);
  if (!existsSync(join(ROOT, to))) return `${target}: no such file`;
  if (anchor === undefined) return undefined;
  return headings(read(to)).some((heading) => heading.anchor === anchor)
    ? undefined
    : `${target}: no such heading`;
}

test.each(pages)("%s links to what there is", (path) => {
  const wrong = targets(read(path)).map((target) => fault(path, target));
  expect(wrong.filter((each) => each !== undefined)).toEqual([]);
});

test("every page of docs/ is in its index", () => {
  const index = targets(read("docs/README.md")).map((target) => join("docs", target.split("#")[0]!));
  expect(
    pages.filter((path) => /^docs\/[^/]+$/.test(path) && path !== "docs/README.md" && !index.includes(path)),
  ).toEqual([]);
});

test("README.md names the index, clients and troubleshooting", () => {
  const named = targets(read("README.md"));
  expect(named).toEqual(
    expect.arrayContaining(["docs/README.md", "docs/clients.md", "docs/troubleshooting.md"]),
  );
});

describe("the lab's map", () => {
  const map = /^## Files\n(.*?)^## /ms.exec(read("lab/README.md"))![1]!;
  const entries = readdirSync(join(ROOT, "lab"), { recursive: true, withFileTypes: true });

  test("has each room of the lab, and each file at its door", () => {
    const rows = map.split("\n").flatMap((row) => row.split("|")[1]?.match(/`[^`]+`/g) ?? []);
    const there = entries.filter(
      ({ parentPath, name }) => parentPath === join(ROOT, "lab") && name !== "README.md",
    );
    expect(rows.toSorted()).toEqual(
      there.map((entry) => `\`${entry.name}${entry.isDirectory() ? "/" : ""}\``).toSorted(),
    );
  });

  test("names no file that is not there", () => {
    const named = [...map.matchAll(/`([\w-]+\.(?:ts|sh))`/g)].map(([, name]) => name!);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !entries.some((entry) => entry.name === name))).toEqual([]);
  });
});

describe("what the first test would find", () => {
  test("a file that is not there, and a heading that is not there", () => {
    expect(fault("README.md", "docs/no.md")).toBe("docs/no.md: no such file");
    expect(fault("README.md", "docs/bench.md#no")).toBe("docs/bench.md#no: no such heading");
    expect(fault("docs/ci.md", "../README.md#on-aws")).toBeUndefined();
  });

  test("links outside of code only, and no URL", () => {
    const text = "[a](b.md) `[c](d.md)` [e](https://example.com)\n```\n[f](g.md)\n```\n![h](i.svg)";
    expect(targets(text)).toEqual(["b.md", "i.svg"]);
  });
});

describe("an anchor", () => {
  test.each([
    ["What a plan takes, against an earlier build", "what-a-plan-takes-against-an-earlier-build"],
    ["`mtu.mtu`", "mtumtu"],
    ["--gateway: what reached it", "--gateway-what-reached-it"],
    ["net.ipv4.conf.{all,default,\\*}.rp_filter", "netipv4confalldefaultrp_filter"],
    ["[a](b.md) and c", "a-and-c"],
  ])("of %s is %s, as GitHub has it", (heading, anchor) => {
    expect(anchorOf(heading)).toBe(anchor);
  });

  test("of a second heading of the same words has a number, and a comment in a block is no heading", () => {
    const found = headings("# a\n\n```sh\n# b\n```\n\n## a\n").map(({ anchor }) => anchor);
    expect(found).toEqual(["a", "a-1"]);
  });
});
