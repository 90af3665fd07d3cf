/** What the metadata service knows of one machine, as the tree that its paths name. */

import { createHash } from "node:crypto";
import { ACCOUNT } from "../../offline/answers.ts";
import { regionOf } from "../../plan/place/identity.ts";
import type { Attachment } from "../network/topology.ts";
import type { RoleCredentials } from "./credentials.ts";

/** A leaf's text or bytes, or what lies below it. */
export type Node = string | Buffer | Tree;
export type Tree = { [name: string]: Node };

/** Everything below `/latest/`. Same machine, same tree: the instance ID comes from the address. */
export function metadataTree(attachment: Attachment, credentials: RoleCredentials): Tree {
  const { machine, mac, hostName, subnet } = attachment;
  const { privateAddress, publicAddress, zone } = machine;
  const region = regionOf(zone);
  const id = createHash("sha256").update(`${zone} ${privateAddress}`).digest("hex").slice(0, 17);
  const role = roleName(machine.role);
  const profile = `arn:aws:iam::${ACCOUNT}:instance-profile/${role}`;
  const instance = {
    "ami-id": `ami-${id}`,
    "instance-id": `i-${id}`,
    "instance-type": machine.instanceType,
  };
  return {
    "user-data": machine.userData,
    "meta-data": {
      ...instance,
      "ami-launch-index": "0",
      hostname: hostName,
      "local-hostname": hostName,
      "local-ipv4": privateAddress,
      "public-ipv4": publicAddress,
      mac,
      "reservation-id": `r-${id}`,
      "security-groups": "lab",
      system: "nitro",
      placement: { "availability-zone": zone, region },
      services: { domain: "amazonaws.com", partition: "aws" },
      network: {
        interfaces: {
          macs: {
            [mac]: {
              "device-number": "0",
              "interface-id": `eni-${id}`,
              "ipv4-associations": { [publicAddress]: privateAddress },
              "local-hostname": hostName,
              "local-ipv4s": privateAddress,
              mac,
              "owner-id": ACCOUNT,
              "public-ipv4s": publicAddress,
              "subnet-ipv4-cidr-block": subnet.cidr,
            },
          },
        },
      },
      // As at AWS, a machine without an instance profile has no `iam` at all.
      ...(role && {
        iam: {
          info: json({ Code: "Success", LastUpdated: credentials.LastUpdated, InstanceProfileArn: profile }),
          "security-credentials": { [role]: json(credentials) },
        },
      }),
    },
    dynamic: {
      "instance-identity": {
        document: json({
          accountId: ACCOUNT,
          architecture: "x86_64",
          availabilityZone: zone,
          imageId: instance["ami-id"],
          instanceId: instance["instance-id"],
          instanceType: machine.instanceType,
          privateIp: privateAddress,
          region,
          version: "2017-09-30",
        }),
      },
    },
  };
}

/** The name at the end of a role's ARN, or the name itself. */
function roleName(role: string): string {
  return role.split("/").at(-1)!;
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** What a path names: a leaf's content, a listing in which what goes deeper ends in `/`, or nothing. */
export function lookUp(tree: Tree, path: string[]): string | Buffer | undefined {
  let node: Node | undefined = tree;
  for (const part of path) {
    if (typeof node !== "object" || Buffer.isBuffer(node) || !Object.hasOwn(node, part)) return undefined;
    node = node[part];
  }
  if (node === undefined || typeof node === "string" || Buffer.isBuffer(node)) return node;
  return Object.entries(node)
    .map(([name, child]) => (typeof child === "string" || Buffer.isBuffer(child) ? name : `${name}/`))
    .join("\n");
}
