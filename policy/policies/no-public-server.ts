/** Behind the balancer only gateways have a public address. */
import { balancers, elasticIpsOf, gateways, interfacesOf } from "../kit/front-door.ts";
import type { Finding, StackRule } from "../kit/rule.ts";
import type { Node, Stack } from "../kit/stack.ts";
import { INSTANCE, NETWORK_INTERFACE, SUBNET } from "../kit/types.ts";

export const noPublicServer: StackRule = {
  name: "no-public-server",
  demands: "Behind a balancer of TCP 1723 no instance has a public address but the gateways.",
  severity: "high",
  reason:
    "A server that can be dialled past the front door answers under its gateway's address, so such a tunnel never works; and it is one more door to guard.",
  wayOut:
    "let the servers' subnets have no public addresses and give Elastic IPs to gateways only, or set pptp-fleet:frontDoor eip",
  link: "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-9",
  brokenIn: (stack) => {
    if (balancers(stack).length === 0) return [];
    const mayHaveOne = gateways(stack);
    return stack
      .all(INSTANCE)
      .filter((instance) => !mayHaveOne.has(instance))
      .flatMap((instance) => publicAddresses(stack, instance));
  },
};

function publicAddresses(stack: Stack, instance: Node): Finding[] {
  const subnets = [
    ...stack.referred(instance, "subnetId", [[SUBNET, "id"]]),
    ...interfacesOf(stack, instance).flatMap((nic) => stack.referred(nic, "subnetId", [[SUBNET, "id"]])),
  ];
  const problems = [
    ...(instance.props.associatePublicIpAddress === true ? ["it asks for a public address"] : []),
    ...elasticIpsOf(stack, instance).map(({ name }) => `it has the Elastic IP of ${name}`),
    ...subnets
      .filter(({ props }) => props.mapPublicIpOnLaunch === true)
      .map(({ name }) => `its subnet ${name} gives out public addresses`),
    ...(hasInterface(stack, instance) ? [] : ["nobody can tell which interface it stands on"]),
  ];
  return [...new Set(problems)].map((problem) => ({ node: instance, problem: `no gateway, and ${problem}` }));
}

/** Either its own by subnet, or one of the stack's. */
function hasInterface(stack: Stack, instance: Node): boolean {
  if (instance.props.subnetId !== undefined && instance.wired.primaryNetworkInterface === undefined)
    return true;
  return stack.all(NETWORK_INTERFACE).length > 0 && interfacesOf(stack, instance).length > 0;
}
