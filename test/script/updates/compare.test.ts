/** Debian's order of versions, by examples; dpkg's own word on thousands is in test/lab/namespaces/debian.test.ts. */
import { describe, expect, test } from "vitest";
import { compareVersions, newest } from "../../../script/updates/compare.ts";

describe("a version is older than the next", () => {
  test.each([
    // deb-version(7), Sorting algorithm.
    ["~~", "~~a", "~", "", "a"],
    ["1.0~beta1~svn1245", "1.0~beta1", "1.0"],
    // What Debian 13 has had.
    ["3.5.1-1+deb13u1", "3.5.7-1~deb13u3", "3.5.9-1~deb13u1", "3.5.9-1"],
    ["1.5.0-1", "1.5.0-1+b2", "1.5.0-1+b10"],
    ["6.12.9-1", "6.12.117-1", "6.12.118-1"],
    ["9.9p1-3", "1:9.2p1-2", "1:10.0p1-7", "2:1"],
    ["1.0-1", "1.0a-1", "1.0+1-1", "1.0.1-1"],
    ["20250419", "20250419+deb13u1", "99999999999999999998", "99999999999999999999"],
  ])("%s %s %s %s %s", (...versions) => {
    const sorted = versions.filter((each) => each !== undefined);
    for (const [i, version] of sorted.entries())
      for (const [j, other] of sorted.entries())
        expect([version, other, Math.sign(compareVersions(version, other))]).toEqual([
          version,
          other,
          Math.sign(i - j),
        ]);
  });
});

test.each([
  ["1.0", "1.0-0"],
  ["1.0", "0:1.0"],
  ["1.00-1", "1.0-01"],
  ["1.0-", "1.0"],
])("%s is %s", (a, b) => {
  expect(compareVersions(a, b)).toBe(0);
});

test("the newest of several is one of them, and there is none of none", () => {
  expect(newest(["1.0-1", "1.10-1", "1.9-1"])).toBe("1.10-1");
  expect(newest([])).toBeUndefined();
});
