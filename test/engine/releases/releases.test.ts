/** What is kept of a release's stacks: small, without secrets, the same whoever records it. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { asProcess } from "../pulumi/run.ts";
import { isSecret, plain, UNKNOWN } from "../pulumi/wire.ts";
import { packed, recorded } from "./record.ts";
import { FOLDER, readStack, releases, stacksOf, unpacked } from "./release.ts";
import { sealedLike } from "./seal.ts";
import { examples, USERS } from "./stacks.ts";
import { updated } from "./update.ts";

describe("a release's state", () => {
  const ours = async () => unpacked(packed(await recorded("eip", examples.eip)));
  const all = releases().flatMap((release) => stacksOf(release).map((stack) => [release, stack] as const));

  test.each(all)("%s's of %s has no secret, and all user data by its digest", (release, stack) => {
    const text = JSON.stringify(readStack(release, stack));
    for (const { password } of USERS) expect(text).not.toContain(password);
    const version = readStack(release, stack).resources.find(({ type }) => type.endsWith(":SecretVersion"))!;
    expect([version.inputs, version.outputs].map(({ secretString }) => isSecret(secretString))).toEqual([
      true,
      true,
    ]);
    expect(plain(version.inputs).secretString).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(text).not.toMatch(/"userDataBase64":"(?!sha256:)/);
  });

  test.each(releases())("%s's is small: a repository has many", (release) => {
    const sizes = stacksOf(release).map((stack) => statSync(join(FOLDER, release, `${stack}.json.gz`)).size);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(150_000);
  });

  test("is the same from a process of its own", async () => {
    const other = await recorded("eip", examples.eip, asProcess);
    expect(JSON.stringify(unpacked(packed(other)))).toBe(JSON.stringify(await ours()));
  });

  test("has AWS's answers of then", async () => {
    const stack = await ours();
    const answers = stack.answers.map((answer) =>
      answer.token.endsWith(":getAvailabilityZones")
        ? { ...answer, result: { ...answer.result, names: ["eu-west-1c"], zoneIds: ["euw1-az3"] } }
        : answer,
    );
    expect(answers).not.toEqual(stack.answers);
    expect((await updated({ ...stack, answers })).touched).not.toEqual({});
  });
});

test("a digest is compared where the old value is one, at any depth, and what is not known stays so", () => {
  const sealed = sealedLike({ a: "sha256:x", b: [{ c: "sha256:y" }] }, { a: "1", b: [{ c: "2" }], d: "3" });
  expect(sealed).toEqual({
    a: expect.stringMatching(/^sha256:/),
    b: [{ c: expect.stringMatching(/^sha256:/) }],
    d: "3",
  });
  expect(sealedLike({ a: "sha256:x" }, { a: UNKNOWN })).toEqual({ a: UNKNOWN });
});
