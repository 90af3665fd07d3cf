import { describe, expect, test } from "vitest";
import { allowed, type Form, forms, misfit, tagMisfits } from "../../settings/aws-texts.ts";

describe("a text", () => {
  test.each<[name: keyof typeof forms, fits: string, misfits: [text: string, why: string][]]>([
    ["ruleDescription", "SSH (22): a.b_c-d/e #1,@[x]+=&;{}!$*", [["Debian's", "has ' (U+0027)"]]],
    ["ruleDescription", "", [["a\tb", "has U+0009"]]],
    ["groupDescription", "PPTP", [["", "is empty"]]],
    ["groupDescription", "x".repeat(255), [["x".repeat(256), "has 256 characters"]]],
    ["groupName", "my sg-1", [["Sg-1", "begins with sg-"]]],
    ["balancerName", "a".repeat(32), [["a".repeat(33), "has 33 characters"]]],
    ["balancerName", "pptp-1", [["internal-x", "begins with internal-"]]],
    ["balancerName", "a", [["a-", "ends with -"]]],
    ["targetGroupName", "internal-x", [["-a", "begins with -"]]],
    ["targetGroupName", "A1", [["a_b", "has _ (U+005F)"]]],
    ["roleName", "a_b.c@d", [["a/b", "has / (U+002F)"]]],
    ["roleDescription", "café", [["“quoted”", "has U+201C"]]],
    ["secretName", "pptp-fleet/dev/accounts", [["a b", "has U+0020"]]],
    ["logGroupName", "/aws/x", [["aws/x", "begins with aws/"]]],
    ["alarmName", "Ärger: 100 %", [["a\u0000", "has U+0000"]]],
    ["alarmDescription", "line\nline", [["x".repeat(1025), "has 1025 characters"]]],
    ["tagKey", "Kosten stelle/é", [["AWS:x", "begins with aws:"]]],
    ["tagValue", "a b@c", [["a&b", "has & (U+0026)"]]],
    ["tagValue", "é".repeat(256), [["😀", "has U+1F600"]]],
  ])("of %s", (name, fits, misfits) => {
    expect(misfit(forms[name], fits)).toBeUndefined();
    for (const [text, why] of misfits) expect(misfit(forms[name], text)).toBe(why);
  });

  test("has its length in characters, not in units of UTF-16", () => {
    expect(misfit(forms.alarmName, "😀".repeat(255))).toBeUndefined();
    expect(misfit(forms.alarmName, "😀".repeat(256))).toBe("has 256 characters");
  });
});

test("each form says what it takes, and has its page", () => {
  for (const form of Object.values<Form>(forms)) {
    expect(allowed(form)).toMatch(/^at most \d+ characters: \S/);
    expect(form.page).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/\S+\.html$/);
  }
  expect(allowed(forms.balancerName)).toBe(
    "at most 32 characters: a-z, A-Z, 0-9 and hyphens, not beginning with - or internal-, not ending with -",
  );
});

test("tags are judged by key and by value, and a key twice in two cases once", () => {
  expect(tagMisfits({ Name: "a", "x'": "b'", name: "c", n: undefined })).toEqual([
    { key: "x'", problem: expect.stringContaining("its key has ' (U+0027)") },
    { key: "x'", problem: expect.stringContaining("its value has ' (U+0027)") },
    { key: "name", problem: "it is Name in another case, which is the same key to IAM" },
  ]);
});
