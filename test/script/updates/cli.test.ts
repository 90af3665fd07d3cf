/** The command from its arguments to the stack's file, with a mirror that is made up. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { cli } from "../../../script/updates/cli.ts";
import type { Run } from "../../../script/updates/programs.ts";
import { read } from "../../shared/files.ts";
import { believing, type MadeMirror, madeMirror, NOW } from "./mirror.ts";

let folder: string;
let keyring: string;
let mirror: MadeMirror;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "updates-test-"));
  keyring = join(folder, "keyring.gpg");
  writeFileSync(keyring, "");
  mirror = await madeMirror(
    {
      trixie: {
        ppp: "2.5.2-1+1",
        nftables: "1.1.3-1",
        "linux-image-arm64": "6.12.117-1",
        systemd: "257.13-1",
      },
      "trixie-security": { "linux-image-arm64": "6.12.118-1" },
    },
    ["amd64", "arm64"],
  );
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await mirror.close();
});

afterEach(() => vi.restoreAllMocks());

const GRAVITON = `config:
  aws:region: eu-west-1
  # The gateways' type too.
  pptp-fleet:instanceType: c7gn.large
  pptp-fleet:gatewayInstanceType: c7gn.large
  pptp-fleet:allowedCidrs:
    - 198.51.100.0/24
  pptp-fleet:packageVersions:
    ppp: 2.5.2-1
`;

async function updates(args: string[], run: Run = believing) {
  vi.spyOn(console, "warn").mockReturnValue();
  const said = { out: "", error: "" };
  const code = await cli(["--mirror", mirror.url, "--keyring", keyring, ...args], {
    ...{ folder, now: NOW, run },
    out: (text) => {
      said.out += `${text}\n`;
    },
    error: (text) => {
      said.error += `${text}\n`;
    },
  });
  return { code, ...said };
}

const stackFile = (text = GRAVITON) => {
  writeFileSync(join(folder, "Pulumi.arm.yaml"), text);
  return () => readFileSync(join(folder, "Pulumi.arm.yaml"), "utf8");
};

test("a line a package: what config has, what Debian has, and what it waits for", async () => {
  const file = stackFile();
  const { code, out } = await updates(["--stack", "arm"]);
  expect(code).toBe(0);
  const line = (name: string) => new RegExp(`^${name} .*$`, "m").exec(out)?.[0].replaceAll(/ {2,}/g, " | ");
  expect(line("ppp")).toBe("ppp | servers | 2.5.2-1 (gone) | 2.5.2-1+1 | no sessions");
  expect(line("linux-image-arm64")).toBe(
    "linux-image-arm64 | servers | - | 6.12.118-1 (security) | no sessions, then a reboot",
  );
  expect(line("nftables")).toBe("nftables | servers, gateways | - | 1.1.3-1 | no sessions");
  expect(line("systemd")).toBe("systemd | image | - | 257.13-1 | no sessions");
  expect(line("curl")).toBe("curl | servers | - | no such package");
  expect(line("trixie-security of")).toBe("trixie-security of 2026-11-26 02:14 UTC: signature good (gpgv)");
  expect(out).toContain("1 newer than config, 0 of them with a security update; 3 not in config");
  expect(file()).toBe(GRAVITON);
});

test("--write puts the newest into the stack's file, which the program then takes, and the second time nothing", async () => {
  const file = stackFile();
  const first = await updates(["--stack", "arm", "--write"]);
  expect(first.code).toBe(0);
  expect(first.out).toContain(`written to ${join(folder, "Pulumi.arm.yaml")}`);
  expect(file()).toContain("  # The gateways' type too.\n");
  expect(parse(file()).config["pptp-fleet:packageVersions"]).toEqual({
    "linux-image-arm64": "6.12.118-1",
    nftables: "1.1.3-1",
    ppp: "2.5.2-1+1",
    systemd: "257.13-1",
  });
  const written = file();
  const second = await updates(["--stack", "arm", "--write"]);
  expect(second.out).toContain("says so already");
  expect(second.out).toContain("config names the newest of all");
  expect(file()).toBe(written);
});

test("--json is one document", async () => {
  stackFile();
  const { out } = await updates(["--stack", "arm", "--json"]);
  const { updates: list, ...rest } = JSON.parse(out);
  expect(rest).toMatchObject({ stack: "arm", architecture: "arm64", written: false });
  expect(list).toContainEqual({
    name: "ppp",
    why: "a part needs it",
    on: ["server"],
    config: "2.5.2-1",
    debian: "2.5.2-1+1",
    security: false,
    state: "newer",
    gone: true,
    waits: "no sessions",
  });
});

describe("it fails", () => {
  test.each([
    ["without a stack", [], 2, /^say which stack: --stack prod\n\nnpm run updates/],
    ["with a word that it does not know", ["--stack", "arm", "--fix"], 2, /Unknown option '--fix'/],
    [
      "with a mirror that is no URL",
      ["--stack", "arm", "--mirror", "deb.debian.org"],
      2,
      /^--mirror is an http or https URL/,
    ],
    [
      "for a stack without a file",
      ["--stack", "none"],
      1,
      /^no Pulumi.none.yaml here; there are the stacks arm$/m,
    ],
    [
      "without a keyring, where TLS does not vouch either",
      ["--stack", "arm", "--keyring", "/none"],
      1,
      /there is no \/none\) nor TLS vouches/,
    ],
  ])("%s", async (_, args, code, message) => {
    stackFile();
    const ended = await updates(args);
    expect([ended.code, ended.out]).toEqual([code, ""]);
    expect(ended.error).toMatch(message);
  });

  test("for a config that the program refuses, with its words", async () => {
    stackFile(GRAVITON.replace("ppp: 2.5.2-1", "ppp: newest"));
    const { code, error } = await updates(["--stack", "arm", "--write"]);
    expect(code).toBe(1);
    expect(error).toMatch(
      /pptp-fleet:packageVersions\.ppp\n {4}value {4}"newest"\n {4}allowed {2}an exact version/,
    );
  });
});

test("--help says how, and asks nobody", async () => {
  const before = mirror.asked.length;
  expect(await updates(["--help"])).toMatchObject({ code: 0, out: expect.stringContaining("--write") });
  expect(mirror.asked).toHaveLength(before);
});

test("README names the command, and package.json has it", () => {
  expect(JSON.parse(read("package.json")).scripts.updates).toBe("node script/updates.ts");
  expect(read("README.md").includes("npm run updates -- --stack")).toBe(true);
});
