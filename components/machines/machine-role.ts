import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bundleKey, desiredKey, statusKey } from "../../plan/bucket.ts";
import { forms } from "../../settings/aws-texts.ts";
import { autoNamed } from "../aws-names.ts";
import { type MachineTag, tagsOfMachine } from "../tags.ts";

export interface MachineRoleArgs {
  machine: MachineTag;
  /** ARN of the stack's bucket. */
  bucketArn: pulumi.Input<string>;
  /** ARN of the accounts' secret. @default none: a gateway has no accounts */
  secretArn?: pulumi.Input<string>;
  /** ARN of the policy that bounds the role. @default none */
  permissionsBoundary?: string | undefined;
}

/**
 * What one machine may do at AWS: read its own bundles and the pointer to the one that counts, write its own status, and, a
 * server, read the accounts. No machine lists anything: of what is not there it hears the same as of what is another's (403).
 *
 * A role a machine, and no policy variable of a role for all: what a role's session knows of its instance is the ID, which has
 * a name only once the instance stands.
 */
export class MachineRole extends pulumi.ComponentResource {
  /** Name of the instance profile: its ID at AWS's provider, as a role's name is the role's. */
  readonly instanceProfile: pulumi.Output<string>;
  /** What must stand before the machine asks. */
  readonly grants: pulumi.Resource[];

  constructor(name: string, args: MachineRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pptp-fleet:machines:MachineRole", name, {}, tagsOfMachine(args.machine, opts));
    const role = this.role(name, args);
    const policy = this.policy(name, args, role);
    const profile = new aws.iam.InstanceProfile(name, { role: role.id }, { parent: this });
    this.instanceProfile = profile.id;
    this.grants = [policy];
    this.registerOutputs({ instanceProfile: this.instanceProfile });
  }

  private role(name: string, { machine, permissionsBoundary }: MachineRoleArgs): aws.iam.Role {
    const [own] = Object.values(machine);
    const assumeRolePolicy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
    return new aws.iam.Role(
      autoNamed(forms.roleName, name),
      {
        description: `PPTP machine ${own}: read what it is to be, say what it is`,
        assumeRolePolicy,
        ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
      },
      { parent: this },
    );
  }

  private policy(name: string, args: MachineRoleArgs, role: aws.iam.Role): aws.iam.RolePolicy {
    const [machine] = Object.values(args.machine) as [string];
    const objects = (key: string) => pulumi.interpolate`${args.bucketArn}/${key}`;
    const policy = pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "s3:GetObject",
          Resource: [objects(desiredKey(machine)), objects(bundleKey(machine, "*"))],
        },
        { Effect: "Allow", Action: "s3:PutObject", Resource: objects(statusKey(machine)) },
        ...(args.secretArn === undefined
          ? []
          : [{ Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: args.secretArn }]),
      ],
    });
    return new aws.iam.RolePolicy(name, { role: role.id, policy }, { parent: this });
  }
}
