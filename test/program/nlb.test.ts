/** The front door `nlb`, as AWS sees it. The rules of its security groups are test/components/network/firewall.test.ts's. */
import { beforeAll, describe, expect, test } from "vitest";
import type { ProgramRun } from "../../offline/program.ts";
import { all, type Config, one, run } from "./run.ts";

let fleet: ProgramRun;
beforeAll(async () => {
  fleet = await run({ servers: 3 });
});

/** The default route of the table that a subnet has. */
function defaultRoute(subnet: string) {
  const { id } = one(fleet, "Subnet", subnet);
  const association = all(fleet, "RouteTableAssociation").find(({ inputs }) => inputs.subnetId === id)!;
  const { gatewayId, networkInterfaceId } = all(fleet, "Route").find(
    ({ inputs }) => inputs.routeTableId === association.inputs.routeTableId,
  )!.inputs;
  return gatewayId ?? networkInterfaceId;
}

const interfaceOf = (gateway: string) => one(fleet, "Instance", gateway).state.primaryNetworkInterfaceId;

describe("a zone", () => {
  test("has subnets of its own for servers, balancer and gateway", () => {
    expect(
      all(fleet, "Subnet").map(({ name, inputs }) => [name, inputs.cidrBlock, inputs.availabilityZone]),
    ).toEqual([
      ["pptp-fleet-a", "10.42.0.0/20", "eu-west-1a"],
      ["pptp-fleet-b", "10.42.32.0/20", "eu-west-1b"],
      ["pptp-fleet-balancer-a", "10.42.16.0/28", "eu-west-1a"],
      ["pptp-fleet-balancer-b", "10.42.48.0/28", "eu-west-1b"],
      ["pptp-fleet-gateway-a", "10.42.16.16/28", "eu-west-1a"],
      ["pptp-fleet-gateway-b", "10.42.48.16/28", "eu-west-1b"],
    ]);
  });

  test.each(["a", "b"])(
    "%s: servers and balancer leave by its gateway, the gateway by the internet gateway",
    (zone) => {
      const own = interfaceOf(`pptp-fleet-gateway-${zone}`);
      expect(defaultRoute(`pptp-fleet-${zone}`)).toBe(own);
      expect(defaultRoute(`pptp-fleet-balancer-${zone}`)).toBe(own);
      expect(defaultRoute(`pptp-fleet-gateway-${zone}`)).toBe(one(fleet, "InternetGateway", "pptp-fleet").id);
    },
  );

  test("without a server has a gateway and is not dialled", async () => {
    const one = await run({ servers: 1 });
    expect(all(one, "Instance")).toHaveLength(3);
    expect(one.outputs.dial).toHaveLength(1);
  });
});

