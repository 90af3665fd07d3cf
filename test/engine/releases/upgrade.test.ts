/** What an update from each release to the present program does, held to changes.ts; docs/upgrade.md says it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { updates } from "./changes.ts";
import { withReleases } from "./page.ts";
import { present, readStack, releases, stacksOf } from "./release.ts";
import { advice, meaningless, said, type Updated, updated } from "./update.ts";

const done = new Map<string, Promise<Updated>>();

/** Of each stack one update, for all tests. */
function update(release: string, stack: string): Promise<Updated> {
  const key = `${release} ${stack}`;
  const running = done.get(key) ?? updated(readStack(release, stack));
  done.set(key, running);
  return running;
}

test("the version of package.json has its state (npm run record-release), and each state its list", () => {
  expect(releases()).toContain(present().version);
  expect(Object.keys(updates).sort()).toEqual(releases().sort());
});

describe.each(releases())("an update from %s", (release) => {
  const list = updates[release] ?? [];

  describe.each(stacksOf(release))("of the stack %s", (stack) => {
    test("does what the list says, and nothing else", async () => {
      const did = await update(release, stack);
      expect(did.touched, advice(release, list, did)).toEqual(said(list, did));
    });

    test("gives no machine other files that stays", async () => {
      const { touched, files } = await update(release, stack);
      const gone = [touched.replaced, touched.restarted, touched.deleted].flat();
      expect(Object.keys(files).filter((machine) => !gone.includes(`Instance ${machine}`))).toEqual([]);
    });

    test("is refused only where a protected machine would go", async () => {
      const { refusals } = await update(release, stack);
      expect(refusals.filter((each) => !each.endsWith(" is protected"))).toEqual([]);
    });
  });

  test("does all that the list says", async () => {
    const all = await Promise.all(stacksOf(release).map((stack) => update(release, stack)));
    expect(meaningless(list, all)).toEqual([]);
  });
});

test("docs/upgrade.md says so (npx vitest run --project unit test/engine/releases/upgrade.test.ts -u)", async () => {
  const page = join(import.meta.dirname, "../../../docs/upgrade.md");
  await expect(await withReleases(readFileSync(page, "utf8"))).toMatchFileSnapshot(page);
});
