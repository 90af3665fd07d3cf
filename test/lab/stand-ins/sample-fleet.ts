/** A fleet of three in two zones, with the rules that a server needs and no more. */

import type { GroupRule, LabFleet, LabMachine } from "../../../lab/network/fleet.ts";
import { type LabBucket, objectArn, secretArn } from "../../../lab/network/stores.ts";

const ALLOWED = "100.64.9.0/24";
const SECRET = "pptp-fleet/dev/accounts-1a2b3c";
export const BUCKET = "pptp-fleet-dev-111122223333-eu-west-1";

/** What a machine's own role lets it do, as the program writes it, in two documents. */
export function policies(machine: string): string[] {
  const allow = (Action: string, ...Resource: string[]) => ({ Effect: "Allow", Action, Resource });
  const key = (name: string) => objectArn(BUCKET, `machines/${machine}/${name}`);
  return [
    [allow("s3:GetObject", key("desired"), key("bundles/*")), allow("s3:PutObject", key("status"))],
    [allow("secretsmanager:GetSecretValue", secretArn("eu-west-1", SECRET))],
  ].map((Statement) => JSON.stringify({ Version: "2012-10-17", Statement }));
}

/** A bundle that is none, and the pointer to it. */
export function objects(machine: string): LabBucket["objects"] {
  const key = `machines/${machine}/bundles/1`;
  return [
    { key, content: Buffer.from([0x1f, 0x8b, 0x00, 0xff]) },
    { key: `machines/${machine}/desired`, content: Buffer.from(JSON.stringify({ version: "1", key })) },
  ];
}

export function rule(protocol: string, cidr: string, fromPort?: number, toPort = fromPort): GroupRule {
  const ports = fromPort === undefined ? {} : { fromPort, toPort: toPort! };
  return { protocol, ...ports, cidr, description: `${protocol} ${cidr}` };
}

export function machine(name: string, privateAddress: string, publicAddress: string): LabMachine {
  const letter = name.slice(0, 1);
  return {
    name,
    instanceType: "c6in.large",
    userData: Buffer.from([0x1f, 0x8b, 0x00, 0xff]),
    zone: `eu-west-1${letter}`,
    privateAddress,
    subnet: letter === "a" ? "10.42.0.0/20" : "10.42.32.0/20",
    publicAddress,
    role: "pptp-fleet-dev-server",
    policies: policies(name),
    files: [],
    ingress: [rule("tcp", ALLOWED, 1723), rule("47", ALLOWED)],
    egress: [rule("47", ALLOWED), rule("tcp", "0.0.0.0/0", 80), rule("tcp", "0.0.0.0/0", 443)],
  };
}

export function sampleFleet(): LabFleet {
  return {
    region: "eu-west-1",
    machines: [
      machine("a-1", "10.42.0.4", "198.18.0.1"),
      machine("b-1", "10.42.32.4", "198.18.0.2"),
      machine("a-2", "10.42.0.5", "198.18.0.3"),
    ],
    secrets: [{ name: SECRET, value: "first value" }],
    bucket: { name: BUCKET, objects: ["a-1", "a-2", "b-1"].flatMap(objects) },
  };
}
