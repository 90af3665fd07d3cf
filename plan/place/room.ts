/** Whether the servers asked for fit: the mistakes that only show once the zones are known. */
import { POSITIONS } from "../../protocols/pptp/call-ids.ts";
import { type Cidr, formatCidr, parseCidr } from "../../settings/ipv4.ts";
import { freeNetwork, SHORTEST_POOL, SHORTEST_VPC } from "../../settings/keys/networks.ts";
import { type Mistake, printable } from "../../settings/mistakes.ts";
import type { Settings } from "../../settings/schema.ts";
import { serverSubnet, serversIn } from "./addresses.ts";
import { type AwsFacts, vpcCidrs } from "./aws-facts.ts";
import { deal, type Identity, ZONES } from "./identity.ts";
import { shareIndex, sharePrefix, sharesIn } from "./pools.ts";

/** Servers beyond what the clients' pool, the call IDs or a zone's subnet holds; none where all fit. */
export function roomMistakes(settings: Settings, facts: AwsFacts): Mistake[] {
  const identities = deal(
    settings.servers,
    facts.zones.map((zone) => zone.name),
  );
  return [
    ...poolMistake(settings, identities, facts),
    ...positionMistake(settings, Math.max(...identities.map(({ position }) => position)), facts),
    ...subnetMistakes(),
  ];

  function subnetMistakes(): Mistake[] {
    return facts.zones.flatMap((zone) => {
      const room = serversIn(parseCidr(zone.subnetCidr));
      const wanted = identities.filter((identity) => identity.zone === zone.name).length;
      if (wanted <= room) return [];
      return [
        {
          key: "servers",
          value: printable(settings.servers),
          allowed: `${room} servers in ${zone.name}, whose subnet is ${zone.subnetCidr}; ${wanted} would be there`,
          fix: orElse(
            ...(facts.vpcId === undefined
              ? largerVpc(settings, wanted)
              : [`name larger ones in pptp-fleet:${placesKey(settings)}`]),
            ...moreZones(facts, settings),
            "fewer servers, the rest in another stack",
          ),
        },
      ];
    });
  }
}

/** Six bits of a call ID name a server behind its zone's gateway. */
function positionMistake(settings: Settings, most: number, facts: AwsFacts): Mistake[] {
  const { servers, frontDoor } = settings;
  if (frontDoor !== "nlb" || most <= POSITIONS) return [];
  const zones = facts.zones.length;
  return [
    {
      key: "servers",
      value: printable(servers),
      allowed: `${POSITIONS * zones} with frontDoor nlb in ${zones === 1 ? "one zone" : `${zones} zones`}: call IDs tell ${POSITIONS} servers of a zone apart`,
      fix: orElse(
        ...moreZones(facts, settings),
        "a second stack for the rest",
        "pulumi config set pptp-fleet:frontDoor eip",
      ),
    },
  ];
}

function poolMistake(settings: Settings, identities: Identity[], facts: AwsFacts): Mistake[] {
  const { clientPool, sessionsPerServer } = settings;
  const highest = Math.max(...identities.map(shareIndex));
  const shares = sharesIn(parseCidr(clientPool), sessionsPerServer);
  if (highest < shares) return [];
  const prefix = sharePrefix(sessionsPerServer);
  const larger = largerPool(settings, highest, facts);
  // Where no pool is large enough, what the largest has room for.
  const pool =
    larger.length > 0
      ? parseCidr(clientPool)
      : largestPool(parseCidr(clientPool), vpcCidrs(facts).map(parseCidr));
  return [
    {
      key: "clientPool",
      value: printable(clientPool),
      allowed:
        `room for ${highest + 1} shares of a /${prefix} (pptp-fleet:sessionsPerServer ` +
        `${sessionsPerServer}; eight zones at each position, so that no share ever moves); it holds ${shares}`,
      fix: orElse(...larger, ...fewer(settings, identities, pool)),
    },
  ];
}

/** A pool that holds all shares, in private space and apart from the VPC: none where no such range is so large. */
function largerPool({ clientPool, sessionsPerServer }: Settings, highest: number, facts: AwsFacts): string[] {
  const needed = sharePrefix(sessionsPerServer) - Math.ceil(Math.log2(highest + 1));
  if (needed < SHORTEST_POOL) return [];
  const found = freeNetwork(needed, parseCidr(clientPool), vpcCidrs(facts).map(parseCidr));
  if (found !== undefined) return [`pulumi config set pptp-fleet:clientPool ${formatCidr(found)}`];
  // Only the whole of 10.0.0.0/8 is so large, and the VPC is in it.
  const whole = freeNetwork(needed, parseCidr(clientPool), []);
  if (whole === undefined || facts.vpcId !== undefined) return [];
  const vpc = parseCidr(facts.vpcCidr);
  const moved = freeNetwork(vpc.prefix, vpc, [whole])!;
  return [
    `pulumi config set pptp-fleet:clientPool ${formatCidr(whole)} and pulumi config set pptp-fleet:vpcCidr ${formatCidr(moved)}, which replaces all that stands`,
  ];
}

/** Fewer sessions a server, or fewer servers: what a pool has room for. */
function fewer({ clientPool, sessionsPerServer }: Settings, identities: Identity[], pool: Cidr): string[] {
  const highest = Math.max(...identities.map(shareIndex));
  const sessions = Array.from({ length: sessionsPerServer - 1 }, (_, i) => sessionsPerServer - 1 - i).find(
    (each) => highest < sharesIn(pool, each),
  );
  const servers = identities.findIndex((each) => shareIndex(each) >= sharesIn(pool, sessionsPerServer));
  const within = formatCidr(pool) === clientPool ? "" : ` and pptp-fleet:clientPool ${formatCidr(pool)}`;
  return [
    ...(sessions === undefined ? [] : [`pptp-fleet:sessionsPerServer ${sessions}${within}`]),
    ...(servers > 0 ? [`pptp-fleet:servers ${servers}${within}, the rest in another stack`] : []),
  ];
}

function largestPool(near: Cidr, vpc: Cidr[]): Cidr {
  for (let prefix = SHORTEST_POOL; ; prefix++) {
    const found = freeNetwork(prefix, near, vpc);
    if (found !== undefined) return found;
  }
}

/** The same VPC, or one elsewhere, with room for so many servers in a zone. */
function largerVpc({ vpcCidr, clientPool }: Settings, servers: number): string[] {
  const own = parseCidr(vpcCidr);
  for (let prefix = own.prefix - 1; prefix >= SHORTEST_VPC; prefix--) {
    const found = freeNetwork(prefix, own, [parseCidr(clientPool)]);
    if (found !== undefined && serversIn(serverSubnet(found, 0)) >= servers)
      return [`pulumi config set pptp-fleet:vpcCidr ${formatCidr(found)}, which replaces all that stands`];
  }
  return [];
}

/** The key that says where in an existing VPC servers are. */
function placesKey({ subnetCidrs }: Pick<Settings, "subnetCidrs">): string {
  return subnetCidrs.length > 0 ? "subnetCidrs" : "subnetIds";
}

function moreZones({ vpcId, zones }: AwsFacts, settings: Pick<Settings, "subnetCidrs">): string[] {
  if (zones.length >= ZONES) return [];
  return [`more zones in pptp-fleet:${vpcId === undefined ? "zones" : placesKey(settings)}`];
}

function orElse(...ways: string[]): string {
  return ways.join(", or ");
}
