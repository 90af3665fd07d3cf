/** What a config that breaks a chain of timers is told, with the whole chain (traps: idle-timers-on-the-path). */
import type { Chain, Timer } from "../../protocols/protocol.ts";
import { keepalive } from "../../settings/groups/keepalive.ts";
import { setPath } from "../../settings/keys/facts.ts";
import { type Mistake, printable } from "../../settings/mistakes.ts";
import { type Settings, settingsSchema } from "../../settings/schema.ts";
import { chainText, GATEWAY_GAP, timers } from "./timers.ts";

const { lcpEchoInterval: DEFAULT_ECHO } = settingsSchema.shape.keepalive.parse(undefined);
const MOST_FAILURES = keepalive.shape.lcpEchoFailure.unwrap().maxValue!;

/** Timers of `keepalive` and `conntrack` with which a quiet tunnel is forgotten, and sessions that a new gateway would end. */
export function chainMistakes(settings: Settings): Mistake[] {
  return [...outOfOrder(settings), ...shorterThanAGateway(settings)];
}

/** Sessions must live through the first boot of a gateway that is replaced. */
function shorterThanAGateway(settings: Settings): Mistake[] {
  const { lcpEchoInterval, lcpEchoFailure } = settings.keepalive;
  if (settings.frontDoor !== "nlb" || timers(settings).outlasted > GATEWAY_GAP) return [];
  const enough = failures(lcpEchoInterval);
  // Where echoes come so fast that no count lasts: the fastest of which one does.
  const slower = Math.ceil((GATEWAY_GAP + 1) / MOST_FAILURES);
  return [
    {
      key: "keepalive.lcpEchoFailure",
      value: printable(lcpEchoFailure),
      allowed: `${enough} or more with echoes every ${lcpEchoInterval} s: a gateway that is replaced is gone for its first boot, ${GATEWAY_GAP} s, and sessions end after ${lcpEchoInterval * lcpEchoFailure} s`,
      fix:
        enough <= MOST_FAILURES
          ? setPath("keepalive.lcpEchoFailure", String(enough))
          : `${setPath("keepalive.lcpEchoInterval", String(slower))} and ${setPath("keepalive.lcpEchoFailure", String(failures(slower)))}`,
    },
  ];
}

/** How many echoes without an answer, so far apart, outlast a gateway's first boot. */
function failures(interval: number): number {
  return Math.floor(GATEWAY_GAP / interval) + 1;
}

function outOfOrder(settings: Settings): Mistake[] {
  return timers(settings).chains.flatMap((chain) => {
    const broken = chain.forgets.filter(({ seconds }) => seconds <= chain.speaks.seconds);
    // An echo that the config has made slower is what to change, once; else each of those that forget.
    if (chain.speaks.seconds !== DEFAULT_ECHO && chain.speaks.key !== undefined)
      return broken.slice(0, 1).map((first) => mistake(chain, chain.speaks, first));
    return broken.map((timer) => mistake(chain, timer, timer));
  });
}

function mistake(chain: Chain, named: Timer, broken: Timer): Mistake {
  const { speaks } = chain;
  const ways = [
    ...(speaks.key === undefined ? [] : [`pptp-fleet:${speaks.key} below ${broken.seconds}`]),
    ...(broken.key === undefined ? [] : [`pptp-fleet:${broken.key} above ${speaks.seconds}`]),
  ];
  return {
    key: named.key!,
    value: printable(named.seconds),
    allowed: `timers in order, so that a quiet tunnel lives: ${chainText(chain)}`,
    fix: `${ways.join(", or ")}${broken.name.startsWith("a client's") ? ", where your clients' routers keep it that long" : ""}`,
  };
}
