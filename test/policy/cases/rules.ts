/** What firewalls' cases share. */
import type { Resources } from "../changed-resources.ts";

export const IN = "SecurityGroupIngressRule";
export const OUT = "SecurityGroupEgressRule";
export const CLIENTS = "198.51.100.0/24";

/** A rule more, in a group of the fleet's. */
export function addRule(resources: Resources, group: string, name: string, rule: object): void {
  const [its] = resources.find("SecurityGroup", group);
  const tags = { Name: name, project: "pptp-fleet", stack: "prod" };
  const inputs = { securityGroupId: its!.id, description: "One more", ...rule, tags };
  resources.add(`aws:vpc/securityGroupIngressRule:${IN}`, name, inputs, { securityGroupId: its! });
}

export const inline = (rule: object, direction = "ingress") => ({
  [direction]: [{ description: "A rule inside a group", ...rule }],
});
