import { describe, expect, test } from "vitest";
import type { ProgramRun } from "../../offline/program.ts";
import { all, run } from "./run.ts";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB0vZ7yQJkfQJ2yqv1Tm1z3C5h4e7oQ0w2m8q1xq4b6L admin@example";

/** Rules as `protocol ports cidr`, sorted. */
function rules(fleet: ProgramRun, type: string): string[] {
  return all(fleet, type)
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
