/** What a stack's bucket is called: what S3 takes, and no two stacks' alike. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BucketOwner, bucketName } from "../../plan/bucket.ts";
import { forms, misfit } from "../../settings/aws-texts.ts";

const PLACE = { account: "111122223333", region: "eu-west-1" };
const name = (project: string, stack: string, place: Partial<BucketOwner> = {}) =>
  bucketName({ ...PLACE, ...place, project, stack });
/** Pulumi's own alphabet for project and stack names. */
const word = fc.stringMatching(/^[A-Za-z0-9_.-]{1,100}$/);

test("is the stack's own name, with its account and its region, where that says one thing", () => {
  expect(name("pptp-fleet", "prod")).toBe("pptp-fleet-prod-111122223333-eu-west-1");
});

test("bears a hash where two stacks could mean it, or S3 takes less than all of it", () => {
  expect(name("pptp", "fleet-prod")).toMatch(/^pptp-fleet-prod-[0-9a-f]{8}-111122223333-eu-west-1$/);
  expect(name("PPTP", "Prod")).toMatch(/^pptp-prod-[0-9a-f]{8}-111122223333-eu-west-1$/);
  expect(name("pptp.fleet", "prod")).toMatch(/^pptp-fleet-prod-[0-9a-f]{8}-/);
  expect(name("xn--pptp", "prod")).toMatch(/^pptp-prod-[0-9a-f]{8}-/);
  expect(name("p".repeat(100), "prod")).toMatch(/^p{31}-[0-9a-f]{8}-111122223333-eu-west-1$/);
  expect(name("-", "-")).toMatch(/^[0-9a-f]{8}-111122223333-eu-west-1$/);
});

test.each([
  [
    ["pptp", "fleet-prod"],
    ["pptp-fleet", "prod"],
  ],
  [
    ["a.b", "c"],
    ["a_b", "c"],
  ],
  [
    ["a", "B"],
    ["a", "b"],
  ],
  [
    ["a-", "b"],
    ["a", "-b"],
  ],
  [
    ["p".repeat(99), "prod"],
    ["p".repeat(100), "prod"],
  ],
])("%s and %s have not the same", ([project, stack], [other, another]) => {
  expect(name(project!, stack!)).not.toBe(name(other!, another!));
});

test("nor has a stack that is called like another's hash", () => {
  const [, hash] = /-([0-9a-f]{8})-\d{12}-/.exec(name("a.b", "c"))!;
  expect(name("a-b-c", hash!)).not.toBe(name("a.b", "c"));
});

describe("of any project and stack, in any region", () => {
  const region = fc.constantFrom("eu-west-1", "ap-northeast-1", "us-gov-west-1", "ap-southeast-7");

  test("is what S3 takes, and has no dot, which no certificate of S3's covers", () => {
    fc.assert(
      fc.property(word, word, region, (project, stack, place) => {
        const made = name(project, stack, { region: place });
        expect(misfit(forms.bucketName, made)).toBeUndefined();
        expect(made).not.toContain(".");
        expect(made.endsWith(`-111122223333-${place}`)).toBe(true);
      }),
    );
  });

  test("is the same each time, and another's is another", () => {
    // Of few letters: most of what may be confused comes up.
    const few = fc.stringMatching(/^[aA_.-]{1,3}$/);
    fc.assert(
      fc.property(few, few, few, few, (project, stack, other, another) => {
        const same = project === other && stack === another;
        expect(name(project, stack) === name(other, another)).toBe(same);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("S3 itself takes no", () => {
  test.each([
    "ab",
    "a".repeat(64),
    "Pptp",
    "pptp_fleet",
    "-pptp",
    "pptp-",
    "xn--a",
    "sthree-a",
    "a-s3alias",
    "a--ol-s3",
  ])("%s", (text) => {
    expect(misfit(forms.bucketName, text)).toBeDefined();
  });
});
