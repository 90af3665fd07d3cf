/** What is said of a key that we do not have: the nearest by meaning, by letters only where they are near, else none. */
import { describe, expect, test } from "vitest";
import { readSettings } from "../../../settings/read.ts";
import { groups, keys, membersOf } from "../../../settings/schema.ts";
import { meantKey, meantMember, meantOfAccount } from "../../../settings/words/hints.ts";
import { WORDS_OF_ACCOUNTS, WORDS_WITHOUT_KEY } from "../../../settings/words/without-key.ts";
import { WORDS_ELSEWHERE, WORDS_OF_KEYS } from "../../../settings/words/words.ts";
import { afterFix } from "../applied-fix.ts";
import { KERNEL, PPPD, PPTPD, wordsOf } from "./field-words.ts";

const members = groups.flatMap((group) =>
  Object.keys(membersOf(group)).map((member) => `${group}.${member}`),
);

function mistakes(raw: Record<string, string>, secret: string[] = ["users"]) {
  const read = readSettings({ allowedCidrs: '["198.51.100.0/24"]', ...raw }, new Set(secret));
  return "mistakes" in read ? read.mistakes : [];
}

/** The fix of a config with one mistake. */
function fix(raw: Record<string, string>): string {
  const [mistake, ...others] = mistakes(raw);
  expect(others).toEqual([]);
  return mistake!.fix;
}

