/** Behind the balancer only gateways have a public address. */

import { INSTANCE, SUBNET } from "../../../graph/types.ts";
import type { Finding, StackRule } from "../../framework/rule.ts";
import { list, type Node, type Stack } from "../../framework/stack.ts";
import { BALANCED, balancers, elasticIpsOf, gateways, interfacesOf } from "../../resources/front-door.ts";

export const noPublicServer: StackRule = {
  name: "no-public-server",
  demands: `Behind a balancer of ${BALANCED} no instance has a public address but the gateways.`,
  severity: "high",
  reason:
    "A server that can be dialled past the front door answers under its gateway's address, so such a tunnel never works; and it is one more door to guard.",
  fix: "let the servers' subnets have no public addresses and give Elastic IPs to gateways only, or set pptp-fleet:frontDoor eip",
  link: "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-9",
  // AWS's own answer names an interface for each instance, also where the program names none.
  inputsOf: [INSTANCE],
  stackViolations: (stack) => {
    if (balancers(stack).length === 0) return [];
    const mayHaveOne = gateways(stack);
    return stack
      .all(INSTANCE)
      .filter((instance) => !mayHaveOne.has(instance))
      .flatMap((instance) => publicAddresses(stack, instance));
  },
};

function publicAddresses(stack: Stack, instance: Node<typeof INSTANCE>): Finding[] {
  const interfaces = interfacesOf(stack, instance);
  const subnets = [instance, ...interfaces].flatMap((each) =>
    stack.referred(each, "subnetId", [[SUBNET, "id"]]),
  );
  const { associatePublicIpAddress, publicIp } = instance.props;
  const problems = [
    ...(associatePublicIpAddress === true ? ["it asks for a public address"] : []),
    // In an update AWS itself says it, wherever the address comes from.
    ...(typeof publicIp === "string" && publicIp !== "" ? [`it has the public address ${publicIp}`] : []),
    ...elasticIpsOf(stack, instance).map(({ name }) => `it has the Elastic IP of ${name}`),
    ...subnets
      .filter(({ props }) => props.mapPublicIpOnLaunch === true)
      .map(({ name }) => `its subnet ${name} gives out public addresses`),
    ...(isPlaced(instance, interfaces) ? [] : ["nobody can tell which interface it stands on"]),
  ];
  return [...new Set(problems)].map((problem) => ({ node: instance, problem: `no gateway, and ${problem}` }));
}

/** On interfaces of the stack's, as many as the program names; or on one that AWS makes in a subnet that it names. */
function isPlaced({ said }: Node<typeof INSTANCE>, interfaces: Node[]): boolean {
  const named = [...list(said.primaryNetworkInterface), ...list(said.networkInterfaces)];
  return named.length === 0 ? said.subnetId !== undefined : interfaces.length >= named.length;
}
