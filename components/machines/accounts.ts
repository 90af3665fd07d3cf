import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { forms } from "../../settings/aws-texts.ts";
import { type Account, accountsDocument } from "../../settings/keys/accounts.ts";
import { autoNamed } from "../aws-names.ts";
import { named } from "../tags.ts";

export interface AccountsArgs {
  /** The secret's name: servers know it by this. */
  secretName: string;
  /** ARN of the policy that bounds the role. @default none */
  permissionsBoundary?: string | undefined;
  /** Stays a secret in state; it is in no user data. */
  users: pulumi.Input<Account[]>;
}

/**
 * Who may dial: one secret in Secrets Manager, and the role with which servers, and only they, read it.
 *
 * A changed account changes the secret alone; servers take it within minutes (pptp-fleet-accounts.timer).
 * Costs a secret: about 0.40 USD a month and 0.05 USD per 10,000 reads; AWS's price list has the last word.
 */
export class Accounts extends pulumi.ComponentResource {
  /** Name of the instance profile that servers carry: its ID at AWS's provider, as a role's name is the role's. */
  readonly instanceProfile: pulumi.Output<string>;
  /** What must stand before a server asks for its accounts. */
  readonly grants: pulumi.Resource[];

  constructor(name: string, args: AccountsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pptp-fleet:accounts:Accounts", name, {}, opts);
    const secret = this.secret(name, args);
    const version = this.version(name, args, secret);
    const role = this.role(name, args);
    const policy = this.policy(name, role, secret);
    const profile = this.profile(name, role);
    this.instanceProfile = profile.id;
    this.grants = [version, policy];
    this.registerOutputs({ instanceProfile: this.instanceProfile });
  }

  private secret(name: string, { secretName }: AccountsArgs): aws.secretsmanager.Secret {
    return new aws.secretsmanager.Secret(
      name,
      {
        name: secretName,
        description: "Who may dial this stack's PPTP servers",
        // A deleted secret keeps its name for the window's days, and `up` after `destroy` would fail
        // (traps: deleted-secret-keeps-its-name).
        recoveryWindowInDays: 0,
        tags: named("accounts"),
      },
      { parent: this },
    );
  }

  private version(name: string, { users }: AccountsArgs, secret: aws.secretsmanager.Secret) {
    return new aws.secretsmanager.SecretVersion(
      name,
      { secretId: secret.id, secretString: pulumi.secret(pulumi.output(users).apply(accountsDocument)) },
      { parent: this },
    );
  }

  private role(name: string, { permissionsBoundary }: AccountsArgs): aws.iam.Role {
    const assumeRolePolicy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
    return new aws.iam.Role(
      autoNamed(forms.roleName, name),
      {
        description: "PPTP servers: read their accounts",
        assumeRolePolicy,
        ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
        tags: named("server"),
      },
      { parent: this },
    );
  }

  private policy(name: string, role: aws.iam.Role, secret: aws.secretsmanager.Secret): aws.iam.RolePolicy {
    const policy = pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: secret.arn }],
    });
    return new aws.iam.RolePolicy(name, { role: role.id, policy }, { parent: this });
  }

  private profile(name: string, role: aws.iam.Role): aws.iam.InstanceProfile {
    return new aws.iam.InstanceProfile(name, { role: role.id, tags: named("server") }, { parent: this });
  }
}
