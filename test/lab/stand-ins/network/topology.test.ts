import { describe, expect, test } from "vitest";
import { addressAt, overlap } from "../../../../lab/network/addresses.ts";
import { topology } from "../../../../lab/network/topology.ts";
import { machine, rule, sampleFleet } from "../sample-fleet.ts";

/** The sample fleet, its first server dialled from `cidr`. */
function dialledFrom(cidr: string) {
  const fleet = sampleFleet();
  fleet.machines[0]!.ingress = [
    rule("47", "10.99.0.0/16"),
    rule("tcp", "10.98.0.0/16", 22),
    rule("tcp", cidr, 1723),
  ];
  return topology(fleet);
}

describe("the client's address", () => {
  test("is the first host that may dial 1723", () =>
    expect(dialledFrom("100.64.9.0/24").client.address).toBe("100.64.9.1"));
  test("is the one host of a /32", () =>
    expect(dialledFrom("100.64.9.7/32").client.address).toBe("100.64.9.7"));
  test("is the lab's own choice where the whole internet may dial", () =>
    expect(dialledFrom("0.0.0.0/0").client.address).toBe("198.19.255.2"));
  test("comes from a range of ports that has 1723 in it", () => {
    const fleet = sampleFleet();
    fleet.machines[0]!.ingress = [
      rule("tcp", "100.64.1.0/24", 2000, 3000),
      rule("tcp", "100.64.2.0/24", 1000, 2000),
    ];
    expect(topology(fleet).client.address).toBe("100.64.2.1");
  });
  test("is not guessed where no rule admits 1723", () => {
    const fleet = sampleFleet();
    fleet.machines[0]!.ingress = [];
    expect(() => topology(fleet)).toThrow("no ingress rule of the first server admits TCP 1723");
  });
  test("is refused inside a server's subnet", () =>
    expect(() => dialledFrom("10.42.0.0/24")).toThrow("overlaps 10.42.0.0/20"));
  test("is refused where the lab's far host is", () =>
    expect(() => dialledFrom("198.19.0.2/32")).toThrow("overlaps 198.19.0.0/24"));
});

describe("the links", () => {
  const { subnets, attachments, client } = topology(sampleFleet());

  test("one bridge a subnet, named after the zone", () =>
    expect(subnets.map(({ bridge }) => bridge)).toEqual(["br-a", "br-b"]));
  test("the router and the resolver have AWS's places in the subnet", () =>
    expect(subnets[1]).toMatchObject({ router: "10.42.32.1", resolver: "10.42.32.2" }));
  test("one tap a server, named after it", () =>
    expect(attachments.map(({ tap }) => tap)).toEqual(["tap-a-1", "tap-b-1", "tap-a-2"]));
  test("no two guests share a MAC address", () =>
    expect(new Set([client.mac, ...attachments.map(({ mac }) => mac)]).size).toBe(4));
  test("two subnets of one zone have bridges of their own", () => {
    const fleet = sampleFleet();
    fleet.machines.push({ ...machine("a-3", "10.42.64.4", "198.18.0.4"), subnet: "10.42.64.0/20" });
    expect(topology(fleet).subnets.map(({ bridge }) => bridge)).toEqual(["br-a", "br-b", "br-a2"]);
  });
  test("an interface's name fits the kernel's 15 characters", () => {
    const fleet = sampleFleet();
    fleet.machines[0]!.name = "a-1234567890";
    expect(() => topology(fleet)).toThrow("tap-a-1234567890");
  });
});

describe("addresses", () => {
  test("count from the network's base, across bytes", () =>
    expect(addressAt("10.0.255.0/23", 300)).toBe("10.0.255.44"));
  test("above 127 stay positive", () => expect(addressAt("198.19.255.255/32", 0)).toBe("198.19.255.255"));
  test("a network overlaps one inside it", () => expect(overlap("10.0.0.0/8", "10.1.2.0/24")).toBe(true));
  test("neighbours do not overlap", () => expect(overlap("10.0.0.0/24", "10.0.1.0/24")).toBe(false));
});
