/** Instances, their interfaces and addresses. */

import { EIP, EIP_ASSOCIATION, INSTANCE, NETWORK_INTERFACE } from "../../../../graph/types.ts";
import { call, type Inputs, type Row, tagged, tagList } from "./call.ts";

/** On an interface that is made apart, or with one of its own. */
const interfaces = ({
  primaryNetworkInterface: primary,
  subnetId,
  vpcSecurityGroupIds,
  associatePublicIpAddress,
}: Inputs) => [
  primary === undefined
    ? {
        ...{ DeviceIndex: 0, SubnetId: subnetId, Groups: vpcSecurityGroupIds },
        AssociatePublicIpAddress: associatePublicIpAddress,
      }
    : { DeviceIndex: 0, NetworkInterfaceId: primary.networkInterfaceId },
];

const sourceDestCheck = (InstanceId: string, { sourceDestCheck: Value }: Inputs) =>
  Value === undefined
    ? []
    : [call("ec2 ModifyInstanceAttribute", { InstanceId, SourceDestCheck: { Value } })];

export const machines: Record<string, Row> = {
  [INSTANCE]: {
    source: "ec2/ec2_instance.go",
    providersOwn: ["userDataReplaceOnChange"],
    calls: (inputs, id) => {
      const { metadataOptions: metadata, rootBlockDevice: root } = inputs;
      return [
        call("ec2 RunInstances", {
          ...{ MinCount: 1, MaxCount: 1, ImageId: inputs.ami, InstanceType: inputs.instanceType },
          UserData: inputs.userDataBase64,
          MetadataOptions: {
            HttpEndpoint: metadata.httpEndpoint,
            HttpTokens: metadata.httpTokens,
            HttpPutResponseHopLimit: metadata.httpPutResponseHopLimit,
          },
          MaintenanceOptions: { AutoRecovery: inputs.maintenanceOptions.autoRecovery },
          BlockDeviceMappings: [
            {
              // The image's own, which the provider asks for.
              DeviceName: "/dev/xvda",
              Ebs: { Encrypted: root.encrypted, VolumeType: root.volumeType, VolumeSize: root.volumeSize },
            },
          ],
          DisableApiTermination: inputs.disableApiTermination,
          NetworkInterfaces: interfaces(inputs),
          IamInstanceProfile: { Name: inputs.iamInstanceProfile },
          ...tagged("instance", inputs.tags),
        }),
        ...sourceDestCheck(id, inputs),
        call("ec2 CreateTags", { Resources: ["vol-0123456789abcdef0"], Tags: tagList(root.tags) }),
      ];
    },
  },
  [NETWORK_INTERFACE]: {
    source: "ec2/vpc_network_interface.go",
    calls: (inputs, id) => [
      call("ec2 CreateNetworkInterface", {
        ...{ SubnetId: inputs.subnetId, Groups: inputs.securityGroups, Description: inputs.description },
        PrivateIpAddresses: inputs.privateIps.map((PrivateIpAddress: string, i: number) => ({
          PrivateIpAddress,
          Primary: i === 0,
        })),
        ...tagged("network-interface", inputs.tags),
      }),
      call("ec2 ModifyNetworkInterfaceAttribute", {
        NetworkInterfaceId: id,
        SourceDestCheck: { Value: inputs.sourceDestCheck },
      }),
    ],
  },
  [EIP]: {
    source: "ec2/ec2_eip.go",
    calls: ({ domain, tags }) => [
      call("ec2 AllocateAddress", { Domain: domain, ...tagged("elastic-ip", tags) }),
    ],
  },
  [EIP_ASSOCIATION]: {
    source: "ec2/ec2_eip_association.go",
    calls: ({ allocationId, networkInterfaceId, allowReassociation }) => [
      call("ec2 AssociateAddress", {
        AllocationId: allocationId,
        NetworkInterfaceId: networkInterfaceId,
        AllowReassociation: allowReassociation,
      }),
    ],
  },
};
