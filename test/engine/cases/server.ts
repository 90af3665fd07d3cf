/** More servers and fewer. */
import { type Case, each, identity } from "./case.ts";

/** All of one server's own. */
export function server(name: string): { nlb: string[]; eip: string[] } {
  const own = [`Server ${name}`, ...identity(name), `NetworkInterface ${name}`, `Instance ${name}`];
  return {
    nlb: [...own, `TargetGroupAttachment ${name}`],
    eip: [...own, ...each("Eip", name), ...each("EipAssociation", name)],
  };
}

const third = server("a-2");

export const cases: Case[] = [
  {
    change: "`servers`: 2 to 3",
    to: { servers: 3 },
    nlb: { created: third.nlb },
    eip: { created: third.eip },
  },
  {
    change: "`servers`: 3 to 2",
    ends: "a server less",
    from: { servers: 3 },
    to: { servers: 2 },
    nlb: { deleted: third.nlb },
    eip: { deleted: third.eip },
  },
];
