/** What every instance of a fleet has, a server's or a gateway's. */
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

export interface MachineArgs {
  instanceType: string;
  amiId: string;
  /** Whether another `amiId` replaces the machine, or only counts for the next one that is made. */
  replaceOnNewAmi: boolean;
  /** Gzip, 16,384 bytes at most. A change of it replaces the machine. */
  userData: Buffer;
  /** Name of the machine's own. */
  instanceProfile: pulumi.Input<string>;
  /** Refuse to terminate, by hand or by `pulumi up`, until this is taken back. */
  terminationProtection: boolean;
  /** What must stand before its first boot. */
  after: pulumi.Resource[];
}

/** GiB: Debian's image needs 3, a second kernel and the journal the rest. */
const ROOT_SIZE = 8;

/** The instance's inputs, all but its place in the network. */
export function machineInputs(args: MachineArgs) {
  return {
    ami: args.amiId,
    instanceType: args.instanceType,
    userDataBase64: args.userData.toString("base64"),
    userDataReplaceOnChange: true,
    iamInstanceProfile: args.instanceProfile,
    // IMDSv2 only; a forwarded packet has no hop left to reach it.
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
    rootBlockDevice: { encrypted: true, volumeType: "gp3", volumeSize: ROOT_SIZE },
    disableApiTermination: args.terminationProtection,
    maintenanceOptions: { autoRecovery: "default" },
  } satisfies aws.ec2.InstanceArgs;
}

/** The options that follow from the arguments. */
export function machineOptions({
  replaceOnNewAmi,
  terminationProtection,
}: MachineArgs): Pick<pulumi.CustomResourceOptions, "ignoreChanges" | "protect"> {
  // Pulumi refuses too, and does so in the preview: AWS alone would refuse half-way, with a new gateway beside the old.
  return { ignoreChanges: replaceOnNewAmi ? [] : ["ami"], protect: terminationProtection };
}
