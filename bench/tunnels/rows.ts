/** What is measured: the guest's measurements (`bench/guest/measure.py`), and the table's rows that come of each. */

export interface Row {
  /** As the table says it. */
  title: string;
  unit: string;
  better: "higher" | "lower";
  /** Decimal places of a reading. */
  digits: number;
}

export interface Measurement {
  /** Arguments of `measure.py`. */
  arguments: string[];
  /** By the name under which `measure.py` prints it. */
  rows: Record<string, Row>;
  /** Seconds of guest time after which it gives up: then a `null` reads "more than this". */
  cap?: number;
  /** Whether the first, third, fifth… round is enough: what waits for timers and not for a CPU hardly varies. */
  everyOther?: true;
}

/** Guest seconds; a dial that has no tunnel by then is told as such. */
const DIAL_CAP = 120;
const VANISHED_CAP = 300;

const rowOf =
  (unit: string, better: Row["better"], digits: number) =>
  (title: string): Row => ({ title, unit, better, digits });
const throughput = rowOf("Mbit/s", "higher", 2);
const cpu = rowOf("ms/MB", "lower", 1);
const packets = rowOf("packets/s", "higher", 0);
const seconds = rowOf("s", "lower", 1);

const dial = (silent: number, sources: "one" | "many", title: string): Measurement => ({
  arguments: ["dial", `${silent}`, sources, `${DIAL_CAP}`],
  rows: { seconds: seconds(title) },
  cap: DIAL_CAP,
});

/** A tunnel's transfers are as long as gives 5 MB or more; eight tunnels share the same CPU. */
export const MEASUREMENTS: Measurement[] = [
  {
    arguments: ["tcp", "1", "4"],
    rows: {
      up: throughput("one tunnel, TCP up"),
      down: throughput("one tunnel, TCP down"),
      "up-cpu": cpu("CPU of the daemon for a megabyte up"),
      "down-cpu": cpu("CPU of the daemon for a megabyte down"),
    },
  },
  {
    arguments: ["tcp", "8", "5"],
    rows: {
      up: throughput("eight tunnels, TCP up, sum"),
      down: throughput("eight tunnels, TCP down, sum"),
    },
  },
  {
    arguments: ["small", "3"],
    rows: {
      up: packets("small packets up (UDP, 64 bytes)"),
      down: packets("small packets down (UDP, 64 bytes)"),
    },
  },
  dial(0, "one", "dial of a quiet server"),
  { ...dial(3, "many", "dial behind 3 silent connections"), everyOther: true },
  { ...dial(1000, "many", "dial behind 1,000, from as many addresses"), everyOther: true },
  { ...dial(1000, "one", "dial behind 1,000, from one address"), everyOther: true },
  {
    arguments: ["vanished", `${VANISHED_CAP}`],
    rows: { seconds: seconds("slot of a vanished client free again") },
    cap: VANISHED_CAP,
    everyOther: true,
  },
];

/** Whether a measurement belongs into a round, counted from 1. */
export const inRound = ({ everyOther }: Measurement, round: number): boolean =>
  !everyOther || round % 2 === 1;
