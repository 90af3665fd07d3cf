import { describe, expect, test } from "vitest";
import type { ProgramRun } from "../../../offline/program.ts";
import { all, type Config, one, run as program } from "../../program/run.ts";

/** Without a gateway: what it adds is the last part's. */
const run = (config: Config = {}) => program({ frontDoor: "eip", ...config });

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB0vZ7yQJkfQJ2yqv1Tm1z3C5h4e7oQ0w2m8q1xq4b6L admin@example";

/** Rules of a group as `protocol ports cidr`, sorted. */
function rules(fleet: ProgramRun, type: string, group = "pptp-fleet"): string[] {
  const { id } = one(fleet, "SecurityGroup", group);
  return all(fleet, type)
    .filter(({ inputs }) => inputs.securityGroupId === id)
    .map(({ inputs }) => [inputs.ipProtocol, inputs.fromPort, inputs.toPort, inputs.cidrIpv4])
    .map((parts) => parts.filter((part) => part !== undefined).join(" "))
    .sort();
}

describe("the servers' security group", () => {
  test("lets in TCP 1723 and protocol 47 from the allowed CIDRs, and nothing else", async () => {
    const fleet = await run({ allowedCidrs: ["198.51.100.0/24", "10.9.0.0/16"] });
    expect(rules(fleet, "SecurityGroupIngressRule")).toEqual([
      "47 10.9.0.0/16",
      "47 198.51.100.0/24",
      "tcp 1723 1723 10.9.0.0/16",
      "tcp 1723 1723 198.51.100.0/24",
    ]);
  });

  test("lets in SSH from the administrators only", async () => {
    const fleet = await run({ adminCidrs: ["10.8.0.0/16"], sshPublicKeys: [KEY] });
    expect(rules(fleet, "SecurityGroupIngressRule")).toEqual([
      "47 198.51.100.0/24",
      "tcp 1723 1723 198.51.100.0/24",
      "tcp 22 22 10.8.0.0/16",
    ]);
  });

  test("lets out both flows' answers to the allowed CIDRs, and what the machine itself needs", async () => {
    expect(rules(await run({ egress: { mode: "none" } }), "SecurityGroupEgressRule")).toEqual([
      "47 198.51.100.0/24",
      "tcp 1024 65535 198.51.100.0/24",
      "tcp 443 443 0.0.0.0/0",
      "tcp 80 80 0.0.0.0/0",
    ]);
  });

  test("lets clients out to the networks that they reach, and DNS to resolvers beyond these", async () => {
    const own = await run({ egress: { mode: "none" } });
    const clients = await run({ egress: { cidrs: ["10.9.0.0/16"] }, dns: ["9.9.9.9", "10.9.0.53"] });
    const before = rules(own, "SecurityGroupEgressRule");
    expect(rules(clients, "SecurityGroupEgressRule").filter((rule) => !before.includes(rule))).toEqual([
      "icmp -1 -1 10.9.0.0/16",
      "tcp 0 65535 10.9.0.0/16",
      "tcp 53 53 9.9.9.9/32",
      "udp 0 65535 10.9.0.0/16",
      "udp 53 53 9.9.9.9/32",
    ]);
  });

  test("has a description on each rule", async () => {
    const fleet = await run();
    const each = [...all(fleet, "SecurityGroupIngressRule"), ...all(fleet, "SecurityGroupEgressRule")];
    expect(each.filter(({ inputs }) => !inputs.description)).toEqual([]);
  });

  test("has no rule inside the group itself, which would fight with those beside it", async () => {
    const group = all(await run(), "SecurityGroup")[0]!;
    expect([group.inputs.ingress, group.inputs.egress]).toEqual([undefined, undefined]);
  });
});

describe.each(["nat", "routed", "none"])("with egress.mode %s, the rules", (mode) => {
  test("open TCP, UDP and ICMP for clients, never all protocols", async () => {
    const fleet = await run({ egress: { mode } });
    const protocols = [
      ...all(fleet, "SecurityGroupIngressRule"),
      ...all(fleet, "SecurityGroupEgressRule"),
    ].map(({ inputs }) => inputs.ipProtocol);
    expect(new Set(protocols)).toEqual(
      new Set(mode === "none" ? ["tcp", "47"] : ["tcp", "udp", "icmp", "47"]),
    );
  });

  test("for 47 are those of the allowed CIDRs, and no other", async () => {
    const fleet = await run({ egress: { mode } });
    for (const type of ["SecurityGroupIngressRule", "SecurityGroupEgressRule"])
      expect(rules(fleet, type).filter((rule) => rule.startsWith("47"))).toEqual(["47 198.51.100.0/24"]);
  });
});

