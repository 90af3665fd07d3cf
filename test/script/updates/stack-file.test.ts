import { expect, test } from "vitest";
import { parse } from "yaml";
import { withVersions } from "../../../script/updates/stack-file.ts";

const FILE = `# Whose stack it is.
config:
  aws:region: eu-west-1
  # One, since each server costs.
  pptp-fleet:servers: 1
  pptp-fleet:users:
    secure: v1:abc=
`;

test("a file that has none gets them at its end, quoted, and is otherwise as it was", () => {
  expect(withVersions(FILE, { "python3.13": "3.13.5-2+deb13u5", "ca-certificates": "20250419" })).toBe(
    `${FILE}  pptp-fleet:packageVersions:
    ca-certificates: "20250419"
    python3.13: "3.13.5-2+deb13u5"
`,
  );
});

test("versions of before give way in their place, with the comments beside them", () => {
  const file = `${FILE}  pptp-fleet:packageVersions:
    # The one that our modems need.
    ppp: 2.5.1-1 # until they are replaced
    openssl: 3.5.9-1
    ours: "1"
`;
  const after = withVersions(file, { ppp: "2.5.2-1+1", openssl: "3.5.9-1", curl: "8.14.1-2" });
  expect(after).toBe(
    file
      .replace("ppp: 2.5.1-1", 'ppp: "2.5.2-1+1"')
      .replace('    ours: "1"\n', '    ours: "1"\n    curl: "8.14.1-2"\n'),
  );
});

test("a file that says so already stays to the byte, however it is written", () => {
  const file = `config: {aws:region:   eu-west-1,  'pptp-fleet:packageVersions': {ppp: 2.5.2-1+1, ca-certificates: 20250419}}`;
  expect(withVersions(file, { ppp: "2.5.2-1+1", "ca-certificates": "20250419" })).toBe(file);
});

test("an empty value is as good as none", () => {
  for (const empty of ["{}", '""', ""]) {
    const after = withVersions(`${FILE}  pptp-fleet:packageVersions: ${empty}\n`, { ppp: "2.5.2-1+1" });
    expect(after).toContain('  pptp-fleet:packageVersions:\n    ppp: "2.5.2-1+1"\n');
    expect(parse(after).config["pptp-fleet:packageVersions"]).toEqual({ ppp: "2.5.2-1+1" });
  }
});

test.each([
  ["encryptionsalt: v1:abc\n", "it has no config"],
  [`${FILE}  pptp-fleet:packageVersions: latest\n`, "pptp-fleet:packageVersions is no object"],
  ["config: [\n", /./],
])("%j is refused", (file, message) => {
  expect(() => withVersions(file, { ppp: "1" })).toThrow(message);
});
