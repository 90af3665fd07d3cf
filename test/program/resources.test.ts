import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import type { ProgramRun } from "../../offline/program.ts";
import { CARVED, ROUTED } from "../shared/existing-vpc.ts";
import { ACCOUNT, all, one, run } from "./run.ts";

let fleet: ProgramRun;
beforeAll(async () => {
  fleet = await run({ frontDoor: "eip", servers: 3, adminCidrs: ["10.8.0.0/16"], sshPublicKeys: [KEY] });
});

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB0vZ7yQJkfQJ2yqv1Tm1z3C5h4e7oQ0w2m8q1xq4b6L admin@example";

describe("a server", () => {
  test("is an instance on an interface of its own, with the plan's address", () => {
    expect(one(fleet, "NetworkInterface", "pptp-fleet-b-1").inputs).toMatchObject({
      privateIps: ["10.42.32.4"],
      subnetId: one(fleet, "Subnet", "pptp-fleet-b").id,
      securityGroups: [one(fleet, "SecurityGroup", "pptp-fleet").id],
      sourceDestCheck: true,
    });
    expect(one(fleet, "Instance", "pptp-fleet-b-1").inputs.primaryNetworkInterface).toEqual({
      networkInterfaceId: one(fleet, "NetworkInterface", "pptp-fleet-b-1").id,
    });
  });

  test("has IMDSv2 with one hop, an encrypted gp3 root, recovery, and its role", () => {
    expect(one(fleet, "Instance", "pptp-fleet-a-1").inputs).toMatchObject({
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      rootBlockDevice: { encrypted: true, volumeType: "gp3" },
      maintenanceOptions: { autoRecovery: "default" },
      disableApiTermination: false,
      iamInstanceProfile: one(fleet, "InstanceProfile", "pptp-fleet-a-1").id,
      userDataReplaceOnChange: true,
    });
  });

  test("starts after its address, its routes, its rules, its accounts and what it is to be", () => {
    const { dependsOn } = one(fleet, "Instance", "pptp-fleet-a-1").options;
    expect(dependsOn).toEqual(
      expect.arrayContaining([
        one(fleet, "EipAssociation", "pptp-fleet-a-1").urn,
        one(fleet, "Route", "pptp-fleet-internet").urn,
        one(fleet, "Route", "pptp-fleet-a").urn,
        one(fleet, "RouteTableAssociation", "pptp-fleet-a").urn,
        one(fleet, "SecurityGroupEgressRule", "pptp-fleet-out-http-0.0.0.0/0").urn,
        one(fleet, "SecretVersion", "pptp-fleet").urn,
        one(fleet, "VpcEndpoint", "pptp-fleet-s3").urn,
        one(fleet, "BucketObjectv2", "pptp-fleet-a-1-desired").urn,
      ]),
    );
  });

  test("is deleted before it is replaced, as its address can be on one only", () => {
    for (const type of ["Instance", "NetworkInterface", "EipAssociation"]) {
      expect(one(fleet, type, "pptp-fleet-a-1").options.deleteBeforeReplace).toBe(true);
    }
  });

  test("waits with its Elastic IP for the internet gateway", () => {
    expect(one(fleet, "Eip", "pptp-fleet-a-1").options.dependsOn).toContain(
      one(fleet, "InternetGateway", "pptp-fleet").urn,
    );
  });

  test("takes no notice of an AMI published later, and of one that is set it does", async () => {
    expect(one(fleet, "Instance", "pptp-fleet-a-1").options.ignoreChanges).toEqual(["ami"]);
    const chosen = await run({ amiId: "ami-0123456789abcdef0" });
    const instance = one(chosen, "Instance", "pptp-fleet-a-1");
    expect([instance.inputs.ami, instance.options.ignoreChanges]).toEqual(["ami-0123456789abcdef0", []]);
    expect(chosen.questions.map((question) => question.token)).not.toContain("aws:ec2/getAmi:getAmi");
  });

  test("is protected from termination where config says so", async () => {
    const instance = one(await run({ terminationProtection: true }), "Instance", "pptp-fleet-a-1");
    expect(instance.inputs.disableApiTermination).toBe(true);
  });

  test("on Graviton starts from Graviton's image", async () => {
    const graviton = await run({ frontDoor: "eip", instanceType: "c7gn.large" });
    expect(one(graviton, "Instance", "pptp-fleet-a-1").inputs.ami).toBe("ami-0a64000000000d13a");
  });
});

