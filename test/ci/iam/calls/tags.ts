/** What several of EC2's types have in common. */
import { type Call, call, looks, type Target } from "../call.ts";

/** Tags that come with the making: AWS asks for them as well, and says by what they came. */
export function tagsOf(type: string, made: Target, action: string): Call {
  return call("ec2:CreateTags", { [type]: made }, { "ec2:CreateAction": action });
}

/** Other tags on what stands. */
export function retagged(type: string, target: Target): Call[] {
  return [call("ec2:CreateTags", { [type]: target }), call("ec2:DeleteTags", { [type]: target })];
}

/** What the provider looks for before it deletes a group or a subnet: interfaces that a service left behind. */
export const LEFT_BEHIND = looks("ec2:DescribeNetworkInterfaces");
