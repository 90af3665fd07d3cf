/**
 * The bootstrap's program against a bucket that answers oddly (bucket.py, which checks signatures by botocore). What a
 * bundle's own program makes of it is apply.test.ts's; here it is one that notes what it was called with.
 */
import { createHash } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { motoPython } from "../../../../lab/aws/moto.ts";
import { type Daemon, run, startDaemon } from "../../../../lab/host/run.ts";
import { waitUntil } from "../../../../lab/host/wait.ts";
import { makePlan } from "../../../../plan/plan.ts";
import { packBundle } from "../../../../render/bundle.ts";
import { renderServer } from "../../../../render/machine.ts";
import { APPLY } from "../../../../templates/apply/part.ts";
import { givenFacts, givenSettings } from "../../../shared/given.ts";
import { type Machine, newMachine, serverBundle } from "./machine.ts";

const FETCH = "/usr/local/sbin/pptp-fleet-fetch";
const STATE = "/var/lib/pptp-fleet";
const plan = makePlan(givenSettings(), givenFacts(), "dev");
/** As cloud-init reads it. */
const userData = parse(gunzipSync(renderServer(plan, plan.servers[0]!).userData).toString());

let machine: Machine;
let folder: string;
let bucket: Daemon;

/** A bundle whose program ends as `ends` says: with a code, or by a signal. */
function bundle(name: string, ends: number | "signal" = 0) {
  const program = `import json, os, signal, sys
with open("/root/calls", "a") as log: log.write("${name} " + " ".join(sys.argv[2:]).replace("${STATE}/", "")[:19] + "\\n")
code = ${ends === "signal" ? "os.kill(os.getpid(), signal.SIGKILL)" : ends}
with open("/run/pptp-fleet-apply/report", "w") as file:
    json.dump({"result": "refused" if code == 3 else "applied", "version": sys.argv[1][-64:], "sessions": 1}, file)
if code == 0:
    with open("${STATE}/applied", "w") as file: json.dump({"bundle": sys.argv[1]}, file)
if code == 3:
    with open("${STATE}/refused", "w") as file: json.dump({"bundle": sys.argv[1]}, file)
sys.exit(code)
`;
  const files = [{ path: APPLY, permissions: "0755", content: program, effect: "nothing" as const }];
  return packBundle({ ...serverBundle(), files });
}

const put = (key: string, data: string | Buffer) => {
  const path = join(folder, "objects/machines/a-1", key);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, data);
};

/** What Pulumi does. */
function desire({ bytes, version }: ReturnType<typeof bundle>): string {
  put(`bundles/${version}`, bytes);
  put("desired", JSON.stringify({ version, key: `machines/a-1/bundles/${version}` }));
  return version;
}

const mood = (text: string) => writeFileSync(join(folder, "mood"), text);
const lines = (path: string) =>
  existsSync(path)
    ? readFileSync(path, "utf8")
        .trim()
        .split("\n")
        .map((line) => line.trim())
    : [];
/** What a bundle's program was called with since the last question, by name. */
const calls = () => taken(join(machine.root, "root/calls"));
/** What the bucket was asked since the last question. */
const asked = () => taken(join(folder, "log")).map((line) => line.replace("/machines/a-1/", ""));
function taken(path: string): string[] {
  const all = lines(path);
  rmSync(path, { force: true });
  return all;
}
const status = () => JSON.parse(readFileSync(join(folder, "objects/machines/a-1/status"), "utf8"));
const told = () => JSON.parse(machine.read(`${STATE}/status.json`));
/** A backstop: on a first boot it waits for as long as it takes. */
const fetchNow = (...env: string[]) => machine.run(["timeout", "20", "env", ...env, FETCH]);

beforeAll(async () => {
  machine = await newMachine();
  folder = mkdtempSync("/run/bucket-");
  const { network, root } = machine;
  await run("ip", ["-n", network, "address", "add", "169.254.169.254/32", "dev", "lo"]);
  mood("well");
  const argv = ["netns", "exec", network, await motoPython(), join(import.meta.dirname, "bucket.py"), folder];
  bucket = startDaemon("ip", argv, join(folder, "bucket.log"));
  const ready = async () => bucket.tail().includes("ready");
  await waitUntil("the bucket", ready, { timeoutMs: 60_000, evidence: () => bucket.tail() });
  const authority = readFileSync(join(folder, "authority.pem"), "utf8").replace(
    /-----BEGIN PRIVATE[\s\S]*/,
    "",
  );
  appendFileSync(join(root, "etc/ssl/certs/ca-certificates.crt"), authority);
  appendFileSync(join(root, "etc/hosts"), "127.0.0.1 fleet.s3.eu-west-1.amazonaws.com\n");
  for (const { path, permissions, content } of userData.write_files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content, { mode: Number.parseInt(permissions, 8) });
  }
  machine.write("/etc/pptp-fleet/machine.json", '{"bucket": "fleet", "machine": "a-1"}\n');
  // The console is this machine's own.
  machine.write("/root/console", "");
  await run("mount", ["--bind", join(root, "root/console"), join(root, "dev/console")]);
});
afterAll(() => bucket?.stop());

