/** Whether the servers asked for fit: the mistakes that only show once the zones are known. */
import { parseCidr } from "../settings/ipv4.ts";
import { type Mistake, printable } from "../settings/mistakes.ts";
import type { Settings } from "../settings/schema.ts";
import { serversIn } from "./addresses.ts";
import { POSITIONS } from "./call-ids.ts";
import { deal } from "./identity.ts";
import { shareIndex, sharePrefix, sharesIn } from "./pools.ts";
import type { Site } from "./site.ts";

export function lackOfRoom(settings: Settings, site: Site): Mistake[] {
  const identities = deal(
    settings.servers,
    site.zones.map((zone) => zone.name),
  );
  return [
    ...poolMistake(settings, Math.max(...identities.map(shareIndex))),
    ...positionMistake(settings, Math.max(...identities.map(({ position }) => position)), site.zones.length),
    ...subnetMistakes(),
  ];

  function subnetMistakes(): Mistake[] {
    return site.zones.flatMap((zone) => {
      const room = serversIn(parseCidr(zone.subnetCidr));
      const wanted = identities.filter((identity) => identity.zone === zone.name).length;
      if (wanted <= room) return [];
      return [
        {
          key: "servers",
          value: printable(settings.servers),
          allowed: `${room} servers in ${zone.name}, whose subnet is ${zone.subnetCidr}; ${wanted} would be there`,
          wayOut: site.vpcId
            ? "name larger subnets, or subnets in more zones, in pptp-fleet:subnetIds"
            : "more zones in pptp-fleet:zones, a larger pptp-fleet:vpcCidr, or fewer servers",
        },
      ];
    });
  }
}

/** Six bits of a call ID name a server behind its zone's gateway. */
function positionMistake({ servers, frontDoor }: Settings, most: number, zones: number): Mistake[] {
  if (frontDoor !== "nlb" || most <= POSITIONS) return [];
  return [
    {
      key: "servers",
      value: printable(servers),
      allowed: `${POSITIONS * zones} with frontDoor nlb in ${zones === 1 ? "one zone" : `${zones} zones`}: call IDs tell ${POSITIONS} servers of a zone apart`,
      wayOut: `more zones in pptp-fleet:zones, a second stack for the rest, or pulumi config set pptp-fleet:frontDoor eip`,
    },
  ];
}

function poolMistake(settings: Settings, highest: number): Mistake[] {
  const clientPool = parseCidr(settings.clientPool);
  const shares = sharesIn(clientPool, settings.sessionsPerServer);
  if (highest < shares) return [];
  const prefix = sharePrefix(settings.sessionsPerServer);
  const needed = prefix - Math.ceil(Math.log2(highest + 1));
  return [
    {
      key: "clientPool",
      value: printable(settings.clientPool),
      allowed:
        `room for ${highest + 1} shares of a /${prefix} (pptp-fleet:sessionsPerServer ` +
        `${settings.sessionsPerServer}; eight zones at each position, so that no share ever moves); it holds ${shares}`,
      wayOut: `a pptp-fleet:clientPool of /${needed} or larger, fewer sessionsPerServer, or fewer servers`,
    },
  ];
}
