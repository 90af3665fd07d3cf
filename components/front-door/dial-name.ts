import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fixedValues } from "../../plan/tunings/fixed.ts";
import type { Alarm, DialAddresses } from "./dial-addresses.ts";

export interface DialNameArgs {
  region: string;
  /** Fully qualified, without the dot at its end. */
  dialName: string;
  hostedZoneId: string;
  addresses: DialAddresses;
}

/** Seconds, and how many periods in a row: plan/tunings/fixed-front-door.ts has the reasons. */
const { dialNameTtl: TTL, alarmPeriod: PERIOD, alarmPeriods: PERIODS } = fixedValues;

/**
 * The name that clients dial, in Route 53: it answers with each address that CloudWatch's alarms do not speak against.
 * Not with Route 53's own checkers: these come from addresses that no allow list has
 * (traps: health-checkers-on-no-list). Where every address is bad Route 53 answers with all of them.
 *
 * Not seen on AWS: how long a dead zone stays in the answer. By the documents two minutes of alarm, then at most the
 * minute that resolvers keep it.
 *
 * Costs about 0.10 USD a month for each alarm and 0.50 to 1.00 USD for each health check.
 */
export class DialName extends pulumi.ComponentResource {
  constructor(name: string, args: DialNameArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pptp-fleet:frontdoor:DialName", name, {}, opts);
    for (const [key, { address, alarms }] of Object.entries(args.addresses)) {
      const own = `${name}-${key}`;
      const checks = Object.entries(alarms).map(([alarm, each]) => this.check(`${own}-${alarm}`, args, each));
      const health = checks.length === 1 ? checks[0]! : this.all(own, checks);
      this.record(own, args, key, address, health);
    }
    this.registerOutputs({ dialName: args.dialName });
  }

  private check(name: string, { region }: DialNameArgs, of: Alarm): aws.route53.HealthCheck {
    const { description, ...metric } = of;
    const alarm = new aws.cloudwatch.MetricAlarm(
      name,
      {
        alarmDescription: description,
        ...metric,
        period: PERIOD,
        evaluationPeriods: PERIODS,
        treatMissingData: "breaching",
      },
      { parent: this },
    );
    return new aws.route53.HealthCheck(
      name,
      {
        type: "CLOUDWATCH_METRIC",
        cloudwatchAlarmName: alarm.name,
        cloudwatchAlarmRegion: region,
        // An alarm without data yet: its machine is new.
        insufficientDataHealthStatus: "Unhealthy",
        // Route 53 copies an alarm's settings when it is told to, and the instance is one of them.
        triggers: metric.dimensions,
      },
      { parent: this },
    );
  }

  private all(name: string, checks: aws.route53.HealthCheck[]): aws.route53.HealthCheck {
    return new aws.route53.HealthCheck(
      name,
      {
        type: "CALCULATED",
        childHealthchecks: checks.map(({ id }) => id),
        childHealthThreshold: checks.length,
      },
      { parent: this },
    );
  }

  private record(
    name: string,
    { dialName, hostedZoneId }: DialNameArgs,
    key: string,
    address: pulumi.Input<string>,
    health: aws.route53.HealthCheck,
  ): aws.route53.Record {
    return new aws.route53.Record(
      name,
      {
        zoneId: hostedZoneId,
        name: dialName,
        type: "A",
        ttl: TTL,
        records: [address],
        setIdentifier: key,
        multivalueAnswerRoutingPolicy: true,
        healthCheckId: health.id,
      },
      { parent: this },
    );
  }
}