/** A machine of its first boot, and a bucket with nothing in it. */
beforeEach(() => {
  for (const path of [STATE, "/run/pptp-fleet-apply", "/root/calls"])
    rmSync(join(machine.root, path), { recursive: true, force: true });
  for (const path of ["objects", "log"]) rmSync(join(folder, path), { recursive: true, force: true });
  machine.write("/root/console", "");
  mood("well");
});

test("the whole of it, units and all, is less than 4 KiB of user data", () => {
  const { userData } = renderServer(plan, plan.servers[0]!);
  expect(userData.length).toBeLessThan(4096);
});

/** What is said before packages come, which may take long. */
const BEGUN = "waits; it is being applied";

describe("fetched and handed to its own program", () => {
  test("a bundle is, reported in the bucket and here, and asked for again only where it is another", async () => {
    const version = desire(bundle("one"));
    expect(await fetchNow()).toMatchObject({ code: 0, text: `${BEGUN}\napplied\n` });
    expect(calls()).toEqual(["one"]);
    expect(asked()).toEqual(["GET desired", `GET bundles/${version}`, "PUT status", "PUT status"]);
    expect(status()).toMatchObject({ bootstrap: 1, version, result: "applied", sessions: 1 });
    expect(told()).toEqual(status());
    expect(machine.read("/root/console")).toBe("pptp-fleet: applied\n");
    expect(await fetchNow()).toMatchObject({ code: 0, text: "" });
    expect(calls()).toEqual(["one"]);
    expect(asked()).toEqual(["GET desired unless other"]);
  });

  test("the next one is, by its own program", async () => {
    desire(bundle("one"));
    await fetchNow();
    const version = desire(bundle("two"));
    await fetchNow();
    expect([calls(), status().version]).toEqual([["one", "two"], version]);
  });

  test("no proxy of the environment is asked, and no other reads its files", async () => {
    desire(bundle("one"));
    const proxies = ["http_proxy", "https_proxy"].map((name) => `${name}=http://127.0.0.1:9`);
    expect(await fetchNow(...proxies)).toMatchObject({ code: 0 });
    const modes = await machine.run(["sh", "-c", `stat -c %a ${STATE} ${STATE}/* /run/pptp-fleet-apply`]);
    expect(
      modes.text
        .trim()
        .split("\n")
        .filter((mode) => !/^[67]00$/.test(mode) && mode !== "644"),
    ).toEqual([]);
  });
});

describe("on the first boot", () => {
  test.each<[string, () => void, RegExp, () => void]>([
    ["no bundle is there", () => {}, /desired: 403 AccessDenied/, () => desire(bundle("one"))],
    [
      "the bundle is another than its checksum",
      () => put(`bundles/${desire(bundle("one"))}`, "another"),
      /does not verify/,
      () => desire(bundle("one")),
    ],
    [
      "its role may not read",
      () => mood("403"),
      /403 AccessDenied/,
      () => [mood("well"), desire(bundle("one"))],
    ],
    [
      "its clock is a day off",
      () => mood("a day ahead"),
      /RequestTimeTooSkewed.*clock/,
      () => [mood("well"), desire(bundle("one"))],
    ],
    [
      "its clock is a day behind a certificate",
      () => mood("tomorrow's"),
      /not yet valid.*clock/,
      () => [mood("well"), desire(bundle("one"))],
    ],
    [
      "there is no role yet",
      () => mood("no role"),
      /security-credentials.*404/,
      () => [mood("well"), desire(bundle("one"))],
    ],
  ])("it waits and says why where %s, and goes on by itself", async (_what, odd, why, mended) => {
    odd();
    const running = fetchNow();
    await waitUntil("a word", async () => existsSync(join(machine.root, `${STATE}/status.json`)), {
      timeoutMs: 30_000,
    });
    expect(told()).toMatchObject({ result: "waits", why: expect.stringMatching(why) });
    expect(machine.read("/root/console")).toMatch(why);
    expect(calls()).toEqual([]);
    mended();
    const { code, text } = await running;
    // Once each, whatever else it says of a report that nobody took.
    const said = text.split("\n").filter((line) => line !== "" && !line.startsWith("not reported"));
    expect([code, said]).toEqual([0, [expect.stringMatching(why), BEGUN, "applied"]]);
    expect([calls(), told().result, told().why]).toEqual([["one"], "applied", undefined]);
  });

  test("it fails with a bundle that is refused, or whose program breaks, and takes the next one", async () => {
    for (const [name, ends, result] of [
      ["bad", 3, "refused"],
      ["broken", 1, "failed"],
    ] as const) {
      desire(bundle(name, ends));
      expect((await fetchNow()).code).toBe(1);
      expect(calls()).toEqual([name]);
      expect(status()).toMatchObject({ result });
      // Once is enough.
      expect((await fetchNow()).code).toBe(1);
      expect(calls()).toEqual([]);
    }
    desire(bundle("one"));
    expect((await fetchNow()).code).toBe(0);
  });
});

