import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Account, accountsDocument } from "../../settings/keys/accounts.ts";
import { named } from "../tags.ts";

export interface AccountsArgs {
  /** The secret's name: servers know it by this. */
  secretName: string;
  /** Stays a secret in state; it is in no user data and in no bundle. */
  users: pulumi.Input<Account[]>;
}

/**
 * Who may dial: one secret in Secrets Manager, which servers, and only they, may read (machine-role.ts).
 *
 * A changed account changes the secret alone; servers take it within minutes (pptp-fleet-accounts.timer).
 * Costs a secret: about 0.40 USD a month and 0.05 USD per 10,000 reads; AWS's price list has the last word.
 */
export class Accounts extends pulumi.ComponentResource {
  readonly secretArn: pulumi.Output<string>;
  /** What must stand before a server asks for its accounts. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, args: AccountsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pptp-fleet:accounts:Accounts", name, {}, opts);
    const secret = this.secret(name, args);
    this.secretArn = secret.arn;
    this.ready = [this.version(name, args, secret)];
    this.registerOutputs({ secretArn: this.secretArn });
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
}
