/**
 * Namespaces, links and addresses of the VPC inside its guest.
 *
 *     machine a-1        interface eni-a-1           router vpc                      internet
 *    ┌───────────┐      ┌─────────────────┐      ┌────────────────────┐       ┌─────────────────────┐
 *    │      eth0 ├──────┤ machine     vpc ├──────┤ a-1       internet ├───────┤ vpc        client … ├── clients
 *    └───────────┘ 9001 └─────────────────┘ 9001 │                    │ 1500  │                     │
 *    ┌───────────┐      ┌─────────────────┐      │                aws │       │           internet0 │
 *    │balancer-a ├──────┤   eni-balancer-a├──────┤ balancer-a      │  │       └─────────────────┼───┘
 *    └───────────┘      └─────────────────┘      └─────────────────┼──┘                         │
 *                                                      guest's eth1│                  guest's eth0
 *                                      metadata, DNS (lab-aws)     ▼      far host, AWS (lab-net)▼
 */

import { addressAt } from "../../network/addresses.ts";
import { LINK_LOCAL_RESOLVER, METADATA } from "../../network/topology.ts";
import type { Eni, Vpc } from "../vpc.ts";

/** Where the guest keeps the lab's own programs (`guest/`). */
export const PROGRAMS = "/usr/local/lib/lab";

/** Namespaces of the two routers: the VPC's, and the internet's with its clients behind it. */
export const ROUTER = "vpc";
export const INTERNET_ROUTER = "internet";

/** On each link between an interface and the router: the router's end, and the interface's. */
export const ROUTER_END = "169.254.1.1";
export const ENI_END = "169.254.1.2";

/** Where public addresses are, Elastic IPs and those that a launch gives (offline/answers.ts, lab/vpc/read/read.ts). */
export const ELASTIC = "198.18.0.0/16";

/** The router's links besides those of the interfaces. */
export const TO_INTERNET = "internet";
export const TO_AWS = "aws";

/** The link of the guest to the far host and AWS's public endpoints, and the one to what the VPC itself offers. */
export const NET_LINK = {
  tap: "lab-net",
  host: "198.19.253.1",
  guest: "198.19.253.2",
  mac: "02:0f:00:00:00:00",
};
export const AWS_LINK = {
  tap: "lab-aws",
  host: "198.19.253.5",
  guest: "198.19.253.6",
  mac: "02:0f:00:00:00:01",
};

/** The namespace that stands for an interface: what AWS does to each packet that passes it. */
export function namespaceOf({ name }: Pick<Eni, "name">): string {
  return `eni-${name}`;
}

/** Addresses of the VPC itself, which no security group and no route table reaches (AWS: VPC security groups). */
export function services({ cidr }: Pick<Vpc, "cidr">): string[] {
  return [METADATA, LINK_LOCAL_RESOLVER, addressAt(cidr, 2)];
}

/** Names become links: Linux takes 15 characters, and some are the router's own. */
export function refuseNames({ interfaces }: Vpc): void {
  for (const { name } of interfaces)
    if (name.length > 15 || [TO_INTERNET, TO_AWS].includes(name) || !/^[a-z0-9-]+$/.test(name))
      throw new Error(`the name ${name} cannot be a link's`);
}
