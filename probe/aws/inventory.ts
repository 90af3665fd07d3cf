/** What stands on AWS of one stack, as plain data: what is judged (judge-*.ts), however it was fetched (fetch.ts). */
import type { Leg } from "../legs/legs.ts";

export interface Inventory {
  stack: string;
  machines: FleetInstance[];
  addresses: ElasticIp[];
  groups: Group[];
  subnets: Subnet[];
  routeTables: RouteTable[];
  /** None with frontDoor eip. */
  balancer?: Balancer;
  /** None where there is no machine. */
  bucket?: Bucket;
}

/** A gateway or a server: an instance and its first interface. */
export interface FleetInstance {
  /** `gateway-a`, `a-1`. */
  name: string;
  role: "gateway" | "server";
  /** Such as `eu-west-1a`. */
  zone: string;
  instanceId: string;
  /** EC2's word: `running`. */
  state: string;
  /** Or started again: reports from before it are not this instance's, or not this boot's. */
  launched: Date;
  interfaceId: string;
  /** Private. */
  address: string;
  subnetId: string;
  sourceDestCheck: boolean;
  groupIds: string[];
}

export interface ElasticIp {
  address: string;
  /** The interface that it is on, if it is on one. */
  interfaceId?: string;
}

export interface Group {
  id: string;
  /** By its Name tag, else its ID. */
  name: string;
  rules: Rule[];
}

export interface Rule {
  direction: "in" | "out";
  /** `tcp`, `47`, or `-1` for all. */
  protocol: string;
  /** Of destination ports; left out where the protocol has none or all are meant. */
  ports?: [from: number, to: number];
  /** IPv4 CIDRs of the other side; one that names a group or a prefix list has none here. */
  cidrs: string[];
}

export interface Subnet {
  id: string;
  name: string;
  zone: string;
  cidr: string;
}

export interface RouteTable {
  id: string;
  /** It serves the subnets that name no table. */
  main: boolean;
  subnetIds: string[];
  /** Where 0.0.0.0/0 goes: an `igw-…`, an `eni-…`, an `i-…`, or else what it is. */
  defaultRoute?: { target: string; state: string };
}

export interface Balancer {
  name: string;
  /** `internal`. */
  scheme: string;
  /** `active`. */
  state: string;
  groupIds: string[];
  /** Where it has a node. */
  subnetIds: string[];
  crossZone: boolean;
  listeners: { protocol: string; port: number; targetGroup?: string }[];
  targetGroups: TargetGroup[];
}

export interface TargetGroup {
  name: string;
  /** Attributes as AWS names them: `stickiness.enabled` is `true`. */
  attributes: Record<string, string>;
  /** Health check: protocol and port as AWS says them, `HTTP` and `8723`. */
  check: { protocol: string; port: string };
  targets: Target[];
}

export interface Target {
  /** IPv4. */
  address: string;
  port: number;
  /** `healthy`, `unhealthy`, `initial`, `draining`, `unused`, `unavailable`. */
  state: string;
  /** AWS's code and words for it. */
  reason: string;
}

/** What machines are to be, and what they report (plan/bucket.ts). */
export interface Bucket {
  name: string;
  region: string;
  /** By S3's clock. */
  readAt: Date;
  /** Why it was not read: the error's code and words. */
  unreadable?: { code: string; message: string };
  /** By a machine's name. */
  objects: Record<string, { desired: StoredObject; status: StoredObject }>;
}

/** `at` is when it was written, by S3's clock; `said` is what S3 answers of one that it does not give. */
export type StoredObject = { text: string; at: Date } | { lacks: "missing" | "refused"; said: string };

/** Something that a person may want to know, and that needs nothing of him. */
export interface Note {
  /** As a fault's. */
  id: string;
  resource: string;
  says: string;
}

/** Something that is not as the fleet needs it. */
export interface Fault {
  /** For programs: stays the same, whatever the words. */
  id: string;
  /** Name and ID of what is at fault. */
  resource: string;
  wrong: string;
  fix: string;
  /** The first leg that it breaks; none where tunnels come up all the same. */
  leg?: Leg;
}
