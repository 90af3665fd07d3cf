/** AWS as the stand-in has it refuses what a wrong order asks: the updates that go through have the right one. */
import { expect, test } from "vitest";
import { standing } from "./cases/run.ts";
import type { Stack } from "./fleet.ts";

/** A resource by type and name without the project's, as it stands. */
function found(stack: Stack, type: string, name: string) {
  const urn = [...stack.state.values()].find(
    (each) => each.type.endsWith(`:${type}`) && each.name === `pptp-fleet${name}`,
  )!;
  return stack.account.standing.get(urn.id)!;
}

test.each([
  ["NetworkInterface", "-a-1", "InvalidIPAddress.InUse"],
  ["Instance", "-a-1", "InvalidNetworkInterface.InUse"],
  ["Route", "-a", "RouteAlreadyExists"],
  ["RouteTableAssociation", "-a", "Resource.AlreadyAssociated"],
  ["Subnet", "-a", "InvalidSubnet.Conflict"],
  ["SecurityGroupIngressRule", "-in-gre-198.51.100.0/24", "InvalidPermission.Duplicate"],
  ["LoadBalancer", "", "InvalidConfigurationRequest"],
  ["Listener", "", "DuplicateListener"],
  ["Secret", "", "ResourceExistsException"],
  ["LogGroup", "-flow-logs", "ResourceAlreadyExistsException"],
  ["Bucket", "", "BucketAlreadyOwnedByYou"],
  ["VpcEndpoint", "-s3", "RouteAlreadyExists"],
])("a second %s%s beside the first", async (type, name, code) => {
  const stack = await standing({});
  const first = found(stack, type, name);
  expect(() => stack.account.create(first.type, first.id, first.inputs)).toThrow(code);
});

test.each([
  ["Vpc", "", "DependencyViolation"],
  ["Subnet", "-a", "DependencyViolation"],
  ["RouteTable", "-a", "DependencyViolation"],
  ["SecurityGroup", "", "DependencyViolation"],
  ["SecurityGroup", "-balancer", "DependencyViolation"],
  ["NetworkInterface", "-a-1", "InvalidParameterValue"],
  ["Eip", "-a-1", "InvalidIPAddress.InUse"],
  ["InternetGateway", "", "DependencyViolation"],
  ["TargetGroup", "", "ResourceInUse"],
  ["Role", "-a-1", "DeleteConflict"],
])("%s%s gone before those that need it", async (type, name, code) => {
  const stack = await standing({});
  const { type: whole, id } = found(stack, type, name);
  expect(() => stack.account.delete(whole, id)).toThrow(code);
});

test.each([
  ["Instance", "-a-1"],
  ["Instance", "-gateway-a"],
  ["LoadBalancer", ""],
])("%s%s gone although it is protected", async (type, name) => {
  const stack = await standing({ terminationProtection: true });
  const { type: whole, id } = found(stack, type, name);
  expect(() => stack.account.delete(whole, id)).toThrow("OperationNotPermitted");
});

test("an internet gateway taken to another VPC while somebody has a public address", async () => {
  const stack = await standing({});
  const { type, id, inputs } = found(stack, "InternetGateway", "");
  expect(() => stack.account.update(type, id, { ...inputs, vpcId: "vpc-other" })).toThrow(
    "DependencyViolation",
  );
});

test("an Elastic IP is taken over only by who says so", async () => {
  const stack = await standing({});
  const { type, inputs } = found(stack, "EipAssociation", "-gateway-a");
  expect(() => stack.account.create(type, "second", { ...inputs, allowReassociation: false })).toThrow(
    "Resource.AlreadyAssociated",
  );
  expect(stack.account.create(type, "third", inputs).id).toContain("third");
});