describe("clients that keep their addresses", () => {
  test("are reached from the networks that they reach, and clients under NAT are not", async () => {
    const routed = await run({ egress: { mode: "routed", cidrs: ["10.9.0.0/16"] } });
    expect(rules(routed, "SecurityGroupIngressRule")).toEqual([
      "47 198.51.100.0/24",
      "icmp -1 -1 10.9.0.0/16",
      "tcp 0 65535 10.9.0.0/16",
      "tcp 1723 1723 198.51.100.0/24",
      "udp 0 65535 10.9.0.0/16",
    ]);
    const nat = await run({ egress: { mode: "nat", cidrs: ["10.9.0.0/16"] } });
    expect(rules(nat, "SecurityGroupIngressRule")).toEqual([
      "47 198.51.100.0/24",
      "tcp 1723 1723 198.51.100.0/24",
    ]);
  });
});

describe("behind the balancer", () => {
  const ingress = "SecurityGroupIngressRule";
  const egress = "SecurityGroupEgressRule";
  const zone = {
    frontDoor: "nlb",
    servers: 2,
    zones: ["eu-west-1a"],
    adminCidrs: ["10.8.0.0/16"],
    sshPublicKeys: [KEY],
  };

  test("servers add the health port from its subnets, and SSH from the gateways'", async () => {
    const before = rules(await run({ ...zone, frontDoor: "eip" }), ingress);
    const after = await run(zone);
    expect(rules(after, ingress).filter((rule) => !before.includes(rule))).toEqual([
      "tcp 22 22 10.42.16.16/28",
      "tcp 8723 8723 10.42.16.0/28",
    ]);
    expect(before.filter((rule) => !rules(after, ingress).includes(rule))).toEqual([]);
    expect(rules(after, egress)).toEqual(rules(await run({ ...zone, frontDoor: "eip" }), egress));
  });

  test("the balancer takes 1723 from clients, and reaches servers on it and on the health port", async () => {
    const fleet = await run(zone);
    expect(rules(fleet, ingress, "pptp-fleet-balancer")).toEqual(["tcp 1723 1723 198.51.100.0/24"]);
    expect(rules(fleet, egress, "pptp-fleet-balancer")).toEqual([
      "tcp 1723 1723 10.42.0.0/20",
      "tcp 8723 8723 10.42.0.0/20",
    ]);
  });

  test("a gateway takes clients, the balancer's answers, tunnels and own traffic of servers, and hands these on", async () => {
    const fleet = await run({ ...zone, egress: { mode: "none" } });
    expect(rules(fleet, ingress, "pptp-fleet-gateway")).toEqual([
      "47 10.42.0.0/20",
      "47 198.51.100.0/24",
      "tcp 1024 65535 10.42.0.0/20",
      "tcp 1024 65535 10.42.16.4/32",
      "tcp 1723 1723 198.51.100.0/24",
      "tcp 22 22 10.8.0.0/16",
      "tcp 443 443 10.42.0.0/20",
      "tcp 80 80 10.42.0.0/20",
    ]);
    expect(rules(fleet, egress, "pptp-fleet-gateway")).toEqual([
      "47 10.42.0.0/20",
      "47 198.51.100.0/24",
      "tcp 1024 65535 198.51.100.0/24",
      "tcp 1723 1723 10.42.16.4/32",
      "tcp 22 22 10.42.0.0/20",
      "tcp 443 443 0.0.0.0/0",
      "tcp 80 80 0.0.0.0/0",
    ]);
  });

  test("clients' traffic passes a gateway as far as egress opens it", async () => {
    const closed = await run({ ...zone, egress: { mode: "none" } });
    const open = await run({ ...zone, egress: { mode: "routed", cidrs: ["10.9.0.0/16"] } });
    const more = (type: string) => {
      const before = rules(closed, type, "pptp-fleet-gateway");
      return rules(open, type, "pptp-fleet-gateway").filter((rule) => !before.includes(rule));
    };
    expect(more(egress)).toEqual([
      "icmp -1 -1 10.9.0.0/16",
      "tcp 0 65535 10.9.0.0/16",
      "udp 0 65535 10.9.0.0/16",
    ]);
    const own = ["10.42.0.0/20", "10.64.0.0/14"];
    expect(more(ingress)).toEqual(
      [
        ...own.flatMap((cidr) => [`icmp -1 -1 ${cidr}`, `tcp 0 65535 ${cidr}`, `udp 0 65535 ${cidr}`]),
        "tcp 443 443 10.64.0.0/14",
        "tcp 80 80 10.64.0.0/14",
      ].sort(),
    );
  });
});
