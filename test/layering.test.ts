/** The direction that the design draws, held by the imports: between folders, between rooms of a folder, and no circle. */
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { projectFiles, read } from "./shared/files.ts";

/** Which folders each folder may import from, besides itself. */
const MAY: Record<string, string[]> = {
  protocols: ["traps"],
  traps: [],
  graph: [],
  settings: ["protocols", "traps"],
  plan: ["protocols", "settings", "traps"],
  templates: ["plan", "protocols", "settings", "traps"],
  render: ["templates", "plan", "settings", "traps"],
  components: ["graph", "render", "plan", "protocols", "settings", "traps"],
  probe: ["plan", "protocols", "settings", "traps"],
};

/**
 * Which rooms and files of its folder each room may import from, besides itself. Files at a folder's door may import from
 * any room of it that does not lead back to them.
 */
const ROOMS: Record<string, Record<string, string[]>> = {
  settings: {
    keys: ["ipv4.ts"],
    groups: ["keys"],
    rules: ["groups", "keys", "aws-texts.ts", "ipv4.ts", "mistakes.ts", "schema.ts"],
    words: ["groups", "keys", "schema.ts"],
  },
  plan: {
    place: [],
    "existing-vpc": ["place"],
    tunnel: ["place", "tunings"],
    quotas: [],
    "front-door": ["place", "quotas", "tunings", "tunnel"],
    tunings: [],
  },
  components: {
    ask: ["tags.ts"],
    network: ["aws-names.ts", "tags.ts"],
    machines: ["network", "aws-names.ts", "tags.ts"],
    "front-door": ["machines", "network", "aws-names.ts", "tags.ts"],
    quotas: ["network"],
  },
  policy: {
    framework: [],
    resources: ["framework"],
    policies: ["framework", "resources"],
  },
  probe: {
    machines: [],
    pppd: ["machines"],
    legs: ["machines", "pppd"],
    causes: ["legs"],
    aws: ["legs"],
    cli: ["aws", "legs", "machines", "pppd", "probe.ts"],
  },
  bench: {
    figures: [],
    runs: [],
    apply: ["figures", "runs"],
    dials: ["figures", "runs"],
    gateway: ["figures", "runs"],
    plan: ["figures", "runs"],
    tunnels: ["figures", "runs"],
  },
  lab: {
    host: [],
    network: ["host"],
    image: ["host", "network"],
    guest: ["host", "image"],
    aws: ["host", "image", "network"],
    client: ["guest", "host", "network"],
    vms: ["aws", "client", "guest", "host", "image", "network"],
    vpc: ["aws", "client", "guest", "host", "image", "network"],
  },
  "lab/image": {
    uml: ["image.ts"],
  },
  "lab/guest": {
    qemu: ["accel.ts", "agent.ts", "options.ts"],
  },
  "lab/vpc": {
    read: ["vpc.ts"],
    network: ["vpc.ts"],
  },
  script: {
    pages: [],
    suites: [],
    updates: [],
  },
};

interface Import {
  /** Paths from the root. */
  from: string;
  to: string;
}

const sources = projectFiles().filter((path) => /\.(ts|js)$/.test(path));
const product = sources.filter((path) => !path.startsWith("test/"));
const texts = new Map(sources.map((path) => [path, read(path)]));

/** Of types too: who needs another's types knows it. */
const imports = sources.flatMap((from): Import[] =>
  [...texts.get(from)!.matchAll(/(?:from |import |import\()"(\.[^"]+)"/g)].map(([, path]) => ({
    from,
    to: join(dirname(from), path!),
  })),
);

/** What of a folder a path is or lies in: `place` for `plan/place/aws-facts.ts` in `plan`; undefined outside of it. */
function doorOf(folder: string, path: string): string | undefined {
  if (folder === "") return path.split("/")[0];
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1).split("/")[0] : undefined;
}

