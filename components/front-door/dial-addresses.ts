/** The addresses that clients may dial, and what speaks against each. */
import type * as pulumi from "@pulumi/pulumi";
import { letter } from "../../plan/place/identity.ts";
import type { Plan } from "../../plan/plan.ts";
import type { Server } from "../machines/server.ts";
import type { Address } from "../network/elastic-ips.ts";
import type { Balancer } from "./balancer.ts";
import type { Gateways } from "./gateways.ts";

/** By a name that stays; the dial name leaves an address out while one of its alarms speaks against it. */
export type DialAddresses = Record<string, { address: pulumi.Output<string>; alarms: Record<string, Alarm> }>;

/** An alarm of CloudWatch's: a metric, and which of its values are bad. */
export interface Alarm {
  description: string;
  namespace: string;
  metricName: string;
  dimensions: Record<string, pulumi.Input<string>>;
  statistic: "Minimum" | "Maximum";
  comparisonOperator: "GreaterThanOrEqualToThreshold" | "LessThanThreshold";
  threshold: number;
}

/** Each server's own address, by the server's name. */
export function addressesOfServers(
  { servers }: Plan,
  addresses: Record<string, Address>,
  made: Server[],
): DialAddresses {
  return Object.fromEntries(
    servers.map(({ name }, i) => [
      name,
      {
        address: addresses[name]!.publicIp,
        alarms: { server: failsStatusChecks(name, made[i]!.instanceId) },
      },
    ]),
  );
}

/** The address of each zone's gateway, by the zone's letter. A zone that has a gateway and no server yet is none to dial. */
export function addressesOfGateways(
  { gateways, servers }: Plan,
  made: Gateways,
  balancer: Balancer,
): DialAddresses {
  const dialled = gateways.filter((gateway) => servers.some(({ zone }) => zone === gateway.zone));
  return Object.fromEntries(
    dialled.map(({ name, zone }) => {
      const { publicAddress: address, instanceId } = made.byZone[zone]!;
      const alarms = {
        gateway: failsStatusChecks(name, instanceId),
        servers: noTargets(zone, balancer.dimensions),
      };
      return [letter(zone), { address, alarms }];
    }),
  );
}

/** An instance or its host is broken, by EC2's own checks; one that is gone says nothing, which is bad too. */
function failsStatusChecks(machine: string, instanceId: pulumi.Input<string>): Alarm {
  return {
    description: `${machine} fails EC2's status checks`,
    namespace: "AWS/EC2",
    metricName: "StatusCheckFailed",
    dimensions: { InstanceId: instanceId },
    statistic: "Maximum",
    comparisonOperator: "GreaterThanOrEqualToThreshold",
    threshold: 1,
  };
}

/** No server of a zone takes new tunnels. */
function noTargets(zone: string, balancer: Record<string, pulumi.Input<string>>): Alarm {
  return {
    description: `no server in ${zone} takes new tunnels`,
    namespace: "AWS/NetworkELB",
    metricName: "HealthyHostCount",
    dimensions: { ...balancer, AvailabilityZone: zone },
    statistic: "Minimum",
    comparisonOperator: "LessThanThreshold",
    threshold: 1,
  };
}
