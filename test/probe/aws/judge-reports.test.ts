/**
 * What machines report, each fault with its own and no other. Does not prove that machines write such texts: what of them is
 * recognised is held against the programs' source.
 */
import { describe, expect, test } from "vitest";
import { judge, notes } from "../../../probe/aws/faults.ts";
import type { Inventory, StoredObject } from "../../../probe/aws/inventory.ts";
import { LEGS } from "../../../probe/legs/legs.ts";
import { read } from "../../shared/files.ts";
import { after, machine, minutesAgo, SOUND, soundFleet, version } from "./fleet-on-aws.ts";

const APPLY = read("templates/apply/files/usr/local/sbin/pptp-fleet-apply.hbs");
const FETCH = read("render/bootstrap/usr/local/sbin/pptp-fleet-fetch");

const stored = (value: object, minutes = 4): StoredObject => ({
  ...{ text: JSON.stringify({ ...value, at: minutesAgo(minutes).toISOString() }), at: minutesAgo(minutes) },
});
const gone = (lacks: "missing" | "refused"): StoredObject => ({ lacks, said: "Access Denied" });

/** The fleet where a-1 has reported this. */
const said = (more: object, minutes?: number) =>
  after((fleet) => {
    fleet.bucket!.objects["a-1"]!.status = stored({ ...SOUND, ...more }, minutes);
  });
const first = { good: undefined };

const found = (fleet: Inventory) =>
  judge(fleet).map(({ id, resource, leg }) => `${resource.split(" ")[0]} ${id}${leg ? `@${leg}` : ""}`);

describe("each report has its fault, and no other", () => {
  test.each<[string, Inventory, string[]]>([
    ["a refused bundle", said({ result: "refused", version: version("a"), why: "no" }), ["a-1 refused"]],
    ["a refused first bundle", said({ result: "refused", why: "no", ...first }), ["a-1 refused@tcp"]],
    [
      "one that was taken back",
      said({ result: "rolled back", why: "a dial ends at LCP: x" }),
      ["a-1 rolled-back"],
    ],
    ["a program that broke", said({ result: "failed", sessions: undefined, ...first }), ["a-1 failed"]],
    ["a first bundle that fails", said({ result: "failed", why: "x", ...first }), ["a-1 failed@tcp"]],
    [
      "one that is not ready any more",
      said({ result: "failed", why: "pptp-fleet-ready.service is not active" }),
      ["a-1 failed@tcp"],
    ],
    ...(["connect@tcp", "start@control", "call@call", "LCP@lcp"] as const).map(
      (each): [string, Inventory, string[]] => {
        const [stage, leg] = each.split("@");
        const why = `a dial ends at ${stage}: timed out`;
        return [why, said({ result: "failed", why }), [`a-1 failed@${leg}`]];
      },
    ),
    ["one that cannot fetch", said({ why: "GET https://…: 403" }), ["a-1 stuck"]],
    ["one that cannot begin", said({ result: "waits", why: "[Errno 28]" }), ["a-1 stuck"]],
    ["a first boot that cannot fetch", said({ result: "waits", why: "x", ...first }), ["a-1 stuck@tcp"]],
    ["a first boot", said({ result: "waits", waits: ["a reboot"], ...first }), ["a-1 first-boot@tcp"]],
    ["no result since it booted", said({ result: undefined, ...first }), ["a-1 first-boot@tcp"]],
    ["what was changed by hand", said({ drift: ["/etc/pptpd.conf"] }), ["a-1 drift"]],
    ["silence for 16 min", said({}, 16), ["a-1 silent"]],
    ["silence for 14 min", said({}, 14), []],
    ["silence after another bundle", said({ version: version("b") }, 16), ["a-1 silent"]],
    ["another bundle than its own", said({ version: version("b") }), ["a-1 behind"]],
    [
      "another, which is its own for 9 min",
      after((f) => {
        f.bucket!.objects["a-1"]!.desired = stored({ version: version("b") }, 9);
      }),
      [],
    ],
    [
      "another, which is its own for 11 min",
      after((f) => {
        f.bucket!.objects["a-1"]!.desired = stored({ version: version("b") }, 11);
      }),
      ["a-1 behind"],
    ],
    [
      "no pointer",
      after((f) => {
        f.bucket!.objects["a-1"]!.desired = gone("missing");
      }),
      ["a-1 no-desired"],
    ],
    [
      "no report",
      after((f) => {
        f.bucket!.objects["gateway-a"]!.status = gone("missing");
      }),
      ["gateway-a unreported@tcp"],
    ],
    [
      "the report of an instance that was replaced",
      after((f) => {
        machine(f, "a-1").launched = minutesAgo(3);
      }),
      ["a-1 unreported@tcp"],
    ],
    [
      "no JSON",
      after((f) => {
        f.bucket!.objects["a-1"]!.status = { text: "{", at: minutesAgo(1) };
      }),
      ["a-1 status-unreadable"],
    ],
    [
      "no report of a machine that is stopped",
      after((f) => {
        machine(f, "a-1").state = "stopped";
        f.bucket!.objects["a-1"]!.status = gone("missing");
      }),
      ["a-1 not-running@tcp"],
    ],
  ])("%s", (_what, fleet, faults) => {
    expect(found(fleet)).toEqual(faults);
  });

  test.each([
    [-61, ["a-1 clock"], "61 min behind"],
    [2, ["a-1 clock"], "2 min ahead"],
    [1, [], ""],
    [-1, [], ""],
  ])("a clock that is %s min off", (minutes, faults, words) => {
    const fleet = after((f) => {
      const at = minutesAgo(4 - minutes).toISOString();
      f.bucket!.objects["a-1"]!.status = { text: JSON.stringify({ ...SOUND, at }), at: minutesAgo(4) };
    });
    expect(found(fleet)).toEqual(faults);
    expect(judge(fleet)[0]?.wrong ?? "").toContain(words);
  });
});