describe("accounts", () => {
  test("are one secret that can be made again under its name at once", () => {
    expect(one(fleet, "Secret", "pptp-fleet").inputs).toMatchObject({
      name: "pptp-fleet/dev/accounts",
      recoveryWindowInDays: 0,
    });
    expect(JSON.parse(one(fleet, "SecretVersion", "pptp-fleet").inputs.secretString)).toEqual({
      users: [ACCOUNT],
    });
  });

  test("are marked secret in what the engine stores, and stand nowhere else", () => {
    const shown = JSON.stringify(fleet.resources.map(({ shownInputs, outputs }) => [shownInputs, outputs]));
    expect(shown).not.toMatch(/plc-seven|correct horse/);
    const userData = all(fleet, "Instance").map(({ inputs }) => inputs.userDataBase64);
    const bundles = all(fleet, "BucketObjectv2").flatMap(({ inputs }) => inputs.contentBase64 ?? []);
    expect([userData.length, bundles.length]).toEqual([3, 3]);
    for (const bytes of [...userData, ...bundles].map((text) => gunzipSync(Buffer.from(text, "base64"))))
      expect(bytes.includes("correct horse")).toBe(false);
    expect(JSON.stringify(fleet.outputs)).not.toMatch(/plc-seven|correct horse/);
  });
});

describe("the stack", () => {
  test("puts out what to dial, each server's addresses, and how to administer it", () => {
    expect(fleet.outputs).toEqual({
      dial: Array(3).fill(expect.stringMatching(/^198\.18\.0\.[129]$/)),
      servers: {
        "a-1": expect.objectContaining({
          zone: "eu-west-1a",
          privateAddress: "10.42.0.4",
          clientPool: "10.64.0.0/24",
        }),
        "b-1": expect.objectContaining({
          zone: "eu-west-1b",
          privateAddress: "10.42.32.4",
          clientPool: "10.64.1.0/24",
        }),
        "a-2": expect.objectContaining({
          zone: "eu-west-1a",
          privateAddress: "10.42.0.5",
          clientPool: "10.64.8.0/24",
        }),
      },
      whenAnAddressDies: expect.stringMatching(/^each address of dial is one server: /),
      administer: Object.fromEntries(
        ["a-1", "b-1", "a-2"].map((server) => [server, expect.stringMatching(/^ssh admin@198\.18\.0\.\d$/)]),
      ),
    });
  });

  test("says that administration is closed where it is", async () => {
    expect((await run()).outputs.administer).toMatch(/^closed: set pptp-fleet:adminCidrs/);
  });

  test("asks AWS for what components/ask/ lists, and for no more", async () => {
    const existing = await run({
      frontDoor: "eip",
      vpcId: "vpc-0123456789abcdef0",
      subnetIds: ["subnet-0123456789abcdef0"],
    });
    const routed = await run({ ...CARVED, ...ROUTED });
    const adopted = await run({ elasticIps: { a: "eipalloc-0123456789abcdef0" } });
    const asked = [fleet, existing, routed, adopted]
      .flatMap(({ questions }) => questions)
      .map((question) => question.token.split(":").at(-1));
    expect([...new Set(asked)].sort()).toEqual([
      "getAmi",
      "getAvailabilityZones",
      "getCallerIdentity",
      "getEips",
      "getElasticIp",
      "getInstanceType",
      "getInstanceTypeOfferings",
      "getInstances",
      "getInternetGateway",
      "getNetworkInterface",
      "getNetworkInterfaces",
      "getRouteTable",
      "getRouteTables",
      "getSubnet",
      "getSubnets",
      "getVpc",
    ]);
  });
});

describe("the policy that bounds roles", () => {
  const BOUNDARY = "arn:aws:iam::111122223333:policy/pptp-fleet-boundary";
  const boundaries = (program: ProgramRun) =>
    all(program, "Role").map(({ name, inputs }) => [name, inputs.permissionsBoundary]);

  test("is every role's where config names one", async () => {
    expect(boundaries(await run({ permissionsBoundary: BOUNDARY }))).toEqual(
      ["a-1", "b-1", "gateway-a", "gateway-b", "flow-logs"].map((role) => [`pptp-fleet-${role}`, BOUNDARY]),
    );
  });

  test("is nobody's where it names none", () => {
    expect(boundaries(fleet)).toEqual(
      ["a-1", "a-2", "b-1", "flow-logs"].map((role) => [`pptp-fleet-${role}`, undefined]),
    );
  });
});

describe("an existing VPC", () => {
  test("gets servers in its subnets, by their zones and addresses, and no network of ours", async () => {
    const existing = await run({
      frontDoor: "eip",
      servers: 2,
      vpcId: "vpc-0123456789abcdef0",
      subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    });
    expect(
      all(existing, "NetworkInterface").map(({ inputs }) => [inputs.subnetId, inputs.privateIps]),
    ).toEqual([
      ["subnet-0123456789abcdef0", ["10.20.0.4"]],
      ["subnet-0123456789abcdef1", ["10.20.1.4"]],
    ]);
    expect(one(existing, "SecurityGroup", "pptp-fleet").inputs.vpcId).toBe("vpc-0123456789abcdef0");
    expect(
      existing.resources.filter(({ type }) => /:(Vpc|Subnet|InternetGateway|RouteTable)$/.test(type)),
    ).toEqual([]);
  });
});
