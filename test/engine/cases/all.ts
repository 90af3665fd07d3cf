/** Every case, by subject: the tables of docs/changes.md, and what the lab lays over a fleet that is in use. */
import type { Case } from "./case.ts";
import { cases as elasticIps } from "./elastic-ips.ts";
import { cases as existingVpc } from "./existing-vpc.ts";
import { cases as firewall } from "./firewall.ts";
import { cases as frontDoor } from "./front-door.ts";
import { cases as machine } from "./machine.ts";
import { cases as network } from "./network.ts";
import { cases as server } from "./server.ts";
import { cases as tuning } from "./tuning.ts";
import { cases as zone } from "./zone.ts";

/** Of those to which the page has notes. */
export const TUNINGS = "What lies on the machines";
export const NETWORK = "Names, logs and the network";

/** In the page's order. */
export const subjects: { title: string; cases: Case[] }[] = [
  { title: "Servers, zones and the front door", cases: [...server, ...zone, ...frontDoor] },
  { title: "Elastic IPs that exist already", cases: elasticIps },
  { title: "Who may dial", cases: firewall },
  { title: "Machines", cases: machine },
  { title: TUNINGS, cases: tuning },
  { title: NETWORK, cases: network },
  { title: "In a VPC that exists", cases: existingVpc },
];
