/**
 * How many queues a type's first network interface has at AWS, where nobody sets them.
 *
 * Dated 2026-11. Sources: amzn-drivers, "ENA Linux Driver Best Practices" (the lower of vCPUs and a limit, 8 for most
 * types, up to 32); EC2's DescribeInstanceTypes (DefaultVCpus, DefaultEnaQueueCountPerInterface of card 0) as moto
 * 5.2.5 republishes it: all of its 1,346 types with ENA come out of this as they stand there. A newer family that is
 * not listed counts by the general rule: what a machine really has is read on the machine.
 */

import { remove } from "../../settings/keys/facts.ts";
import { isKnown } from "../../settings/keys/instance-families.ts";
import { type Mistake, printable } from "../../settings/mistakes.ts";
import type { Settings } from "../../settings/schema.ts";
import type { AwsFacts } from "../place/aws-facts.ts";

/** The limit of most types, and of all smaller ones. */
const USUAL_LIMIT = 8;

interface Limit {
  families: string;
  /** From so many vCPUs on, so many queues: rising. */
  from: [vcpus: number, queues: number][];
}

/** Families of which some sizes have more. */
const LIMITS: Limit[] = [
  {
    families: `c5n c6gn c7gn c8ine d3en dl2q g4dn g5 g7e hpc7g hpc8a i3en im4gn inf1 is4gen m5dn m5n m5zn m8ine
      p3dn p4d p4de p5 p5e p5en p6-b200 p6-b300 r5dn r5n trn1 trn1n trn2 trn2u u-3tb1 u-6tb1 x2iezn`,
    from: [[9, 32]],
  },
  { families: "hpc7a u7i-6tb u7i-8tb u7i-12tb u7in-16tb u7in-24tb u7in-32tb", from: [[9, 16]] },
  {
    families: "c6in m6idn m6in r6idn r6in",
    from: [
      [32, 16],
      [96, 32],
    ],
  },
  {
    families: "c8ib c8in m8ib m8idb m8idn m8in r8ib r8idb r8idn r8in",
    from: [
      [32, 16],
      [128, 32],
    ],
  },
  { families: "x2idn x2iedn", from: [[32, 16]] },
  { families: "d3", from: [[32, 32]] },
  { families: "g6e", from: [[48, 32]] },
  {
    families: `c8a c8gb c8gn c8i c8id c9g c9gd g7 i7ie i8ge m8a m8gb m8gn m8i m8id m9g m9gd r8a r8gb r8gn r8i r8id r9g
      r9gd x8i`,
    from: [
      [48, 16],
      [192, 32],
    ],
  },
  { families: "g6 i8g inf2 m8azn x8aedz", from: [[96, 16]] },
  { families: "c7a c7i c8g c8gd f2 i7i m7a m7i m8g m8gd r7a r7i r8g r8gd x8g", from: [[128, 16]] },
];

/** Families whose bare metal has 32, where a virtual machine of as many vCPUs has fewer. */
const METAL_32 = words("c8g c8gb c8gd c8gn i8g m8g m8gb m8gd m8gn r8g r8gb r8gd r8gn x2gd x2idn x2iedn x8g");

/** Types with fewer than all of the above would say. */
const FEWER: Readonly<Record<string, number>> = {
  "g6e.16xlarge": 8,
  "m8azn.3xlarge": 4,
  "x8aedz.3xlarge": 4,
  "t8i.nano": 1,
  "t8i.micro": 1,
  "t8i.small": 1,
  "t8i.medium": 1,
};

/**
 * The queues of an instance's first interface.
 *
 * @param instanceType as EC2 writes it: `c6in.large`.
 * @param vcpus its default count. The driver makes no more queues than there are CPUs.
 */
export function enaQueues(instanceType: string, vcpus: number): number {
  const [family = "", size = ""] = instanceType.split(".");
  const fewer = FEWER[instanceType];
  if (fewer !== undefined) return fewer;
  if (family.endsWith("-flex")) return flexQueues(family, vcpus);
  if (size.startsWith("metal") && METAL_32.has(family)) return Math.min(vcpus, 32);
  const more = LIMITS.find(({ families }) => words(families).has(family));
  const limit = more?.from.findLast(([least]) => vcpus >= least)?.[1] ?? USUAL_LIMIT;
  return Math.min(vcpus, limit);
}

/**
 * More queues than the card of a server can have. Of a type that is not known (settings/keys/instance-families.ts) only that
 * there are no more than vCPUs.
 */
export function queueMistakes(
  { nic: { queues }, instanceType }: Pick<Settings, "nic" | "instanceType">,
  { vcpus }: Pick<AwsFacts, "vcpus">,
): Mistake[] {
  const most = isKnown(instanceType) ? enaQueues(instanceType, vcpus) : vcpus;
  if (queues === undefined || queues <= most) return [];
  return [
    {
      key: "nic.queues",
      value: printable(queues),
      allowed: `at most ${most}: ${instanceType} has ${vcpus} vCPUs, and its card ${most} queues`,
      fix: `${remove("nic.queues")}, or a pptp-fleet:instanceType whose card has as many`,
    },
  ];
}

/** Every flex family has a queue for each two vCPUs, 4 at most; from 48 vCPUs on 8, but not in the seventh generation. */
function flexQueues(family: string, vcpus: number): number {
  const limit = vcpus >= 48 && !/^[a-z]+7/.test(family) ? 8 : 4;
  return Math.min(Math.max(1, Math.floor(vcpus / 2)), limit);
}

function words(text: string): Set<string> {
  return new Set(text.split(/\s+/));
}
