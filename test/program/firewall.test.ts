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
    expect(rules(await run(), "SecurityGroupEgressRule")).toEqual([
      "47 198.51.100.0/24",
      "tcp 1024 65535 198.51.100.0/24",
      "tcp 443 443 0.0.0.0/0",
      "tcp 80 80 0.0.0.0/0",
    ]);
  });

  test("lets clients' DNS out to the resolvers that they are told", async () => {
    expect(rules(await run({ dns: ["9.9.9.9"] }), "SecurityGroupEgressRule")).toEqual(
      expect.arrayContaining(["tcp 53 53 9.9.9.9/32", "udp 53 53 9.9.9.9/32"]),
    );
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
