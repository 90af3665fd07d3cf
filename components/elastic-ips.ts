import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Owner, tags } from "./tags.ts";

export interface ElasticIpsArgs {
  owner: Owner;
  /** Names of the servers: one address each. */
  servers: string[];
  /** The internet gateway and its routes: an Elastic IP names none of them, and AWS wants them (trap 40). */
  after: pulumi.Resource[];
}

/**
 * The front door `eip`: each server has an Elastic IP of its own, and a client dials one of them. An address
 * stays its server's when the server is replaced, and when others come and go.
 *
 * Costs about 0.005 USD an hour for each address. A region gives five to an account unless
 * it is asked for more (quota L-0263D0A3).
 */
export class ElasticIps extends pulumi.ComponentResource {
  /** By server's name. */
  readonly addresses: Record<string, aws.ec2.Eip>;

  constructor(name: string, args: ElasticIpsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pptp-fleet:frontdoor:ElasticIps", name, {}, opts);
    this.addresses = Object.fromEntries(
      args.servers.map((server) => [server, this.address(name, args, server)]),
    );
    this.registerOutputs({
      addresses: Object.fromEntries(
        Object.entries(this.addresses).map(([server, eip]) => [server, eip.publicIp]),
      ),
    });
  }

  private address(name: string, { owner, after }: ElasticIpsArgs, server: string): aws.ec2.Eip {
    return new aws.ec2.Eip(
      `${name}-${server}`,
      { domain: "vpc", tags: tags(owner, server, { server }) },
      { parent: this, dependsOn: after },
    );
  }
}
