/** Rules between keys. Each one is judged only where every key that it names is right by itself. */

import { contains, formatCidr, overlaps, parseCidr } from "../ipv4.ts";
import { NAMESPACE, remove, setPath } from "../keys/facts.ts";
import { factsOf, settingsSchema } from "../schema.ts";
import { existingVpcRules } from "./existing-vpc.ts";
import { groupRules } from "./groups.ts";
import type { CrossRule } from "./rule.ts";

const DEFAULT_VPC = settingsSchema.shape.vpcCidr.parse(undefined);
/** Offered to those whose VPC lies where the clients' pool does. */
const OTHER_POOLS = ["10.64.0.0/14", "10.128.0.0/14", "172.16.0.0/14"];

const isIn = (address: string, cidr: string): boolean =>
  contains(parseCidr(cidr), parseCidr(`${address}/32`));

/** All rules between keys, those of rooms beside this file too. */
export const crossRules: CrossRule[] = [
  {
    keys: ["vpcId", "vpcCidr"],
    // The default counts as unset: Pulumi.yaml puts it into every stack's config.
    judge: ({ vpcId, vpcCidr }) =>
      vpcId === undefined || vpcCidr === DEFAULT_VPC
        ? undefined
        : {
            key: "vpcCidr",
            allowed: "no value of its own beside vpcId: an existing VPC has its CIDR already",
            fix: `pulumi config rm ${NAMESPACE}:vpcCidr, or pulumi config rm ${NAMESPACE}:vpcId`,
          },
  },
  ...existingVpcRules,
  {
    keys: ["adminCidrs", "sshPublicKeys"],
    judge: ({ adminCidrs, sshPublicKeys }) =>
      adminCidrs.length === 0 || sshPublicKeys.length > 0
        ? undefined
        : {
            key: "sshPublicKeys",
            allowed: "one or more OpenSSH public keys where adminCidrs opens SSH: nobody could log in",
            fix: setPath("sshPublicKeys[0]", '"$(cat ~/.ssh/id_ed25519.pub)"'),
          },
  },
  {
    keys: ["adminCidrs", "sshPublicKeys"],
    judge: ({ adminCidrs, sshPublicKeys }) =>
      sshPublicKeys.length === 0 || adminCidrs.length > 0
        ? undefined
        : {
            key: "adminCidrs",
            allowed: "one or more IPv4 CIDRs where sshPublicKeys names who may log in: SSH is closed without",
            fix: `${setPath("adminCidrs[0]", "203.0.113.0/24")}, or pulumi config rm ${NAMESPACE}:sshPublicKeys`,
          },
  },
  {
    keys: ["clientPool", "vpcCidr", "vpcId"],
    judge: ({ clientPool, vpcCidr, vpcId }) => {
      const vpc = parseCidr(vpcCidr);
      // An existing VPC's CIDR is AWS's to say: the plan asks the same question when it knows the answer.
      if (vpcId !== undefined || !overlaps(parseCidr(clientPool), vpc)) return undefined;
      const free = OTHER_POOLS.find((pool) => !overlaps(parseCidr(pool), vpc));
      return {
        key: "clientPool",
        allowed: `a range apart from the VPC's, ${formatCidr(vpc)}: an address cannot be a client's and a server's`,
        fix: `pulumi config set ${NAMESPACE}:clientPool ${free}`,
      };
    },
  },
  {
    keys: ["dns", "clientPool"],
    judge: ({ dns, clientPool }) => {
      const inside = dns.findIndex((address) => isIn(address, clientPool));
      return inside < 0
        ? undefined
        : {
            key: "dns",
            allowed: `resolvers outside of clientPool, ${clientPool}: ${dns[inside]} is a client's address or a server's end of a tunnel`,
            fix: `a resolver's address, or ${remove(`dns[${inside}]`)}`,
          };
    },
  },
  {
    keys: ["ppp", "clientPool"],
    judge: ({ ppp: { wins }, clientPool }) => {
      const inside = wins.find((address) => isIn(address, clientPool));
      return inside === undefined
        ? undefined
        : {
            key: "ppp",
            member: "wins",
            allowed: `servers outside of clientPool, ${clientPool}: ${inside} is a client's address or a server's end of a tunnel`,
            fix: `another address, or ${remove("ppp.wins")}`,
          };
    },
  },
  ...(["dialName", "hostedZoneId"] as const).map(
    (key): CrossRule => ({
      keys: ["dialName", "hostedZoneId"],
      judge: ({ dialName, hostedZoneId }) => {
        const other = key === "dialName" ? hostedZoneId : dialName;
        const own = key === "dialName" ? dialName : hostedZoneId;
        if (own !== undefined || other === undefined) return undefined;
        const named = key === "dialName" ? "hostedZoneId" : "dialName";
        return {
          key,
          allowed: `a value beside ${named}: Route 53 needs the name and the hosted zone that it is in`,
          fix: `${factsOf(key).fix}, or pulumi config rm ${NAMESPACE}:${named}`,
        };
      },
    }),
  ),
  ...groupRules,
];
