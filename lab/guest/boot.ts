/** A guest taken to where its boot leads, begun again where the emulator crashes it. */

import type { Report } from "../host/phases.ts";
import { Gone } from "../host/wait.ts";
import { type Guest, startGuest } from "./guest.ts";
import type { GuestOptions } from "./options.ts";

export interface BootOptions extends GuestOptions {
  /** Resolves when the guest is where its boot leads. */
  upTo: (guest: Guest) => Promise<void>;
  report?: Report;
  /** Told of each guest that is started: one that crashed is stopped already when the next one comes. */
  started?: (guest: Guest) => void;
}

/** How often a guest whose kernel crashes under emulation is begun again, from its untouched disk. */
const ATTEMPTS = 3;

/** Boots a guest; the crash of an emulated one is the emulator's more often than not, and it begins again. */
export async function bootGuest({ upTo, report, started, ...options }: BootOptions): Promise<Guest> {
  for (let attempt = 1; ; attempt++) {
    const guest = await startGuest(options);
    started?.(guest);
    try {
      // What waits for a crashed guest may wait long, and then say something else.
      await Promise.race([upTo(guest), guest.lost]);
      return guest;
    } catch (error) {
      await guest.stop();
      const again = error instanceof Gone && options.accel.kind === "tcg" && attempt < ATTEMPTS;
      if (!again) throw error;
      console.error(`${error.message}\n${options.name}: begins again, as emulation was seen to do this`);
      report?.("begins again");
    }
  }
}