describe("options of the field's programs", () => {
  test.each([
    ["pppd", PPPD, 270],
    ["pptpd", PPTPD, 20],
    ["the kernel's", KERNEL, 38],
  ])("%s have an answer each: a key of ours, or why there is none", (_, text, least) => {
    const words = wordsOf(text);
    expect(words.length).toBeGreaterThan(least);
    expect(words.filter((word) => meantKey(word) === undefined)).toEqual([]);
  });

  test.each([
    ["mtu", ["mtu.mtu"]],
    ["mru", ["mtu.mru"]],
    ["lcp-echo-interval", ["keepalive.lcpEchoInterval"]],
    ["idle", ["ppp.idleTimeout"]],
    ["maxconnect", ["ppp.sessionLimit"]],
    ["ms-dns", ["dns"]],
    ["ms-wins", ["ppp.wins"]],
    ["require-mppe-128", ["ppp.mppe"]],
    ["nomppe", ["ppp.mppe"]],
    ["defaultroute", ["egress.mode"]],
    ["remoteip", ["clientPool"]],
    ["connections", ["sessionsPerServer"]],
    ["stimeout", ["limits.initialPacketTimeout"]],
    ["chap-secrets", ["users"]],
    ["net.core.rmem_max", ["kernel.rmemMax"]],
    ["net.ipv4.tcp_keepalive_time", ["keepalive.tcpTime"]],
    ["nf_conntrack_gre_timeout_stream", ["conntrack.greTimeoutStream"]],
    ["keyName", ["sshPublicKeys"]],
    ["desiredCapacity", ["servers"]],
    ["eipAllocationIds", ["elasticIps"]],
    ["aptPins", ["packageVersions"]],
    ["mode", ["conntrack.mode", "egress.mode"]],
    ["offload", ["nic.gro", "nic.gso", "nic.tso"]],
  ])("%s is %j", (word, keys) => {
    expect(meantKey(word)).toEqual({ keys });
  });

  test.each([
    ["radius", /^there is none: accounts are pptp-fleet:users, .* no server asks RADIUS/],
    ["radiusServer", /no server asks RADIUS/],
    ["proxyarp", /^there is none: clients have a network of their own; nobody asks for them by ARP/],
    ["persist", /a dead session's slot/],
    ["lock", /^there is none: PPTP has no serial line/],
    ["logwtmp", /nothing here reads or rotates/],
    ["byoip", /^there is none: a machine has one public address: pptp-fleet:elasticIps brings/],
    ["securityGroupIds", /^there is none: security groups are the stack's own/],
    ["region", /pulumi config set aws:region/],
    ["net.ipv4.tcp_tw_recycle", /gone from today's kernels/],
  ])("%s has none, with the reason", (word, sentence) => {
    expect(meantKey(word)).toEqual({ sentence: expect.stringMatching(sentence) });
  });
});

describe("the tables", () => {
  const folded = (word: string) =>
    word.replace(/^([+-]?)(.*)$/, (_, sign, rest) => sign + rest.replaceAll(/[^a-z0-9]/g, ""));
  const rows = [...WORDS_OF_KEYS, ...WORDS_ELSEWHERE, ...WORDS_WITHOUT_KEY];

  test("have each word once", () => {
    const all = rows.flatMap(([, words]) => words.split(" ").map(folded));
    expect(all.filter((word, i) => all.indexOf(word) !== i)).toEqual([]);
    const ofAccounts = [
      WORDS_OF_ACCOUNTS.name,
      WORDS_OF_ACCOUNTS.password,
      ...WORDS_OF_ACCOUNTS.none.map(([, words]) => words),
    ].flatMap((words) => words.split(" ").map(folded));
    expect(ofAccounts.filter((word, i) => ofAccounts.indexOf(word) !== i)).toEqual([]);
  });

  test("name keys and members that there are", () => {
    const named = WORDS_OF_KEYS.flatMap(([keys]) => keys.split(" "));
    expect(named.filter((name) => !(keys as string[]).includes(name) && !members.includes(name))).toEqual([]);
    const told = rows.flatMap(([text]) => [...text.matchAll(/pptp-fleet:(\w+)/g)].map(([, key]) => key!));
    expect(told.filter((key) => !(keys as string[]).includes(key))).toEqual([]);
  });

  test("leave no word to be said of one of our own", () => {
    const words = rows.flatMap(([, words]) => words.split(" "));
    const ours = new Set(
      [...keys, ...members.map((name) => name.split(".")[1]!)].map((name) => name.toLowerCase()),
    );
    expect(words.filter((word) => ours.has(folded(word)) && !["cidrs"].includes(word))).toEqual([]);
  });
});

describe("by letters", () => {
  test.each([
    ["servrs", "servers"],
    ["allowdCidrs", "allowedCidrs"],
    ["clientPol", "clientPool"],
    ["vpcid", "vpcId"],
    ["Servers", "servers"],
    ["dsn", "dns"],
    ["userz", "users"],
    ["lcpEchoIntervall", "keepalive.lcpEchoInterval"],
    ["txqueuelenght", "nic.txqueuelen"],
  ])("%s is near %s", (name, key) => {
    expect(meantKey(name)).toEqual({ keys: [key] });
  });

  test.each([
    "xyzzy",
    "foo",
    "a",
    "",
    "-",
    "42",
    "numbers",
    "kernels-of-truth",
    "__proto__",
    "constructor",
    "toString",
  ])("%s is near none", (name) => {
    expect(meantKey(name)).toBeUndefined();
  });

  test("each of our own names is itself, and with a letter wrong still", () => {
    for (const name of [...keys, ...members]) {
      const last = name.split(".").at(-1)!;
      const answer = (word: string) => meantKey(word) as { keys: string[] } | undefined;
      expect(
        answer(name)!.keys.map((key) => key.split(".").at(-1)),
        name,
      ).toContain(last);
      if (last.length > 7)
        expect(
          answer(`${last.slice(0, 3)}${last.slice(4)}`)?.keys.map((key) => key.split(".").at(-1)),
          name,
        ).toContain(last);
    }
  });
});

describe("a member", () => {
  test.each([
    ["ppp", "proxyarp", { sentence: expect.stringContaining("by ARP") }],
    ["ppp", "mtu", { keys: ["mtu.mtu"] }],
    ["ppp", "lcp-echo-failure", { keys: ["keepalive.lcpEchoFailure"] }],
    ["keepalive", "idle", { keys: ["ppp.idleTimeout"] }],
    ["kernel", "rmem_max", { keys: ["kernel.rmemMax"] }],
    ["kernel", "net.core.wmem_default", { keys: ["kernel.wmemDefault"] }],
    ["mtu", "msss", { keys: ["mtu.mss"] }],
    ["mtu", "mut", { keys: ["mtu.mtu"] }],
    ["egress", "nat", { keys: ["egress.mode"] }],
    ["egress", "mode ", { keys: ["egress.mode"] }],
    ["nic", "colour", undefined],
  ] as const)("of %s called %s", (group, name, answer) => {
    expect(meantMember(group, name)).toEqual(answer);
  });

  test.each([
    ["user", { keys: ["name"] }],
    ["pass", { keys: ["password"] }],
    ["pasword", { keys: ["password"] }],
    ["Name", { keys: ["name"] }],
    ["ip", { sentence: expect.stringContaining("none belongs to an account") }],
    ["nt_hash", { sentence: expect.stringContaining("needs the password itself") }],
    ["colour", undefined],
  ])("of an account called %s", (name, answer) => {
    expect(meantOfAccount(name)).toEqual(answer);
  });
});

describe("the message", () => {
  test("of a word with a reason says how it goes", () => {
    expect(fix({ radius: "10.0.0.1" })).toMatch(/^there is none: .*; pulumi config rm pptp-fleet:radius$/);
    expect(fix({ ppp: '{"proxyarp":true}' })).toMatch(
      /; pulumi config rm --path 'pptp-fleet:ppp\.proxyarp'$/,
    );
  });

  test("of a member that there is not is the same where it is set as a key with a dot", () => {
    expect(fix({ "ppp.proxyarp": "true" })).toMatch(/ by ARP.*; pulumi config rm pptp-fleet:ppp\.proxyarp$/);
    expect(fix({ "ppp.idle": "60" })).toMatch(/^did you mean ppp\.idleTimeout\?/);
    expect(fix({ "ppp.mppe": "128" })).toMatch(/^a group's member is set with --path: /);
  });

  test("of a word with a key has its command", () => {
    expect(fix({ "lcp-echo-interval": "30" })).toBe(
      "did you mean keepalive.lcpEchoInterval? pulumi config set --path 'pptp-fleet:keepalive.lcpEchoInterval' 20; pulumi config rm pptp-fleet:lcp-echo-interval",
    );
    expect(fix({ mode: "routed" })).toMatch(
      /^did you mean conntrack\.mode\? .*, or did you mean egress\.mode\? /,
    );
  });

  test("of a word that nobody knows says so", () => {
    expect(fix({ xyzzy: "1" })).toBe("no key of ours is near it: pulumi config rm pptp-fleet:xyzzy");
    expect(fix({ "x y": "1" })).toBe("no key of ours is near it: take it out of the stack's file");
    expect(fix({ mtu: '{"x.y":1}' })).toBe("no key of ours is near it: take it out of the stack's file");
  });

  test.each(["account", "login", "chapSecrets", "userss", "usr"])(
    "of %s shows no value, as it may hold a password",
    (key) => {
      expect(mistakes({ [key]: "hunter2" })).toEqual([expect.objectContaining({ key, value: "[secret]" })]);
    },
  );

  test("of a command that takes the key away leads out", () => {
    const raw = {
      allowedCidrs: '["198.51.100.0/24"]',
      radius: "1",
      server: "3",
      "mtu.mss": "1300",
      mtu: '{"mmtu":1300}',
      ppp: '{"proxyarp":true,"mppe":"128"}',
    };
    for (const mistake of mistakes(raw)) {
      const [after] = afterFix(raw, mistake.fix.replace(/^.*; /, ""));
      expect(mistakes(after!).map(({ key }) => key)).not.toContain(mistake.key);
    }
  });
});

describe("an account's unknown member is named, without a value", () => {
  const of = (...accounts: object[]) =>
    mistakes({ users: JSON.stringify(accounts) }).map(({ key, value, fix }) => [key, value, fix]);
  const SET = "; pulumi config set --secret pptp-fleet:users < users.json";

  test.each([
    ["address", /^there is none: a client gets any free address .*; pulumi config set --secret/],
    ["comment", /^there is none: a note has no place here/],
    ["colour", /^an account has no more than these two; pulumi config set --secret/],
    ["Password", /^did you mean password\?; pulumi/],
  ])("%s", (member, message) => {
    expect(of({ name: "a", password: "b" }, { name: "c", password: "d", [member]: "e" })).toEqual([
      [`users[1].${member}`, "[secret]", expect.stringMatching(message)],
    ]);
  });

  test("each of several, beside what is missing", () => {
    expect(of({ user: "a", pass: "b" }).toSorted()).toEqual(
      [
        ["users[0].name", "[secret]", expect.any(String)],
        ["users[0].pass", "[secret]", `did you mean password?${SET}`],
        ["users[0].password", "[secret]", expect.any(String)],
        ["users[0].user", "[secret]", `did you mean name?${SET}`],
      ].map(([key, value, fix]) => [
        key,
        key === "users[0].name" || key === "users[0].password" ? "not set" : value,
        fix,
      ]),
    );
  });

  test.each(["hunter2", "correct horse", "pa$$word", "swordfish"])(
    "but for what may be a password: %s",
    (password) => {
      expect(of({ name: "a", password, [password]: "x" })).toEqual([
        ["users[0]", "[secret]", `take its other members out${SET}`],
      ]);
    },
  );
});

describe("a file of accounts", () => {
  const JSON_TEXT = '[{"name":"meter-17","password":"b"}]';
  const accounts = (users: string) =>
    readSettings({ allowedCidrs: '["198.51.100.0/24"]', users }, new Set(["users"]));

  test("may begin with a byte order mark, and end with a line", () => {
    expect(accounts(`\ufeff${JSON_TEXT}\r\n`)).toMatchObject({
      settings: { users: [{ name: "meter-17", password: "b" }] },
    });
  });

  test("so may any other value", () => {
    const raw = { allowedCidrs: '\ufeff["198.51.100.0/24"]', servers: "\ufeff3", dns: "\ufeff" };
    expect(readSettings(raw, new Set())).toMatchObject({ settings: { servers: 3, dns: [] } });
  });

  test("in UTF-16 is told by that name", () => {
    // As the CLI hands on bytes that are no UTF-8.
    const utf16 = `\ufffd\ufffd${[...JSON_TEXT].map((letter) => `${letter}\0`).join("")}`;
    const [mistake] = mistakes({ users: utf16 });
    expect(mistake).toMatchObject({
      key: "users",
      value: "[secret]",
      allowed: expect.stringMatching(/^text in UTF-8, and this is in another encoding, .*UTF-16: a list of/),
    });
  });
});
