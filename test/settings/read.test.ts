import { describe, expect, test } from "vitest";
import type { Mistake } from "../../settings/mistakes.ts";
import { readSettings } from "../../settings/read.ts";
import { groups, type Settings } from "../../settings/schema.ts";
import { ED25519 } from "../shared/public-keys.ts";

const MINIMAL = { allowedCidrs: '["198.51.100.0/24"]' };
const SECRET_USERS = new Set(["users"]);

function read(raw: Record<string, string>, secret: ReadonlySet<string> = SECRET_USERS): Settings {
  const result = readSettings({ ...MINIMAL, ...raw }, secret);
  if ("mistakes" in result) throw new Error(JSON.stringify(result.mistakes));
  return result.settings;
}

function mistakes(raw: Record<string, string>, secret: ReadonlySet<string> = SECRET_USERS): Mistake[] {
  const result = readSettings({ ...MINIMAL, ...raw }, secret);
  return "mistakes" in result ? result.mistakes : [];
}

describe("good configs", () => {
  test("allowedCidrs alone is enough, and the rest is the defaults", () => {
    expect(read({})).toEqual({
      servers: 2,
      instanceType: "c6in.large",
      zones: [],
      frontDoor: "nlb",
      elasticIps: {},
      gatewayInstanceType: "c6in.large",
      allowedCidrs: ["198.51.100.0/24"],
      adminCidrs: [],
      sshPublicKeys: [],
      vpcCidr: "10.42.0.0/16",
      subnetCidrs: [],
      subnetIds: [],
      gatewaySubnetIds: [],
      balancerSubnetIds: [],
      defaultRouteTableIds: [],
      clientPool: "10.64.0.0/14",
      sessionsPerServer: 250,
      dns: [],
      pathMtu: 1500,
      users: [],
      packageVersions: {},
      terminationProtection: false,
      flowLogRetentionDays: 365,
      // Each group's own are in groups/groups.test.ts.
      ...Object.fromEntries(groups.map((group) => [group, expect.any(Object)])),
    });
  });

  test("an empty text or list is the same as no value", () => {
    const empty = {
      zones: "[]",
      vpcId: "",
      amiId: "",
      servers: "",
      users: "[]",
      subnetIds: "[ ]",
      elasticIps: '{"a":"","b":null}',
      packageVersions: '{"ppp":"","python3.13":null}',
      instanceType: "",
    };
    expect(read(empty)).toEqual(read({}));
  });

  test("every key can be set", () => {
    const settings = read({
      servers: "3",
      instanceType: "c7g.large",
      zones: '["eu-west-1b","eu-west-1a"]',
      frontDoor: "eip",
      elasticIps: '{"a":"eipalloc-0123456789abcdef0","b-1":"eipalloc-01234567"}',
      adminCidrs: '["203.0.113.0/24"]',
      sshPublicKeys: JSON.stringify([ED25519]),
      vpcCidr: "172.20.0.0/20",
      clientPool: "100.64.0.0/16",
      sessionsPerServer: "100",
      dns: '["9.9.9.9","10.42.0.2"]',
      pathMtu: "1400",
      users: JSON.stringify([{ name: "meter-17", password: 'a "quoted" \\ # word' }]),
      amiId: "ami-0123456789abcdef0",
      packageVersions: '{"python3.13":"3.13.5-2+deb13u5","ca-certificates":20250419}',
      terminationProtection: "true",
      permissionsBoundary: "arn:aws:iam::111122223333:policy/teams/pptp-fleet-boundary",
    });
    expect(settings).toMatchObject({
      servers: 3,
      zones: ["eu-west-1b", "eu-west-1a"],
      pathMtu: 1400,
      users: [{ name: "meter-17", password: 'a "quoted" \\ # word' }],
      amiId: "ami-0123456789abcdef0",
      // YAML reads digits as a number.
      packageVersions: { "python3.13": "3.13.5-2+deb13u5", "ca-certificates": "20250419" },
      terminationProtection: true,
      permissionsBoundary: "arn:aws:iam::111122223333:policy/teams/pptp-fleet-boundary",
    });
  });

  test("an existing VPC goes with its subnets, beside the vpcCidr that Pulumi.yaml puts in", () => {
    const existing = {
      frontDoor: "eip",
      vpcId: "vpc-0123456789abcdef0",
      subnetIds: '["subnet-0123456789abcdef0","subnet-01234567"]',
      vpcCidr: "10.42.0.0/16",
    };
    expect(read(existing)).toMatchObject({
      vpcId: existing.vpcId,
      subnetIds: JSON.parse(existing.subnetIds),
    });
  });

  test("the whole internet may be let in by those who say so", () => {
    expect(read({ allowedCidrs: '["0.0.0.0/0"]' }).allowedCidrs).toEqual(["0.0.0.0/0"]);
  });
});

