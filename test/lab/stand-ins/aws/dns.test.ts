import { describe, expect, test } from "vitest";
import { dnsmasqConf } from "../../../../lab/aws/dns.ts";
import { topology } from "../../../../lab/network/topology.ts";
import { sampleFleet } from "../sample-fleet.ts";

describe("dnsmasq's configuration", () => {
  const lines = dnsmasqConf({ ...topology(sampleFleet()), uplinkDns: "10.0.2.3" }).split("\n");

  test("a server's MAC address gets its private address and EC2's host name", () =>
    expect(lines).toContain("dhcp-host=02:00:00:00:00:03,10.42.0.5,ip-10-42-0-5"));
  test("a subnet's prefix is written as a mask", () =>
    expect(lines).toContain("dhcp-range=set:br-b,10.42.32.0,static,255.255.240.0,3600"));
  test("the router is the subnet's first address", () =>
    expect(lines).toContain("dhcp-option=tag:br-b,option:router,10.42.32.1"));
  test("the endpoints of the fleet's region are the stand-ins", () => {
    expect(lines).toContain("host-record=secretsmanager.eu-west-1.amazonaws.com,198.19.0.3");
    expect(lines).toContain("address=/s3.eu-west-1.amazonaws.com/198.19.0.5");
  });
});