describe("the last good state stands, and is applied on, where", () => {
  beforeEach(async () => {
    desire(bundle("good"));
    await fetchNow();
    calls();
    asked();
  });

  test.each<[string, () => void, RegExp]>([
    ["S3 refuses", () => mood("403"), /403 AccessDenied/],
    ["there is no bucket", () => mood("404"), /404 NoSuchBucket/],
    ["S3 is overloaded", () => mood("503"), /503 SlowDown/],
    ["an answer ends early", () => [desire(bundle("next")), mood("cut short")], /IncompleteRead/],
    ["an answer is no JSON", () => [desire(bundle("next")), mood("no JSON")], /JSON/],
    ["an answer has no version", () => [desire(bundle("next")), mood("no version")], /TypeError/],
    [
      "the new bundle was tampered with",
      () => put(`bundles/${desire(bundle("next"))}`, "x"),
      /does not verify/,
    ],
    ["the clock is off", () => mood("a day ahead"), /RequestTimeTooSkewed/],
    ["the metadata service is silent", () => mood("no metadata"), /api\/token: 400/],
    ["the role has no credentials", () => mood("no credentials"), /Token|SecretAccessKey/],
  ])("%s", async (_what, odd, why) => {
    odd();
    expect(await fetchNow()).toMatchObject({ code: 0 });
    expect(calls()).toEqual(["good"]);
    expect(told()).toMatchObject({ result: "applied", why: expect.stringMatching(why) });
    mood("well");
    await fetchNow();
    // Where there is another bundle, it comes once it can.
    expect(calls()[0]).toMatch(/good|next/);
  });

  test("S3 is not there", async () => {
    await run("ip", ["-n", machine.network, "route", "add", "unreachable", "198.51.100.1"]);
    const hosts = machine.read("/etc/hosts");
    machine.write("/etc/hosts", hosts.replace("127.0.0.1 fleet", "198.51.100.1 fleet"));
    expect(await fetchNow()).toMatchObject({ code: 0 });
    expect([calls(), told().why]).toEqual([["good"], expect.stringMatching(/unreachable|No route/)]);
    machine.write("/etc/hosts", hosts);
  });

  test("a new bundle's program breaks: it was half-way, so the last good one's goes over it", async () => {
    const version = desire(bundle("broken", 1));
    expect(await fetchNow()).toMatchObject({ code: 0 });
    expect(calls()).toEqual(["broken", `good --instead-of bundle`]);
    expect(JSON.parse(machine.read(`${STATE}/refused`))).toMatchObject({ version, result: "failed" });
    await fetchNow();
    expect(calls()).toEqual(["good --instead-of bundle"]);
    desire(bundle("next"));
    await fetchNow();
    expect(calls()).toEqual(["next"]);
  });

  test("a new bundle's program is killed: it is tried again", async () => {
    desire(bundle("killed", "signal"));
    for (const _ of [1, 2]) {
      await fetchNow();
      expect(calls()).toEqual(["killed"]);
    }
  });

  test("what lies here was cut by a power loss: it is fetched anew", async () => {
    const name = `${STATE}/bundle-${createHash("sha256").update(bundle("good").bytes).digest("hex")}`;
    for (const path of [name, `${STATE}/desired`]) {
      machine.write(path, readFileSync(join(machine.root, path)).subarray(0, 20).toString("latin1"));
      expect(await fetchNow()).toMatchObject({ code: 0 });
      expect(calls()).toEqual(["good"]);
    }
    expect(told().why).toBeUndefined();
  });

  test("two run at once: one after the other", async () => {
    const both = await Promise.all([fetchNow(), fetchNow()]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(calls()).toEqual(["good", "good"]);
  });
});
