/** Rounds of variants on one machine: who comes when, and what happens when the machine crashes. */
import type { Guest } from "../../lab/guest/guest.ts";
import { Gone } from "../../lab/host/wait.ts";

/** Crashes of the emulated machine that a run survives: it boots again and repeats the turn. */
const CRASHES = 3;

export type Turn<V> = [round: number, variant: V];

/** All variants in each round, every other round backwards: none is always the first. */
export function turns<V>(rounds: number, variants: readonly V[]): Turn<V>[] {
  return Array.from({ length: rounds }, (_, i) => i + 1).flatMap((round) => {
    const order = round % 2 === 1 ? variants : variants.toReversed();
    return order.map((variant): Turn<V> => [round, variant]);
  });
}

/** @returns the machine that took the last turn, still up. */
export async function takeTurns<V>(
  all: Turn<V>[],
  boot: () => Promise<Guest>,
  take: (machine: Guest, ...turn: Turn<V>) => Promise<void>,
): Promise<Guest> {
  let machine = await boot();
  let crashes = 0;
  for (const turn of all) {
    for (;;) {
      try {
        await take(machine, ...turn);
        break;
      } catch (error) {
        crashes += 1;
        if (!(error instanceof Gone) || crashes > CRASHES) throw error;
        console.error(`${error.message}\nboots again, as emulation was seen to do this`);
        await machine.stop();
        machine = await boot();
      }
    }
  }
  return machine;
}
