/** Reads a stack's instances, by tags, each with its first interface. */
import { type EC2Client, type Instance, paginateDescribeInstances } from "@aws-sdk/client-ec2";
import { byOwner, type Owner, tagged } from "./fetched.ts";
import type { FleetInstance } from "./inventory.ts";

/** With the account's ID; it is empty where there is no machine. */
export async function fetchMachines(ec2: EC2Client, owner: Owner) {
  const alive = { Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] };
  const machines: FleetInstance[] = [];
  let account = "";
  for await (const page of paginateDescribeInstances(
    { client: ec2 },
    { Filters: [...byOwner(owner), alive] },
  ))
    for (const { Instances = [], OwnerId = "" } of page.Reservations ?? []) {
      machines.push(...Instances.flatMap((instance) => machineOf(instance) ?? []));
      account = OwnerId;
    }
  return { machines: machines.toSorted((a, b) => a.name.localeCompare(b.name)), account };
}

function machineOf({ Tags, NetworkInterfaces = [], ...instance }: Instance): FleetInstance | undefined {
  const [gateway, server] = [tagged(Tags, "gateway"), tagged(Tags, "server")];
  const name = gateway ?? server;
  const nic =
    NetworkInterfaces.find(({ Attachment }) => Attachment?.DeviceIndex === 0) ?? NetworkInterfaces[0];
  if (name === undefined) return undefined;
  return {
    name,
    role: gateway === undefined ? "server" : "gateway",
    zone: instance.Placement?.AvailabilityZone ?? "",
    instanceId: instance.InstanceId ?? "",
    state: instance.State?.Name ?? "",
    launched: instance.LaunchTime ?? new Date(0),
    interfaceId: nic?.NetworkInterfaceId ?? "",
    address: nic?.PrivateIpAddress ?? "",
    subnetId: nic?.SubnetId ?? "",
    sourceDestCheck: nic?.SourceDestCheck ?? true,
    groupIds: (nic?.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
  };
}
