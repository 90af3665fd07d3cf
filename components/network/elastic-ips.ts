import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { EIP } from "../../graph/types.ts";
import {
  type Adopted,
  type AdoptedIps,
  type Assignment,
  assign,
  type DialledAddress,
  firstServer,
} from "../../plan/front-door/elastic-ips.ts";
import { type MachineTag, named } from "../tags.ts";

export interface ElasticIpsArgs {
  addresses: DialledAddress[];
  /** Those that exist already. */
  adopted: AdoptedIps;
  /**
   * The internet gateway and its routes: an Elastic IP names none of them, and AWS wants them
   * (traps: instance-boots-before-its-routes).
   */
  after: pulumi.Resource[];
}

/** An Elastic IP, as whoever has it needs it. */
export interface Address {
  allocationId: pulumi.Input<string>;
  publicIp: pulumi.Output<string>;
  /** What has to stand before it is associated, besides itself. */
  after: pulumi.Resource[];
}

/**
 * The Elastic IPs that clients dial: one a gateway with the front door `nlb`, one a server with `eip`. An address stays when
 * its machine is replaced, and when others come and go; and the one of a zone's gateway is its first server's when the front
 * door changes, as it is the same resource.
 *
 * Those that `elasticIps` names are taken as they are. One that this stack has made itself stays a resource, is not released
 * with it, and is found again where the state does not know it; of another's there is none, so nothing of it is changed.
 *
 * Costs about 0.005 USD an hour for each address. A region gives five to an account unless
 * it is asked for more (quota L-0263D0A3).
 */
export class ElasticIps extends pulumi.ComponentResource {
  readonly byMachine: Record<string, Address>;

  constructor(name: string, args: ElasticIpsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pptp-fleet:frontdoor:ElasticIps", name, {}, opts);
    const assignment = assign(args.addresses, args.adopted);
    const own = this.own(name, args, assignment, opts?.parent);
    this.byMachine = Object.fromEntries(
      Object.entries(assignment.machines).map(([machine, has]) => [
        machine,
        "name" in has ? made(own[has.name]!) : taken(args.adopted[has.member]!, own, args.after),
      ]),
    );
    this.registerOutputs({
      addresses: Object.fromEntries(
        Object.entries(this.byMachine).map(([machine, { publicIp }]) => [machine, publicIp]),
      ),
    });
  }

  /** By their names: those that the stack makes, and those that it has made and must keep. */
  private own(
    name: string,
    { addresses, after }: ElasticIpsArgs,
    { made, kept }: Assignment,
    fleet: pulumi.Resource | undefined,
  ): Record<string, aws.ec2.Eip> {
    return Object.fromEntries(
      [...made, ...Object.keys(kept)].map((address) => {
        const machine = addresses.find((each) => each.name === address)?.machine ?? address;
        const eip = new aws.ec2.Eip(
          `${name}-${address}`,
          { domain: "vpc", tags: named(machine, tagOf(machine)) },
          {
            parent: this,
            dependsOn: after,
            aliases: formerUrns(name, address, fleet),
            ...(kept[address] === undefined ? {} : keep(kept[address])),
          },
        );
        return [address, eip];
      }),
    );
  }
}

function made({ id: allocationId, publicIp }: aws.ec2.Eip): Address {
  return { allocationId, publicIp, after: [] };
}

function taken(
  { allocationId, publicIp, madeAs }: Adopted,
  own: Record<string, aws.ec2.Eip>,
  after: pulumi.Resource[],
): Address {
  if (madeAs !== undefined) return made(own[madeAs]!);
  return { allocationId, publicIp: pulumi.output(publicIp), after };
}

function tagOf(machine: string): MachineTag {
  return machine.startsWith("gateway-") ? { gateway: machine } : { server: machine };
}

/** Imported where the state does not have it, as after a `destroy`; its tags are as they were. */
function keep({ allocationId }: Adopted): pulumi.CustomResourceOptions {
  return { import: allocationId, retainOnDelete: true, ignoreChanges: ["tags", "tagsAll"] };
}

/** Where a zone's address was a child of its gateway: the same one. */
function formerUrns(
  name: string,
  address: string,
  fleet: pulumi.Resource | undefined,
): pulumi.Output<string>[] {
  const letter = address.at(0)!;
  if (address !== firstServer(letter)) return [];
  const gateways = pulumi.createUrn(name, "pptp-fleet:frontdoor:Gateways", fleet);
  const gateway = `${name}-gateway-${letter}`;
  const parent = pulumi.createUrn(gateway, "pptp-fleet:frontdoor:Gateway", gateways);
  return [pulumi.createUrn(gateway, EIP, parent)];
}
