/** What machines report of themselves, against what they are to be. Pure. */
import type { Leg } from "../legs/legs.ts";
import type { Bucket, Fault, FleetInstance, Inventory, Note, StoredObject } from "./inventory.ts";
import { named } from "./judge-network.ts";
import { desiredOf, type Status, statusOf } from "./status.ts";

const MINUTE = 60_000;
/** A machine reports at least every five minutes, but while packages come. */
const SILENT = 15 * MINUTE;
/** A machine looks once a minute; packages take some. */
const BEHIND = 10 * MINUTE;
/** Between a report's own time and S3's: asking for credentials lies between them, and a second is cut off. */
const CLOCK = MINUTE;

const JOURNAL = "`journalctl -u pptp-fleet-apply` on the machine has more";
const RIGHTS = "s3:GetObject on machines/*/status and machines/*/desired, and s3:ListBucket (docs/probe.md)";

export function reportFaults(inventory: Inventory): Fault[] {
  const { bucket } = inventory;
  if (!bucket) return [];
  const whole = bucketFault(bucket);
  if (whole) return [whole];
  return running(inventory).flatMap((machine) =>
    faultsOf(bucket, machine).map((fault) => ({ resource: named(machine), ...fault })),
  );
}

/** What waits and breaks nothing. */
export function reportNotes(inventory: Inventory): Note[] {
  const { bucket } = inventory;
  if (!bucket) return [];
  return running(inventory).flatMap((machine) => {
    const found = bucket.objects[machine.name]?.status;
    const status = found && own(machine, found) ? statusOf(found.text) : undefined;
    // A first boot that waits is a fault.
    if (status?.good === undefined) return [];
    return status.waits.map((says): Note => ({ id: "waits", resource: named(machine), says }));
  });
}

/** Others are at fault as it is. */
const running = ({ machines }: Inventory) => machines.filter(({ state }) => state === "running");

/** Whether it is there, and of this instance: one that was replaced has left its last. */
function own({ launched }: FleetInstance, found: StoredObject): found is { text: string; at: Date } {
  return "text" in found && found.at >= launched;
}

/** What keeps all reports from being read. */
function bucketFault({ name, unreadable, objects }: Bucket): Fault | undefined {
  const resource = `bucket ${name}`;
  if (unreadable?.code === "NoSuchBucket")
    return {
      ...{ id: "no-bucket", resource, wrong: "it does not exist: machines cannot get what they are to be" },
      fix: "`pulumi up` makes it",
    };
  // The stack itself writes these: there is one for each machine.
  const pointers = Object.values(objects).map(({ desired }) => desired);
  const closed = pointers.every((each) => "lacks" in each && each.lacks === "refused");
  const [first] = pointers;
  const refused = closed && first && "said" in first ? `AccessDenied: ${first.said}` : undefined;
  const said = unreadable ? `${unreadable.code}: ${unreadable.message}` : refused;
  return said === undefined
    ? undefined
    : {
        ...{ id: "reports-unreadable", resource },
        wrong: `the probe could not look at what machines report: ${said}`,
        fix: `whoever probes needs ${RIGHTS}`,
      };
}

/** A fault of one machine. */
type Own = Omit<Fault, "resource">;

function faultsOf(bucket: Bucket, machine: FleetInstance): Own[] {
  const objects = bucket.objects[machine.name];
  if (!objects) return [];
  const { desired, status: found } = objects;
  const unwritten: Own[] =
    "lacks" in desired && desired.lacks === "missing"
      ? [
          {
            id: "no-desired",
            wrong: "nothing says what it is to be",
            fix: "`pulumi up --refresh` writes it",
          },
        ]
      : [];
  if (!own(machine, found)) return [...unwritten, unreported(bucket, machine, found)];
  const status = statusOf(found.text);
  if (!status) {
    const wrong = "what it reports is no status of ours";
    return [...unwritten, { id: "status-unreadable", wrong, fix: JOURNAL }];
  }
  const console = consoleOf(bucket, machine);
  const quiet = age(bucket, found.at);
  return [
    ...unwritten,
    ...(quiet > SILENT ? [silent(quiet, console)] : behind(bucket, status, desired)),
    ...resultFaults(status, console),
    ...driftFaults(status),
    ...clockFaults(status, found.at),
  ];
}

function unreported(bucket: Bucket, machine: FleetInstance, found: StoredObject): Own {
  // Who may not list the bucket hears the same of an object that is not there as of one that is closed.
  const hidden =
    "lacks" in found && found.lacks === "refused"
      ? `, or the probe may not see it (${found.said}): whoever probes needs ${RIGHTS}`
      : "";
  return {
    id: "unreported",
    wrong: `it has reported nothing since it was launched, ${words(age(bucket, machine.launched))} ago${hidden}`,
    fix: `the first boot is not over, or it cannot fetch its bundle; ${consoleOf(bucket, machine)}`,
    leg: "tcp",
  };
}

