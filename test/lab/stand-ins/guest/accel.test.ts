/** What guests run on where KVM does not work: no kernel boots from an image that is not there. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { acceleration, virtualization, wholeMachine } from "../../../../lab/guest/accel.ts";
import { Phases } from "../../../../lab/host/phases.ts";

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "accel-"));
});
afterAll(() => rmSync(dir, { recursive: true }));

const image = { disk: "/none", kernel: "/none", initrd: "/none", rootfs: "/none" };
const WITHOUT_KVM = /\/dev\/kvm/;

/** A kernel that is a script. */
async function kernel(script: string) {
  const linux = join(dir, "linux");
  writeFileSync(linux, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { linux, root: "/none", release: "6.12.0-uml" };
}
/** As a kernel ends whose first program has ended well, or has not. */
const ends = (code: number) =>
  kernel(`echo "Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000${code}"; exit 1`);

describe("guests run", () => {
  test("under user-mode Linux where it runs a program, with the reason that it is not KVM", async () => {
    const found = await acceleration(image, () => ends(0));
    expect(found).toMatchObject({ kind: "uml", kernel: { release: "6.12.0-uml" } });
    expect(found.reason).toMatch(/^user-mode Linux: /);
    expect(found.reason).toMatch(WITHOUT_KVM);
  });

  test("emulated where it cannot be built, with what the build said", async () => {
    const failing = () => Promise.reject(new Error("build.sh failed with code 2"));
    const found = await acceleration(image, failing);
    expect(found.kind).toBe("tcg");
    expect(found.reason).toMatch(WITHOUT_KVM);
    expect(found.reason).toContain("user-mode Linux does not run: build.sh failed with code 2");
  });

  test.each([
    [
      "a kernel that the host does not let run",
      "echo 'ptrace: Operation not permitted' >&2; exit 1",
      "ptrace: Operation not permitted",
    ],
    [
      "a kernel that runs no program",
      'echo "Attempted to kill init! exitcode=0x00000100"',
      "exitcode=0x00000100",
    ],
  ])("emulated with %s, with what it said", async (_, script, said) => {
    const found = await acceleration(image, () => kernel(script));
    expect(found.kind).toBe("tcg");
    expect(found.reason).toMatch(WITHOUT_KVM);
    expect(found.reason).toContain(said);
  });

  test("emulated where only a whole machine will do, whatever else runs", async () => {
    expect((await wholeMachine(image)).kind).toBe("tcg");
  });
});

test("a run says what it found", async () => {
  const lines: string[] = [];
  const emulated = () => acceleration(image, () => ends(1));
  await virtualization(new Phases((line) => lines.push(line)), image, emulated);
  expect(lines.find((line) => line.startsWith("  guests are "))).toMatch(/emulated.*, which is slow: /);
});