/** Imports between two doors of a folder. */
function between(folder: string, all: Import[]): (Import & { by: string; of: string })[] {
  return all.flatMap((each) => {
    const [by, of] = [doorOf(folder, each.from), doorOf(folder, each.to)];
    return by === undefined || of === undefined || by === of ? [] : [{ ...each, by, of }];
  });
}

/** Every folder that these files lie in, the root among them. */
function foldersOf(all: Import[]): string[] {
  const ancestors = ({ from }: Import) =>
    dirname(from)
      .split("/")
      .map((_, i, parts) => parts.slice(0, i + 1).join("/"));
  return ["", ...new Set(all.flatMap(ancestors).filter((folder) => folder !== "."))];
}

/** Imports that lead from one door of a folder back to it, by way of others. */
function circles(folder: string, all: Import[]): string[] {
  let left = between(folder, all);
  for (;;) {
    const [bys, ofs] = [new Set(left.map(({ by }) => by)), new Set(left.map(({ of }) => of))];
    // Who imports nothing, or whom nobody imports, is in no circle.
    const kept = left.filter(({ by, of }) => bys.has(of) && ofs.has(by));
    if (kept.length === left.length) return kept.map(({ from, to }) => `${from} imports ${to}`);
    left = kept;
  }
}

describe.each(Object.entries(MAY))("%s", (folder, may) => {
  test("imports from what comes before it only", () => {
    const others = between("", imports).filter(({ by, of }) => by === folder && !may.includes(of));
    expect(others).toEqual([]);
  });

  test("knows Pulumi only where it is the last arrow; the graph knows no more of it than types", () => {
    const runs = folder === "graph" ? /^import (?!type )[^;]*"@pulumi\//m : /from "@pulumi\//;
    const pulumi = product.filter((path) => path.startsWith(`${folder}/`) && runs.test(texts.get(path)!));
    expect(pulumi.length > 0).toBe(folder === "components");
  });
});

test("nothing but tests imports tests", () => {
  expect(between("", imports).filter(({ of }) => of === "test")).toEqual([]);
});

describe.each(Object.entries(ROOMS))("rooms of %s", (folder, rooms) => {
  test("are these, but for those without a line of TypeScript", () => {
    const found = product.flatMap((path) => {
      const door = doorOf(folder, path);
      return door === undefined || path === `${folder}/${door}` ? [] : [door];
    });
    expect([...new Set(found)].sort()).toEqual(Object.keys(rooms).sort());
  });

  test.each(Object.entries(rooms))("%s imports from what comes before it only", (room, may) => {
    const others = between(folder, imports).filter(({ by, of }) => by === room && !may.includes(of));
    expect(others).toEqual([]);
  });
});

describe("a circle", () => {
  test("is in no folder, between files or rooms, of tests neither", () => {
    expect(imports.length).toBeGreaterThan(2000);
    expect(foldersOf(imports).flatMap((folder) => circles(folder, imports))).toEqual([]);
  });

  test.each([
    ["of two files", ["a/b.ts a/c.ts", "a/c.ts a/b.ts"], 2],
    [
      "of three, with a way into it and one out of it",
      ["a/b.ts a/c.ts", "a/c.ts a/d.ts", "a/d.ts a/b.ts", "a/x.ts a/b.ts", "a/d.ts a/y.ts"],
      3,
    ],
    ["of rooms whose files are in none", ["a/b/c.ts a/d/e.ts", "a/d/f.ts a/b/g.ts"], 2],
    ["of a room and a file at the door", ["a/b/c.ts a/d.ts", "a/d.ts a/b/e.ts"], 2],
    ["of folders", ["a/b.ts c/d.ts", "c/e.ts a/f.ts"], 2],
    ["and no other", ["a/b.ts a/c.ts", "a/b.ts a/d.ts", "a/c.ts a/d.ts"], 0],
  ])("is found: one %s", (_, lines, count) => {
    const made = lines.map((line): Import => {
      const [from, to] = line.split(" ") as [string, string];
      return { from, to };
    });
    expect(foldersOf(made).flatMap((folder) => circles(folder, made))).toHaveLength(count);
  });
});
