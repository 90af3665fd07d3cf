/** Where each machine of a running lab is, so that another process finds it (`npm run lab`). */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Agent, type Place } from "./agent.ts";

const FILE = "places.json";

/** Says which machines a guest holds, besides itself. */
export function writePlaces(runDir: string, guest: string, places: Record<string, Place>): void {
  writeFileSync(join(runDir, FILE), JSON.stringify({ guest, places }));
}

/** The agents of all machines of the lab whose /run this is, by name. */
export function agents(): Record<string, Agent> {
  const guests = globSync("/run/pptp-fleet-lab-*/*.agent").map((socket) => [
    basename(socket, ".agent"),
    new Agent(socket),
  ]);
  const inside = globSync(`/run/pptp-fleet-lab-*/${FILE}`).flatMap((file) => {
    const { guest, places } = JSON.parse(readFileSync(file, "utf8"));
    const socket = join(dirname(file), `${guest}.agent`);
    return Object.entries<Place>(places).map(([name, place]) => [name, new Agent(socket, place)]);
  });
  return Object.fromEntries([...guests, ...inside]);
}
