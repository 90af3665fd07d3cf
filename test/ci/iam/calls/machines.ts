/** Instances: EC2. */
import { interfaceOf } from "../../../../graph/machines.ts";
import { INSTANCE } from "../../../../graph/types.ts";
import { arn, call, looks, passRole, plain, standing, wanted } from "../call.ts";
import type { Lives } from "./lives.ts";
import { retagged, tagsOf } from "./tags.ts";

export const machines: Lives = {
  [INSTANCE]: (self, graph) => {
    const [made, instance] = [graph.wanted(self), graph.standing(self)];
    const { rootBlockDevice, iamInstanceProfile } = self.inputs;
    const disk = arn("ec2", `volume/vol-${self.id}`);
    const place = interfaceOf(graph, self);
    // Its own interface, or one that is made with it and has no tags.
    const nic = graph.ec2("network-interface", place.id);
    const groups = place.groups.map((id) => graph.ec2("security-group", id));
    const subnet = graph.ec2("subnet", place.subnetId);
    const modify = [call("ec2:ModifyInstanceAttribute", { instance })];
    const stopped = [
      call("ec2:StopInstances", { instance }),
      ...modify,
      call("ec2:StartInstances", { instance }),
    ];
    const profile = [passRole(graph.roleOf(iamInstanceProfile), "ec2.amazonaws.com")];
    return {
      create: [
        // The root device's name.
        ...looks("ec2:DescribeImages"),
        call("ec2:RunInstances", {
          image: plain(arn("ec2", `image/${self.inputs.ami}`, { account: "" })),
          instance: made,
          // Its own interface, and AWS does not look at the tags of that here.
          "network-interface": plain(nic.arn),
          "security-group": groups,
          subnet,
          volume: plain(disk),
        }),
        tagsOf("instance", made, "RunInstances"),
        // The disk's come by themselves, when it stands.
        call("ec2:CreateTags", { volume: wanted(disk, rootBlockDevice.tags) }),
        ...profile,
        // A gateway's source/destination check.
        ...modify,
      ],
      read: [
        ...looks("ec2:DescribeInstances", "ec2:DescribeInstanceTypes", "ec2:DescribeVolumes"),
        ...looks("ec2:DescribeTags", "ec2:DescribeInstanceCreditSpecifications"),
        call("ec2:DescribeInstanceAttribute", { instance }),
      ],
      update: {
        disableApiTermination: modify,
        sourceDestCheck: modify,
        instanceType: stopped,
        userDataBase64: stopped,
        // The provider's own.
        userDataReplaceOnChange: [],
        metadataOptions: [call("ec2:ModifyInstanceMetadataOptions", { instance })],
        maintenanceOptions: [call("ec2:ModifyInstanceMaintenanceOptions", { instance })],
        vpcSecurityGroupIds: [
          call("ec2:ModifyNetworkInterfaceAttribute", { "network-interface": nic, "security-group": groups }),
        ],
        rootBlockDevice: [
          call("ec2:ModifyVolume", { volume: standing(disk, rootBlockDevice.tags) }),
          ...looks("ec2:DescribeVolumesModifications"),
          ...modify,
          ...retagged("volume", standing(disk, rootBlockDevice.tags)),
        ],
        iamInstanceProfile: [
          ...looks("ec2:DescribeIamInstanceProfileAssociations"),
          call("ec2:AssociateIamInstanceProfile", { instance }),
          call("ec2:ReplaceIamInstanceProfileAssociation", { instance }),
          call("ec2:DisassociateIamInstanceProfile", { instance }),
          ...profile,
        ],
        tags: retagged("instance", instance),
      },
      delete: [...modify, call("ec2:TerminateInstances", { instance }), ...looks("ec2:DescribeInstances")],
    };
  },
};