function silent(quiet: number, console: string): Own {
  return {
    id: "silent",
    wrong: `it has reported nothing for ${words(quiet)}; it should at least every five minutes`,
    fix: `it hangs, S3 does not get or take its reports (network, role), or its clock is off; ${console}`,
  };
}

function driftFaults({ drift, result }: Status): Own[] {
  if (drift.length === 0) return [];
  const done = result === "waits" ? "found changed" : "found changed, and put back";
  return [
    {
      id: "drift",
      wrong: `${done}, in the last day: ${drift.join(", ")}`,
      fix: "set it in the stack's config: what is changed by hand does not stay",
    },
  ];
}

function clockFaults({ at }: Status, written: Date): Own[] {
  const ahead = at.getTime() - written.getTime();
  if (Math.abs(ahead) <= CLOCK) return [];
  const off = `${words(Math.abs(ahead))} ${ahead > 0 ? "ahead" : "behind"}`;
  return [
    {
      id: "clock",
      wrong: `its clock is ${off}; from 15 min on AWS refuses what it asks`,
      fix: "`timedatectl timesync-status` on the machine says why",
    },
  ];
}

/** What became of the bundle that counts for it. */
function resultFaults({ result, why, version, waits, good, sessions }: Status, console: string): Own[] {
  // Until a first bundle is applied it serves nobody, and nobody logs in. A program that broke says neither.
  const first = good === undefined && !(result === "failed" && sessions === undefined);
  const more = good === undefined ? console : JOURNAL;
  const leg: { leg?: Leg } = first ? { leg: "tcp" } : {};
  const it = bundle(version);
  const because = why === undefined ? "" : `: ${why}`;
  switch (result) {
    case "refused": {
      const stands = first ? "nothing stands yet" : "what stood before stands";
      const wrong = `it refuses ${it}, and ${stands}${because}`;
      return [{ id: "refused", wrong, fix: `mend that, then \`pulumi up\`; ${more}`, ...leg }];
    }
    case "rolled back": {
      const wrong = `it got worse with ${it}, and went back${because}`;
      return [{ id: "rolled-back", wrong, fix: `mend that, then \`pulumi up\`; ${more}`, ...leg }];
    }
    case "failed": {
      const broken = brokenLeg(why);
      const wrong = `it is not well with ${it}${because}`;
      return [{ id: "failed", wrong, fix: more, ...leg, ...(broken ? { leg: broken } : {}) }];
    }
    case "applied":
    case "waits":
    case undefined: {
      const wrong = `it cannot go on${because}`;
      if (why !== undefined)
        return [{ id: "stuck", wrong, fix: `it tries again each minute; ${more}`, ...leg }];
      const waiting = waits.length > 0 ? `: it waits for ${waits.join("; ")}` : "";
      if (first)
        return [{ id: "first-boot", wrong: `its first boot is not over${waiting}`, fix: more, ...leg }];
      return [];
    }
    default:
      return result satisfies never;
  }
}

/** The machine's own dial, to itself: how far it came. */
const DIAL: Record<string, Leg> = { connect: "tcp", start: "control", call: "call", LCP: "lcp" };

function brokenLeg(why = ""): Leg | undefined {
  if (why.includes("pptp-fleet-ready.service is not active")) return "tcp";
  return DIAL[/a dial ends at (\w+):/.exec(why)?.[1] ?? ""];
}

function behind(bucket: Bucket, { version }: Status, desired: StoredObject): Own[] {
  if (!("text" in desired) || age(bucket, desired.at) <= BEHIND) return [];
  const wanted = desiredOf(desired.text);
  if (wanted === undefined || wanted === version) return [];
  const since = words(age(bucket, desired.at));
  return [
    {
      id: "behind",
      wrong: `it reports ${bundle(version)}, and it is to have ${bundle(wanted)} for ${since} now`,
      fix: `an apply is long at work (packages), or hangs; ${JOURNAL}`,
    },
  ];
}

const age = ({ readAt }: Bucket, at: Date) => readAt.getTime() - at.getTime();

function consoleOf({ region }: Bucket, { instanceId }: FleetInstance): string {
  const ask = `aws ec2 get-console-output --region ${region} --instance-id ${instanceId} --latest --output text`;
  return `its console says why, after \`pptp-fleet:\`: ${ask}`;
}

/** As much of its hash as tells two of them apart. */
function bundle(version: string | undefined): string {
  return version === undefined ? "its bundle" : `bundle ${version.slice(0, 12)}`;
}

function words(ms: number): string {
  const minutes = Math.floor(ms / MINUTE);
  if (minutes < 120) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60 / 24)} days`;
}
