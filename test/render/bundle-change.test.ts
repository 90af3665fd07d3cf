/** What a change of a bundle means for a machine that runs; that the apply program does so, test/lab/ shows. */
import { describe, expect, test } from "vitest";
import type { Bundle, BundleFile } from "../../render/bundle.ts";
import { type BundleChange, bundleChange, lastArrival } from "../../render/bundle-change.ts";
import type { Effect } from "../../templates/part.ts";

const file = (path: string, effect: Effect, more: Partial<BundleFile> = {}): BundleFile => ({
  ...{ path, permissions: "0644", content: "one\n", effect },
  ...more,
});

const bundle = (of: Partial<Bundle>): Bundle => ({
  ...{ format: 1, machine: "a-1", kind: "server", before: [], packages: [], masks: [], files: [] },
  ...{ units: { enabled: [], first: [], queued: [] }, purges: [], watch: 30 },
  ...of,
});

const change = (before: Partial<Bundle>, after: Partial<Bundle>): BundleChange =>
  bundleChange(bundle(before), bundle(after));

/** Two files become others: one with this effect, and one that any moment is right for. */
const withOther = (effect: Effect, more: Partial<BundleFile> = {}) => {
  const files = (content: string) => [
    file("/a", effect, { content }),
    file("/b", "nft -f", { content, ...more }),
  ];
  return change({ files: files("one\n") }, { files: files("two\n") });
};

test.each<[Effect, string]>([
  ["nothing", "in place"],
  ["sysctl", "in place"],
  ["nft -f", "in place"],
  [{ reload: "ssh.service" }, "in place"],
  [{ restart: "pptp-fleet-health.service" }, "in place"],
  ["next session", "from the next session"],
  ["redial", "once no session is left"],
  [{ reboot: "update-grub" }, "at the next boot"],
  ["replacement", "by replacement"],
])(
  "a file whose change needs %j arrives %s, be it new, another, of another mode or gone",
  (effect, arrival) => {
    const [one, two] = [[file("/a", effect)], [file("/a", effect, { content: "two\n" })]];
    const executable = [file("/a", effect, { permissions: "0755" })];
    const arrives = (what: string) => ({ arrivals: { [arrival]: [what] }, held: [] });
    expect(change({}, { files: one })).toEqual(arrives("/a"));
    expect(change({ files: one }, { files: two })).toEqual(arrives("/a"));
    expect(change({ files: one }, { files: executable })).toEqual(arrives("/a"));
    expect(change({ files: one }, {})).toEqual(arrives("/a (gone)"));
    expect(change({ files: one }, { files: one })).toEqual({ arrivals: {}, held: [] });
  },
);

describe("what waits for sessions to leave", () => {
  test("holds the rest of the change", () => {
    expect(withOther("redial")).toEqual({ arrivals: { "once no session is left": ["/a"] }, held: ["/b"] });
    expect(withOther("next session")).toEqual({
      arrivals: { "from the next session": ["/a"], "in place": ["/b"] },
      held: [],
    });
  });

  test("does not hold what is apart", () => {
    expect(withOther("redial", { apart: true })).toEqual({
      arrivals: { "once no session is left": ["/a"], "in place": ["/b"] },
      held: [],
    });
  });

  test("is a package's version on a server, and not on a gateway, where no session ends", () => {
    const [old, next] = [
      { packages: [{ name: "ppp", version: "1" }] },
      { packages: [{ name: "ppp", version: "2" }] },
    ];
    const any = { packages: [{ name: "ppp" }] };
    const waits = { "once no session is left": ["package ppp 2"] };
    expect(change(old, next).arrivals).toEqual(waits);
    expect(change(any, next).arrivals).toEqual(waits);
    expect(change(old, any).arrivals).toEqual({});
    expect(change({}, any).arrivals).toEqual({ "in place": ["package ppp"] });
    expect(change(old, {}).arrivals).toEqual({});
    const gateway = { kind: "gateway" } as const;
    expect(change({ ...old, ...gateway }, { ...next, ...gateway }).arrivals).toEqual({
      "in place": ["package ppp 2"],
    });
  });
});

test("units and masks come and go in place", () => {
  const units = (enabled: string[]) => ({ enabled, first: [], queued: [] });
  expect(
    change(
      { units: units(["a.service"]), masks: ["x.timer"] },
      { units: units(["b.service"]), masks: ["y.timer"] },
    ).arrivals,
  ).toEqual({
    "in place": ["mask y.timer", "mask x.timer (gone)", "unit b.service", "unit a.service (gone)"],
  });
});

test("a sysctl that is no longer set keeps its value until the next boot", () => {
  const path = "/etc/sysctl.d/90-pptp-fleet.conf";
  const sysctls = (content: string) => ({ files: [file(path, "sysctl", { content })] });
  const both = sysctls("# net.not = 1\nnet.one = 1\n-net.two = 2\n");
  expect(change(both, sysctls("net.one = 3\n")).arrivals).toEqual({
    "in place": [path],
    "at the next boot": ["net.two, which is no longer set"],
  });
  expect(change(sysctls("net.one = 3\n"), both).arrivals).toEqual({ "in place": [path] });
  expect(change(both, {}).arrivals["at the next boot"]).toHaveLength(2);
});

test("of a change that arrives in several ways the last one counts", () => {
  expect(lastArrival(withOther("next session"))).toBe("from the next session");
  expect(lastArrival(withOther({ reboot: "update-grub" }))).toBe("at the next boot");
  expect(lastArrival(change({}, {}))).toBeUndefined();
});