describe("what cannot be looked at is said", () => {
  const closed = (lacks: (key: "desired" | "status", name: string) => boolean) =>
    after((f) => {
      for (const [name, objects] of Object.entries(f.bucket!.objects))
        for (const key of ["desired", "status"] as const)
          if (lacks(key, name)) objects[key] = gone("refused");
    });

  test("no right to any of it: once, with the rights that it takes", () => {
    const [fault, ...others] = judge(closed(() => true));
    expect([fault!.id, fault!.leg, others]).toEqual(["reports-unreadable", undefined, []]);
    expect(fault!.wrong).toContain("could not look");
    expect(fault!.fix).toMatch(/s3:GetObject.*s3:ListBucket/);
  });

  test("a report that is closed, or not there: S3 says the same of both to whoever may not list", () => {
    const [fault, ...others] = judge(closed((key, name) => key === "status" && name === "a-1"));
    expect([fault!.id, others]).toEqual(["unreported", []]);
    expect(fault!.wrong).toMatch(/, or the probe may not see it.*s3:ListBucket/);
  });

  test("a pointer alone that is closed takes nothing from the reports", () => {
    expect(found(closed((key, name) => key === "desired" && name === "a-1"))).toEqual([]);
  });

  test.each([
    ["NoSuchBucket", "no-bucket"],
    ["ECONNREFUSED", "reports-unreadable"],
  ])("%s", (code, id) => {
    const fleet = after((f) => {
      f.bucket!.objects = {};
      f.bucket!.unreadable = { code, message: "x" };
    });
    expect(judge(fleet).map((fault) => fault.id)).toEqual([id]);
  });
});

describe("what a person reads", () => {
  const wrong = (fleet: Inventory) => judge(fleet)[0]!;

  test("why it was refused, what stands, and where there is more", () => {
    const { wrong: text, fix } = wrong(said({ result: "refused", why: "/etc/nftables.conf: syntax error" }));
    expect(text).toBe(
      "it refuses bundle aaaaaaaaaaaa, and what stood before stands: /etc/nftables.conf: syntax error",
    );
    expect(fix).toContain("journalctl -u pptp-fleet-apply");
  });

  test("how to read the console of one that never reported", () => {
    const fleet = after((f) => {
      f.bucket!.objects["a-1"]!.status = gone("missing");
    });
    const { fix, wrong: text } = wrong(fleet);
    expect(text).toBe("it has reported nothing since it was launched, 10 h ago");
    expect(fix).toMatch(/^the first boot is not over, or it cannot fetch its bundle; its console says why/);
    expect(fix).toContain("aws ec2 get-console-output --region eu-west-1 --instance-id i-a-1 --latest");
  });

  test("no control character of a machine reaches a terminal, and no more than a page", () => {
    const { wrong: text } = wrong(said({ result: "refused", why: `a\x1b[2J\u202eb${"c".repeat(9999)}` }));
    expect(text).toContain(": a [2J bccc");
    expect(text.length).toBeLessThan(1200);
  });
});

describe("what waits for sessions is no fault", () => {
  const waits = [
    "pptpd.service's own settings: for 3 sessions to leave",
    "kernel 6.12.9: for a reboot out of 6.12.8",
  ];

  test("but a note, with what for", () => {
    const fleet = said({ result: "waits", waits });
    expect(judge(fleet)).toEqual([]);
    expect(notes(fleet)).toEqual(waits.map((says) => ({ id: "waits", resource: "a-1 (i-a-1)", says })));
  });

  test("the same on a first boot is none: the machine serves nobody", () => {
    expect(notes(said({ result: "waits", waits, ...first }))).toEqual([]);
  });

  test("a sound fleet has no note", () => {
    expect(notes(soundFleet())).toEqual([]);
  });
});

describe("what is recognised stands in the programs that say it", () => {
  test("all results, and no others", async () => {
    const { RESULTS } = await import("../../../probe/aws/status.ts");
    const says = /(?:self\.(?:report|refuse)\(|result == |"result": )"([a-z ]+)"/g;
    const results = [...`${APPLY}${FETCH}`.matchAll(says)].map(([, result]) => result);
    expect([...new Set(results)].sort()).toEqual([...RESULTS].sort());
  });

  test("members of a report", () => {
    for (const member of ["version", "result", "why", "waits", "sessions", "drift", "good"])
      expect(APPLY).toMatch(new RegExp(`"${member}": `));
    expect(FETCH).toContain('json.dumps({"at": time.strftime("%FT%TZ", time.gmtime())} | now)');
  });

  test("a dial's stages, each a leg, and the unit of readiness", () => {
    const stages = [...APPLY.matchAll(/stage = "(\w+)"/g)].map(([, stage]) => stage!);
    const legs = stages.map(
      (stage) => judge(said({ result: "failed", why: `a dial ends at ${stage}: x` }))[0]!.leg!,
    );
    expect(legs.map((leg) => LEGS[leg])).toEqual(["TCP 1723", "control connection", "call", "LCP"]);
    expect(APPLY).toContain('f"a dial ends at {error}"');
    expect(APPLY).toContain('raise OSError(f"{stage}: {error}")');
    expect(APPLY).toContain('READY = "pptp-fleet-ready.service"');
    expect(APPLY).toContain('f"{READY} is not active"');
  });

  test("the console's mark, and how often a machine reports and looks", () => {
    expect(FETCH).toContain('print("pptp-fleet:", line, file=console)');
    expect(FETCH).toContain('abs(time.time() - told["at"]) > 300');
  });
});
