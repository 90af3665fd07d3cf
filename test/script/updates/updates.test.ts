import { describe, expect, test } from "vitest";
import { imagePackages } from "../../../script/updates/image-packages.ts";
import {
  type Looked,
  lookedUp,
  type Update,
  updatesOf,
  versionsToWrite,
} from "../../../script/updates/updates.ts";

const SERVER = {
  kind: "server" as const,
  packages: [{ name: "linux-image-amd64" }, { name: "ppp" }, { name: "nftables" }],
};
const GATEWAY = { kind: "gateway" as const, packages: [{ name: "nftables" }] };

describe("looked up are", () => {
  const looked = lookedUp([SERVER, SERVER, GATEWAY], "amd64", { ppp: "1", tcpdump: "4.99.5-2" });
  const on = (name: string) => looked.find((each) => each.name === name)?.on;

  test("parts' packages first, once, with whose parts they are; then the image's, then config's own", () => {
    expect(looked.slice(0, 3).map(({ name, on }) => [name, on])).toEqual([
      ["linux-image-amd64", ["server"]],
      ["ppp", ["server"]],
      ["nftables", ["server", "gateway"]],
    ]);
    expect(on("openssh-server")).toEqual([]);
    expect(looked.at(-1)).toEqual({ name: "tcpdump", why: "config names it", on: [] });
    expect(new Set(looked.map(({ name }) => name)).size).toBe(looked.length);
  });

  test("the image's kernel where a gateway runs it, and the architecture's own only", () => {
    expect(on("linux-image-cloud-amd64")).toEqual(["gateway"]);
    expect(on("linux-image-cloud-arm64")).toBeUndefined();
    const servers = lookedUp([SERVER], "amd64", {}).map(({ name }) => name);
    expect(servers.filter((name) => name.includes("cloud"))).toEqual([]);
    expect(lookedUp([GATEWAY], "arm64", {}).map(({ name }) => name)).toContain("linux-image-cloud-arm64");
  });

  test("no package that a bundle has only for config's sake, as a part's", () => {
    const other = { name: "openssl", version: "1", ifInstalled: true as const };
    const found = lookedUp([{ ...GATEWAY, packages: [...GATEWAY.packages, other] }], "amd64", {});
    expect(found.find(({ name }) => name === "openssl")?.on).toEqual([]);
  });

  test("each once in the image's list", () => {
    const names = imagePackages.flatMap((each) => each.names);
    expect(new Set(names).size).toBe(names.length);
  });
});

/** The only update of a package. */
function update(
  config: string | undefined,
  has: Record<string, string>,
  changes: Partial<Looked> = {},
): Update {
  const looked = { name: "openssl", why: "", on: [], ...changes };
  const versions = config === undefined ? {} : { [looked.name]: config };
  return updatesOf([looked], versions, {
    versions: new Map(Object.keys(has).length === 0 ? [] : [[looked.name, new Map(Object.entries(has))]]),
  })[0]!;
}

describe("an update", () => {
  const HAS = { trixie: "3.5.9-1~deb13u1", "trixie-security": "3.5.7-1~deb13u3" };

  test.each<[string, string | undefined, Record<string, string>, Partial<Update>]>([
    ["config is behind the security update", "3.5.1-1", HAS, { state: "newer", security: true, gone: true }],
    [
      "config has it, and a release has a newer one",
      "3.5.7-1~deb13u3",
      HAS,
      { state: "newer", security: false, gone: false },
    ],
    ["config has the newest", "3.5.9-1~deb13u1", HAS, { state: "same", security: false, gone: false }],
    ["config has what Debian has not", "3.5.10-1", HAS, { state: "unheard", security: false, gone: true }],
    [
      "config has none, and the newest is no security update",
      undefined,
      HAS,
      { state: "unnamed", security: false, gone: false },
    ],
    [
      "config has none, and the newest is one",
      undefined,
      { trixie: "1", "trixie-security": "2" },
      { state: "unnamed", security: true, debian: "2" },
    ],
    ["Debian has no such package", "1", {}, { state: "unknown", security: false, gone: true }],
  ])("%s", (_, config, has, expected) => {
    expect(update(config, has)).toMatchObject(expected);
  });

  test.each<[string, Partial<Looked>, string]>([
    ["of a server's package", { on: ["server"] }, "no sessions"],
    ["of the image's", {}, "no sessions"],
    ["of a gateway's alone", { on: ["gateway"] }, "nothing"],
    ["of a server's kernel", { name: "linux-image-arm64", on: ["server"] }, "no sessions, then a reboot"],
    ["of a gateway's kernel", { name: "linux-image-cloud-amd64", on: ["gateway"] }, "a reboot"],
  ])("%s waits for it", (_, changes, waits) => {
    expect(update(undefined, { trixie: "1" }, changes).waits).toBe(waits);
  });
});

test("written are the newest, and never one that is older than config's, nor one that nobody knows", () => {
  const updates = [
    update("3.5.1-1", { trixie: "3.5.9-1" }, { name: "openssl" }),
    update(undefined, { trixie: "2.5.2-1+1" }, { name: "ppp" }),
    update("2.0-1", { trixie: "1.9-1" }, { name: "curl" }),
    update("1.0-1", {}, { name: "ours" }),
    update(undefined, {}, { name: "nobody's" }),
  ];
  expect(versionsToWrite(updates)).toEqual({
    openssl: "3.5.9-1",
    ppp: "2.5.2-1+1",
    curl: "2.0-1",
    ours: "1.0-1",
  });
});
