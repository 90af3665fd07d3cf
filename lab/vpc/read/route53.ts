/**
 * What Route 53 answers for the fleet's name: the records whose health checks are healthy by their CloudWatch alarms.
 *
 *     metric ─▶ alarm ─▶ health check (CLOUDWATCH_METRIC) ─▶ health check (CALCULATED) ─▶ record
 *
 * Where every record's check is unhealthy, Route 53 answers with all of them
 * (docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html). Leaves out: time (an
 * alarm acts on its metric at once, where AWS takes its periods and the record's TTL), more than eight answers,
 * routing policies but multivalue answers.
 */

import { Graph, type Recorded } from "../../../graph/graph.ts";
import { ALARM, HEALTH_CHECK, RECORD } from "../../../graph/types.ts";

/** A metric's present value by its name and dimensions; undefined: there is no data. */
export type Metric = (name: string, dimensions: Record<string, string>) => number | undefined;

/** Addresses by name. */
export function route53Answers(resources: Recorded[], metric: Metric): Map<string, string[]> {
  const graph = new Graph(resources);
  const alarms = (name: string): boolean => {
    const { inputs } = graph.named(ALARM, name);
    const value = metric(inputs.metricName, inputs.dimensions);
    if (value === undefined) return inputs.treatMissingData === "breaching";
    return breaches(value, inputs.comparisonOperator, inputs.threshold);
  };
  const healthy = (id: string): boolean => {
    const { inputs } = graph.find(HEALTH_CHECK, id);
    switch (inputs.type) {
      case "CLOUDWATCH_METRIC":
        return !alarms(inputs.cloudwatchAlarmName!);
      case "CALCULATED":
        return inputs.childHealthchecks!.filter(healthy).length >= inputs.childHealthThreshold!;
      default:
        throw new Error(`the lab knows no health check of the type ${inputs.type}`);
    }
  };

  const records = graph.all(RECORD).map(({ inputs }) => inputs);
  const named = Map.groupBy(records, ({ name }) => name);
  return new Map(
    [...named].map(([name, of]) => {
      const good = of.filter(({ healthCheckId }) => healthCheckId === undefined || healthy(healthCheckId));
      return [name, (good.length > 0 ? good : of).flatMap(({ records }) => records)];
    }),
  );
}

function breaches(value: number, operator: string, threshold: number): boolean {
  switch (operator) {
    case "GreaterThanOrEqualToThreshold":
      return value >= threshold;
    case "GreaterThanThreshold":
      return value > threshold;
    case "LessThanThreshold":
      return value < threshold;
    case "LessThanOrEqualToThreshold":
      return value <= threshold;
    default:
      throw new Error(`the lab knows no comparison ${operator}`);
  }
}
