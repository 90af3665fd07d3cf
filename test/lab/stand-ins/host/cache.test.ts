import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cached, cachePath, cacheRoot, hashOf } from "../../../../lab/host/cache.ts";

let home: string;
const before = process.env.XDG_CACHE_HOME;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "cache-"));
  process.env.XDG_CACHE_HOME = home;
});
afterEach(() => {
  rmSync(home, { recursive: true });
  if (before === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = before;
});

describe("the cache", () => {
  test("builds once for the same inputs, by two at once too", async () => {
    let builds = 0;
    const build = async (dir: string) => {
      builds += 1;
      writeFileSync(join(dir, "disk"), "x");
    };
    const dirs = await Promise.all([cached("image", ["a"], build), cached("image", ["a"], build)]);
    expect(new Set(dirs)).toEqual(new Set([cachePath("image", ["a"])]));
    expect(builds).toBe(1);
  });

  test("keeps nothing of a build that failed, and builds again", async () => {
    const failing = cached("image", ["a"], async (dir) => {
      writeFileSync(join(dir, "half"), "x");
      throw new Error("no network");
    });
    await expect(failing).rejects.toThrow("no network");
    expect(readdirSync(cacheRoot())).toEqual(["image.lock"]);
    const dir = await cached("image", ["a"], async (dir) => writeFileSync(join(dir, "disk"), "x"));
    expect(readdirSync(dir)).toEqual(["disk"]);
  });

  test("drops what no run has used for two weeks when a successor is made", async () => {
    const old = await cached("image", ["old"], async () => {});
    const recent = await cached("image", ["recent"], async () => {});
    const then = new Date(Date.now() - 15 * 24 * 3600 * 1000);
    utimesSync(old, then, then);
    mkdirSync(join(cacheRoot(), "other-0"));
    await cached("image", ["new"], async () => {});
    expect([existsSync(old), existsSync(recent), existsSync(join(cacheRoot(), "other-0"))]).toEqual([
      false,
      true,
      true,
    ]);
  });

  test("tells inputs apart by where one ends", () => {
    expect(hashOf(["ab", "c"])).not.toBe(hashOf(["a", "bc"]));
  });
});