describe("every mistake at once", () => {
  test("single keys, keys against each other and keys that do not exist", () => {
    const found = mistakes(
      {
        allowedCidrs: "",
        servers: "0",
        frontDoor: "eip",
        vpcId: "vpc-0123456789abcdef0",
        adminCidrs: '["203.0.113.9/24","2001:db8::/32"]',
        clientPol: "10.0.0.0/8",
        users: '[{"name":"a","password":"b"}]',
      },
      new Set(),
    );
    expect(found.map(({ key }) => key)).toEqual([
      "servers",
      "allowedCidrs",
      "adminCidrs[0]",
      "adminCidrs[1]",
      "users",
      "subnetCidrs",
      "clientPol",
    ]);
  });

  test("a rule between keys is not judged on a key that is wrong by itself", () => {
    expect(mistakes({ vpcId: "vpc-?", subnetIds: '["subnet-01234567"]' }).map(({ key }) => key)).toEqual([
      "vpcId",
    ]);
  });

  test("one place has one mistake", () => {
    expect(mistakes({ servers: "99999999999999999999" })).toHaveLength(1);
  });
});

describe("keys that do not exist", () => {
  test("the nearest one that does is named", () => {
    expect(mistakes({ server: "3" })).toEqual([
      {
        key: "server",
        value: '"3"',
        allowed: expect.stringContaining("servers, instanceType, zones"),
        fix: "did you mean servers? pulumi config set pptp-fleet:servers 2; pulumi config rm pptp-fleet:server",
      },
    ]);
  });

  test.each(["__proto__", "constructor", "toString", "hasOwnProperty"])("%s is one", (key) => {
    const raw = Object.fromEntries([[key, "1"]]);
    const result = readSettings(Object.assign(Object.create(null), MINIMAL, raw), SECRET_USERS);
    expect("mistakes" in result && result.mistakes.map((mistake) => mistake.key)).toEqual([key]);
  });

  test.each([
    ["near a secret key", { user: "hunter2" }],
    ["named like a secret", { vpnPassword: "hunter2" }],
    ["whose value speaks of a secret", { zone: '{"password":"hunter2"}' }],
  ])("a value %s is not shown", (_, raw) => {
    expect(mistakes(raw as Record<string, string>).map(({ value }) => value)).toEqual(["[secret]"]);
  });

  test("control characters in a name are escaped", () => {
    expect(mistakes({ "serv\u001b[31mers": "1" })[0]!.key).toBe("serv\\u001b[31mers");
  });
});

describe("values that must not be seen", () => {
  test("users in plain text are refused with the command that encrypts them, and not shown", () => {
    expect(mistakes({ users: '[{"name":"alice","password":"hunter2"}]' }, new Set())).toEqual([
      {
        key: "users",
        value: "[secret]",
        allowed: "an encrypted value: accounts never lie in a stack's file as plain text",
        fix: "pulumi config set --secret pptp-fleet:users < users.json (and new passwords, if others could read the file)",
      },
    ]);
  });

  test("an encrypted key is not shown, whichever it is, nor is a fix that quotes it", () => {
    const [mistake] = mistakes({ vpcCidr: "10.42.7.0/16" }, new Set(["vpcCidr"]));
    expect(mistake).toMatchObject({
      value: "[secret]",
      fix: "pulumi config set pptp-fleet:vpcCidr 10.42.0.0/16",
    });
  });

  test("a value that speaks of passwords is not shown under any key", () => {
    expect(mistakes({ dns: '[{"name":"a","password":"hunter2"}]' })[0]).toMatchObject({
      key: "dns[0]",
      value: "[secret]",
    });
  });
});
