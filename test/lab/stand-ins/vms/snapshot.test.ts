/** Does not prove: that a machine sleeps and wakes. The suite `emulated` does, where a snapshot is there. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Acceleration, Emulated } from "../../../../lab/guest/accel.ts";
import { cachePath, cacheRoot, hashOf } from "../../../../lab/host/cache.ts";
import { Phases } from "../../../../lab/host/phases.ts";
import {
  drop,
  inputsOf,
  isWorthwhile,
  labFiles,
  type OnceOptions,
  SNAPSHOT,
  usable,
} from "../../../../lab/vms/snapshot.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "snapshot-"));
  vi.stubEnv("XDG_CACHE_HOME", home);
  vi.stubEnv("CI", undefined);
  writeFileSync(join(home, "disk.raw"), "an image");
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

const accel: Emulated = {
  ...{ kind: "tcg", command: "qemu-system-x86_64", reason: "", version: "QEMU emulator version 10.0.2" },
  arguments: ["-accel", "tcg"],
};

function machine(changed: Partial<OnceOptions> = {}): OnceOptions {
  const disk = join(home, "disk.raw");
  return {
    ...{ name: "a-1", boot: { kind: "ami", instanceType: "c6in.large" }, disk, memoryMiB: 2048, accel },
    ...{ nics: [{ tap: "tap-a-1", mac: "02:00:00:00:00:01" }], runDir: "/run/lab", inputs: ["user data"] },
    ...{ phases: new Phases(() => {}), ...changed },
  };
}

describe("a snapshot's name", () => {
  const name = (changed?: Partial<OnceOptions>, on = accel) => hashOf(inputsOf(machine(changed), on));

  test("is one for the same inputs, wherever this run has its sockets", () => {
    const same = name();
    expect(name()).toBe(same);
    expect(name({ runDir: "/run/another" })).toBe(same);
  });

  test.each<[string, Partial<OnceOptions>]>([
    ["user data", { inputs: ["other user data"] }],
    ["memory", { memoryMiB: 1024 }],
    ["card's address", { nics: [{ tap: "tap-a-1", mac: "02:00:00:00:00:02" }] }],
    ["instance type", { boot: { kind: "ami", instanceType: "c6in.xlarge" } }],
    ["name", { name: "a-2" }],
  ])("is another with another %s", (_, changed) => {
    expect(name(changed)).not.toBe(name());
  });

  test("is another with another QEMU", () => {
    expect(name({}, { ...accel, version: "QEMU emulator version 10.0.3" })).not.toBe(name());
    expect(name({}, { ...accel, arguments: ["-accel", "tcg,thread=single"] })).not.toBe(name());
  });

  test("goes by the lab's own code, in every room but the one that has no such machine", () => {
    const rooms = ["aws/requirements.txt", "client/client.ts", "guest/qemu/sleep.ts", "host/run.ts"];
    expect(labFiles()).toEqual(
      expect.arrayContaining([...rooms, "image/image.ts", "network/rules.ts", "vms/snapshot.ts"]),
    );
    expect(labFiles().filter((name) => name.startsWith("vpc/"))).toEqual([]);
  });

  test("is another when the image was made again, though of the same things", () => {
    const before = name();
    utimesSync(join(home, "disk.raw"), 1, 1);
    expect(name()).not.toBe(before);
  });
});

describe("a snapshot is taken", () => {
  test("of an emulated machine whose QEMU can", () => {
    expect(isWorthwhile(accel)).toBe(true);
    expect(isWorthwhile({ ...accel, version: "QEMU emulator version 7.2.0" })).toBe(false);
    expect(isWorthwhile({ ...accel, kind: "kvm" } as Acceleration)).toBe(false);
  });

  test("never in CI, which does its own first boots", () => {
    vi.stubEnv("CI", "true");
    expect(isWorthwhile(accel)).toBe(false);
  });
});

describe("a snapshot that is there", () => {
  const WEEK = 7 * 24 * 3600;
  const taken = (secondsAgo = 0) => {
    const folder = cachePath(SNAPSHOT, ["inputs"]);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "taken"), "");
    const then = Date.now() / 1000 - secondsAgo;
    utimesSync(join(folder, "taken"), then, then);
    return folder;
  };

  test("is used by any run", () => {
    expect(usable(["inputs"])).toBeUndefined();
    const folder = taken();
    expect(usable(["inputs"])).toBe(folder);
    expect(usable(["other inputs"])).toBeUndefined();
    expect(folder.startsWith(`${cacheRoot()}/`)).toBe(true);
  });

  test("is gone once it is dropped, and nothing of it stays", () => {
    taken();
    drop(["inputs"]);
    drop(["inputs"]);
    expect(usable(["inputs"])).toBeUndefined();
    expect(readdirSync(cacheRoot())).toEqual([]);
  });

  test("is used for a week", () => {
    const folder = taken(WEEK - 60);
    expect(usable(["inputs"])).toBe(folder);
    taken(WEEK + 60);
    expect(usable(["inputs"])).toBeUndefined();
  });
});