describe("a gateway", () => {
  test("forwards, under a public address of its own until it has the Elastic IP", () => {
    const gateway = one(fleet, "Instance", "pptp-fleet-gateway-a");
    expect(gateway.inputs).toMatchObject({
      subnetId: one(fleet, "Subnet", "pptp-fleet-gateway-a").id,
      vpcSecurityGroupIds: [one(fleet, "SecurityGroup", "pptp-fleet-gateway").id],
      sourceDestCheck: false,
      associatePublicIpAddress: true,
      userDataReplaceOnChange: true,
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      rootBlockDevice: { encrypted: true, volumeType: "gp3" },
      maintenanceOptions: { autoRecovery: "default" },
    });
    expect(gateway.inputs.privateIp).toBeUndefined();
    expect(gateway.inputs.iamInstanceProfile).toBe(one(fleet, "InstanceProfile", "pptp-fleet-gateway-a").id);
  });

  test("is made before the old one goes, and takes the Elastic IP over", () => {
    expect(one(fleet, "Instance", "pptp-fleet-gateway-a").options.deleteBeforeReplace).toBe(false);
    const association = one(fleet, "EipAssociation", "pptp-fleet-gateway-a");
    expect(association.options.deleteBeforeReplace).toBe(false);
    expect(association.inputs).toEqual({
      allocationId: one(fleet, "Eip", "pptp-fleet-a-1").id,
      networkInterfaceId: interfaceOf("pptp-fleet-gateway-a"),
      allowReassociation: true,
    });
  });

  test("has the same user data for any number of servers, accounts and clients", async () => {
    const other = await run({ servers: 7, allowedCidrs: ["10.9.0.0/16"], users: [] });
    for (const name of ["pptp-fleet-gateway-a", "pptp-fleet-gateway-b"])
      expect(one(other, "Instance", name).inputs.userDataBase64).toBe(
        one(fleet, "Instance", name).inputs.userDataBase64,
      );
  });

  test("stands before a server's first boot", () => {
    const { dependsOn } = one(fleet, "Instance", "pptp-fleet-b-1").options;
    expect(dependsOn).toContain(one(fleet, "Route", "pptp-fleet-b").urn);
    const route = one(fleet, "Route", "pptp-fleet-b").options.dependsOn;
    expect(route).toContain(one(fleet, "EipAssociation", "pptp-fleet-gateway-b").urn);
    expect(route).toContain(
      one(fleet, "SecurityGroupIngressRule", "pptp-fleet-gateway-in-http-10.42.32.0/20").urn,
    );
  });
});

describe("the balancer", () => {
  test("is internal, zonal, at the plan's addresses, and has its group from creation", () => {
    expect(one(fleet, "LoadBalancer", "pptp-fleet").inputs).toMatchObject({
      internal: true,
      loadBalancerType: "network",
      enableCrossZoneLoadBalancing: false,
      enableDeletionProtection: false,
      securityGroups: [one(fleet, "SecurityGroup", "pptp-fleet-balancer").id],
      subnetMappings: ["a", "b"].map((zone, i) => ({
        subnetId: one(fleet, "Subnet", `pptp-fleet-balancer-${zone}`).id,
        privateIpv4Address: ["10.42.16.4", "10.42.48.4"][i],
      })),
    });
  });

  test("keeps the client's address, its choice and its connections", () => {
    expect(one(fleet, "TargetGroup", "pptp-fleet").inputs).toMatchObject({
      protocol: "TCP",
      port: 1723,
      targetType: "ip",
      preserveClientIp: "true",
      proxyProtocolV2: false,
      loadBalancingCrossZoneEnabled: "false",
      stickiness: { type: "source_ip", enabled: true },
      connectionTermination: false,
      targetHealthStates: [
        { enableUnhealthyConnectionTermination: false, unhealthyDrainingInterval: 360_000 },
      ],
      healthCheck: {
        protocol: "HTTP",
        port: "8723",
        path: "/",
        matcher: "200",
        interval: 5,
        timeout: 3,
        healthyThreshold: 2,
        unhealthyThreshold: 2,
      },
    });
  });

  test("the listener forgets as the timers say", async () => {
    const idle = async (config: Config) =>
      one(await run(config), "Listener", "pptp-fleet").inputs.tcpIdleTimeoutSeconds;
    expect([await idle({}), await idle({ keepalive: { nlbTcpIdle: 900 } })]).toEqual([350, 900]);
  });

  test("has every server as a target by its address", () => {
    expect(all(fleet, "TargetGroupAttachment").map(({ inputs }) => [inputs.targetId, inputs.port])).toEqual([
      ["10.42.0.4", 1723],
      ["10.42.0.5", 1723],
      ["10.42.32.4", 1723],
    ]);
  });

  test("is protected from deletion where config says so, like its gateways", async () => {
    const safe = await run({ terminationProtection: true });
    expect(one(safe, "LoadBalancer", "pptp-fleet").inputs.enableDeletionProtection).toBe(true);
    expect(one(safe, "Instance", "pptp-fleet-gateway-a").inputs.disableApiTermination).toBe(true);
  });
});

