/**
 * Which EC2 instance types there are, but for those that cannot carry a server (instance-types.ts): what can be said of a
 * type where nobody can ask AWS.
 *
 * Dated 2026-11: EC2's own service model, the values of InstanceType, as botocore 1.44.5 republishes it: 1,370 types.
 * AWS adds some every month, so a type that is not here is unknown, and not wrong.
 */

/** When the list was taken. */
export const KNOWN_AS_OF = "2026-11";

/** Families that have the same sizes, and these. */
const SIZES: [families: string, sizes: string][] = [
  [
    "c8a c8g c8gb c8gd c8gn m8a m8g m8gb m8gd m8gn m9g m9gd r8a r8g r8gb r8gd r8gn x8g",
    "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl",
  ],
  [
    "c8i c8ib c8id c8in m8i m8ib m8id m8idb m8idn m8in r8i r8ib r8id r8idb r8idn r8in",
    "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge 96xlarge metal-48xl metal-96xl",
  ],
  [
    "c6g c6gd c7g c7gd c7gn m6g m6gd m7g m7gd r6g r6gd r7g r7gd x2gd",
    "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal",
  ],
  [
    "c6i c6id c6in i4i m6i m6id m6idn m6in r6i r6id r6idn r6in",
    "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge metal",
  ],
  [
    "m5 m5d m5dn m5n r5 r5b r5d r5dn r5n",
    "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge metal",
  ],
  ["c5a c5ad m5a m5ad r5a r5ad", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge"],
  ["hpc6a p5e p5en p6-b200 p6-b300 trn2u", "48xlarge"],
  ["dl1 dl2q p3dn p4d p4de", "24xlarge"],
  [
    "c7i i7i i8g m7i r7i",
    "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-24xl metal-48xl",
  ],
  ["c7i-flex c8i-flex m7i-flex m8i-flex r8i-flex", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge"],
  ["u7i-12tb u7ib-12tb u7in-16tb u7in-24tb u7in-32tb", "224xlarge"],
  ["gr6f", "4xlarge"],
  [
    "c9g c9gd r9g r9gd",
    "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge metal-48xl",
  ],
  ["t3 t3a t4g", "nano micro small medium large xlarge 2xlarge"],
  ["u-12tb1 u-18tb1 u-24tb1 u-9tb1", "112xlarge metal"],
  ["d3", "xlarge 2xlarge 4xlarge 8xlarge"],
  ["g5 g6 g6e", "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 48xlarge"],
  ["i4g im4gn r4", "large xlarge 2xlarge 4xlarge 8xlarge 16xlarge"],
  ["c6a m6a r6a", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge metal"],
  [
    "c7a m7a r7a",
    "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge metal-48xl",
  ],
  ["c5 c5d", "large xlarge 2xlarge 4xlarge 9xlarge 12xlarge 18xlarge 24xlarge metal"],
  ["g7 g7e", "2xlarge 4xlarge 8xlarge 12xlarge 24xlarge 48xlarge"],
  ["g3 hpc7g", "4xlarge 8xlarge 16xlarge"],
  [
    "i7ie i8ge",
    "large xlarge 2xlarge 3xlarge 6xlarge 12xlarge 18xlarge 24xlarge 48xlarge metal-24xl metal-48xl",
  ],
  ["m5zn z1d", "large xlarge 2xlarge 3xlarge 6xlarge 12xlarge metal"],
  ["c8ine m8ine", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge"],
  ["hpc6id trn1n", "32xlarge"],
  ["u7i-6tb u7i-8tb", "112xlarge"],
  ["a1", "medium large xlarge 2xlarge 4xlarge metal"],
  ["c5n", "large xlarge 2xlarge 4xlarge 9xlarge 18xlarge metal"],
  ["c6gn", "medium large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge"],
  ["d3en", "xlarge 2xlarge 4xlarge 6xlarge 8xlarge 12xlarge"],
  ["f1", "2xlarge 4xlarge 16xlarge"],
  ["f2", "6xlarge 12xlarge 48xlarge"],
  ["g3s", "xlarge"],
  ["g4ad", "xlarge 2xlarge 4xlarge 8xlarge 16xlarge"],
  ["g4dn", "xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge metal"],
  ["g5g", "xlarge 2xlarge 4xlarge 8xlarge 16xlarge metal"],
  ["g6f", "large xlarge 2xlarge 4xlarge"],
  ["gr6", "4xlarge 8xlarge"],
  ["h1", "2xlarge 4xlarge 8xlarge 16xlarge"],
  ["hpc7a", "12xlarge 24xlarge 48xlarge 96xlarge"],
  ["hpc8a", "96xlarge"],
  ["i3", "large xlarge 2xlarge 4xlarge 8xlarge 16xlarge metal"],
  ["i3en", "large xlarge 2xlarge 3xlarge 6xlarge 12xlarge 24xlarge metal"],
  ["inf1", "xlarge 2xlarge 6xlarge 24xlarge"],
  ["inf2", "xlarge 8xlarge 24xlarge 48xlarge"],
  ["is4gen", "medium large xlarge 2xlarge 4xlarge 8xlarge"],
  ["m8azn", "medium large xlarge 3xlarge 6xlarge 12xlarge 24xlarge metal-12xl metal-24xl"],
  ["p2", "xlarge 8xlarge 16xlarge"],
  ["p3", "2xlarge 8xlarge 16xlarge"],
  ["p5", "4xlarge 48xlarge"],
  ["p6e-gb200", "36xlarge"],
  ["r7iz", "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 32xlarge metal-16xl metal-32xl"],
  ["t8i", "nano micro small medium"],
  ["trn1", "2xlarge 32xlarge"],
  ["trn2", "3xlarge 48xlarge"],
  ["u-3tb1", "56xlarge"],
  ["u-6tb1", "56xlarge 112xlarge metal"],
  ["u7inh-32tb", "480xlarge"],
  ["vt1", "3xlarge 6xlarge 24xlarge"],
  ["x1", "16xlarge 32xlarge"],
  ["x1e", "xlarge 2xlarge 4xlarge 8xlarge 16xlarge 32xlarge"],
  ["x2idn", "16xlarge 24xlarge 32xlarge metal"],
  ["x2iedn", "xlarge 2xlarge 4xlarge 8xlarge 16xlarge 24xlarge 32xlarge metal"],
  ["x2iezn", "2xlarge 4xlarge 6xlarge 8xlarge 12xlarge metal"],
  ["x8aedz", "large xlarge 3xlarge 6xlarge 12xlarge 24xlarge metal-12xl metal-24xl"],
  [
    "x8i",
    "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge 32xlarge 48xlarge 64xlarge 96xlarge metal-48xl metal-96xl",
  ],
];

/**
 * Types whose vCPUs do not follow from their size. Of EC2's DescribeInstanceTypes (DefaultVCpus), as moto 5.2.5
 * republishes it, all others that it has do; i3.metal is from EC2's page of storage optimized types.
 */
const VCPUS: Readonly<Record<string, number>> = {
  "g4dn.metal": 96,
  "hpc6a.48xlarge": 96,
  "hpc6id.32xlarge": 64,
  "hpc7a.12xlarge": 24,
  "hpc7a.24xlarge": 48,
  "hpc7a.48xlarge": 96,
  "hpc7a.96xlarge": 192,
  "hpc8a.96xlarge": 192,
  "i3.metal": 72,
  "t3.medium": 2,
  "t3a.medium": 2,
  "t4g.medium": 2,
  "t8i.medium": 2,
};

const families: ReadonlyMap<string, readonly string[]> = new Map(
  SIZES.flatMap(([names, sizes]) => names.split(" ").map((name) => [name, sizes.split(" ")] as const)),
);

/** Every type that is known: `c6in.large`, … . */
export const knownTypes: readonly string[] = [...families].flatMap(([family, sizes]) =>
  sizes.map((size) => `${family}.${size}`),
);

/** Whether the table above has the type: `c6in.large`. */
export function isKnown(type: string): boolean {
  const [family = "", size = ""] = type.split(".");
  return families.get(family)?.includes(size) ?? false;
}

/**
 * A type's default vCPUs: what EC2 says of one that is known. Of any other what its size usually means, 2 where that
 * means nothing.
 */
export function usualVcpus(type: string): number {
  const [family = "", size = ""] = type.split(".");
  const most = () => Math.max(...(families.get(family) ?? []).map((each) => ofSize(each) ?? 0), 2);
  // A family's only bare metal is its largest machine.
  return VCPUS[type] ?? (size === "metal" ? most() : (ofSize(size) ?? 2));
}

function ofSize(size: string): number | undefined {
  const [, times] = /^([0-9]+)xlarge$/.exec(size) ?? /^metal-([0-9]+)xl$/.exec(size) ?? [];
  if (times !== undefined) return 4 * Number(times);
  return { nano: 2, micro: 2, small: 2, medium: 1, large: 2, xlarge: 4 }[size];
}
