/** Temporary credentials of the machines' roles: the metadata service hands them out, and requests are told apart by them. */

import { randomBytes } from "node:crypto";

/** As the metadata service's `iam/security-credentials/<role>` shows them. */
export interface RoleCredentials {
  Code: "Success";
  Type: "AWS-HMAC";
  LastUpdated: string;
  AccessKeyId: string;
  SecretAccessKey: string;
  Token: string;
  Expiration: string;
}

/** EC2 renews a role's credentials before they expire; these live for 6 h. */
const TTL_MS = 6 * 3_600_000;
const RENEW_BEFORE_MS = 5 * 60_000;

/** Each machine has its own, though two may have one role. Old ones are good until they expire. */
export class Credentials {
  private readonly current = new Map<string, RoleCredentials>();
  private readonly owners = new Map<string, { machine: string; credentials: RoleCredentials }>();

  /** Those that a machine is given now. */
  of(machine: string): RoleCredentials {
    const known = this.current.get(machine);
    if (known && Date.parse(known.Expiration) - Date.now() >= RENEW_BEFORE_MS) return known;
    const credentials = newCredentials(Date.now());
    this.current.set(machine, credentials);
    this.owners.set(credentials.AccessKeyId, { machine, credentials });
    return credentials;
  }

  /** Whose they are; undefined for a key that was handed to nobody. */
  owner(accessKeyId: string): { machine: string; credentials: RoleCredentials } | undefined {
    return this.owners.get(accessKeyId);
  }

  /** Access key IDs handed out so far, newest last. */
  get keyIds(): string[] {
    return [...this.owners.keys()];
  }
}

/** Random: nothing outside the lab accepts them. Access key IDs of temporary credentials begin with ASIA. */
function newCredentials(now: number): RoleCredentials {
  return {
    Code: "Success",
    Type: "AWS-HMAC",
    LastUpdated: new Date(now).toISOString(),
    AccessKeyId: `ASIA${randomBytes(8).toString("hex").toUpperCase()}`,
    SecretAccessKey: randomBytes(30).toString("base64"),
    Token: randomBytes(192).toString("base64"),
    Expiration: new Date(now + TTL_MS).toISOString(),
  };
}