test("a server has no address of its own on the internet, and is administered by its gateway", async () => {
  const KEY =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB0vZ7yQJkfQJ2yqv1Tm1z3C5h4e7oQ0w2m8q1xq4b6L admin@example";
  const { outputs, resources } = await run({ adminCidrs: ["10.8.0.0/16"], sshPublicKeys: [KEY] });
  const [a] = outputs.dial;
  expect(resources.filter(({ type, inputs }) => type.endsWith(":Eip") && inputs.tags.server)).toEqual([]);
  expect(outputs.administer["a-1"]).toBe(`ssh -J admin@${a} admin@10.42.0.4`);
});

describe("a name", () => {
  const name = { dialName: "pptp.example.com", hostedZoneId: "Z0123456789ABCDEFGHIJ" };

  test("is answered with each zone whose gateway and targets are well", async () => {
    const named = await run({ ...name, servers: 2 });
    const record = one(named, "Record", "pptp-fleet-a");
    expect(record.inputs).toMatchObject({
      zoneId: name.hostedZoneId,
      name: name.dialName,
      type: "A",
      records: [one(named, "Eip", "pptp-fleet-a-1").state.publicIp],
      setIdentifier: "a",
      ttl: 60,
      multivalueAnswerRoutingPolicy: true,
      healthCheckId: one(named, "HealthCheck", "pptp-fleet-a").id,
    });
    expect(one(named, "HealthCheck", "pptp-fleet-a").inputs).toMatchObject({
      type: "CALCULATED",
      childHealthThreshold: 2,
      childHealthchecks: ["gateway", "servers"].map(
        (sign) => one(named, "HealthCheck", `pptp-fleet-a-${sign}`).id,
      ),
    });
    expect(one(named, "MetricAlarm", "pptp-fleet-a-gateway").inputs).toMatchObject({
      namespace: "AWS/EC2",
      metricName: "StatusCheckFailed",
      dimensions: { InstanceId: one(named, "Instance", "pptp-fleet-gateway-a").id },
      treatMissingData: "breaching",
      period: 60,
      evaluationPeriods: 2,
    });
    expect(one(named, "MetricAlarm", "pptp-fleet-b-servers").inputs).toMatchObject({
      namespace: "AWS/NetworkELB",
      metricName: "HealthyHostCount",
      comparisonOperator: "LessThanThreshold",
      threshold: 1,
      dimensions: {
        LoadBalancer: one(named, "LoadBalancer", "pptp-fleet").state.arnSuffix,
        TargetGroup: one(named, "TargetGroup", "pptp-fleet").state.arnSuffix,
        AvailabilityZone: "eu-west-1b",
      },
    });
    expect(named.outputs.name).toBe(name.dialName);
  });

  test("asks nothing of Route 53's own checkers, which are on nobody's allow list", async () => {
    const types = all(await run(name), "HealthCheck").map(({ inputs }) => inputs.type);
    expect(new Set(types)).toEqual(new Set(["CLOUDWATCH_METRIC", "CALCULATED"]));
  });

  test("over Elastic IPs is answered with each server that is well", async () => {
    const named = await run({ ...name, frontDoor: "eip", servers: 2 });
    expect(all(named, "Record").map(({ inputs }) => [inputs.setIdentifier, inputs.records])).toEqual(
      ["a-1", "b-1"].map((server) => [server, [one(named, "Eip", `pptp-fleet-${server}`).state.publicIp]]),
    );
    expect(one(named, "MetricAlarm", "pptp-fleet-b-1-server").inputs.dimensions).toEqual({
      InstanceId: one(named, "Instance", "pptp-fleet-b-1").id,
    });
  });

  test("tells what a dead address means to a device, with and without it", async () => {
    const texts = [await run(), await run(name)].map(({ outputs }) => outputs.whenAnAddressDies);
    expect(texts[0]).toMatch(
      /^each address of dial is a zone and all of its servers: .*give each device all of them$/,
    );
    expect(texts[1]).toMatch(/^Route 53 takes an address .* out of pptp\.example\.com/);
  });
});
