/** What a config that breaks a chain of timers is told, with the whole chain (trap 19). */
import { type Mistake, printable } from "../settings/mistakes.ts";
import type { Settings } from "../settings/schema.ts";
import { type Chain, chainText, timers } from "./timers.ts";

export function brokenChains(settings: Settings): Mistake[] {
  return timers(settings).chains.flatMap((chain) =>
    chain.forgets
      .filter(({ seconds }) => seconds <= chain.speaks.seconds)
      .map((timer) => mistake(chain, timer)),
  );
}

function mistake(chain: Chain, broken: Chain["forgets"][number]): Mistake {
  const { speaks } = chain;
  // What speaks is the config's to change where it can be changed, else what forgets is.
  const key = broken.key ?? speaks.key ?? "instanceType";
  const ways = [
    ...(speaks.key === undefined ? [] : [`pptp-fleet:${speaks.key} below ${broken.seconds}`]),
    ...(broken.key === undefined ? [] : [`pptp-fleet:${broken.key} above ${speaks.seconds}`]),
  ];
  const seconds = key === broken.key ? broken.seconds : speaks.seconds;
  return {
    key,
    value: printable(seconds),
    allowed: `timers in order, so that a quiet tunnel lives: ${chainText(chain).replaceAll("≮", "not <")}`,
    wayOut: `${ways.join(", or ")}${broken.name.startsWith("a client's") ? ", where your clients' routers keep it that long" : ""}`,
  };
}
