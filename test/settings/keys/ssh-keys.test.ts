import { expect, test } from "vitest";
import { judgeSshKey } from "../../../settings/keys/ssh-keys.ts";
import { readSettings } from "../../../settings/read.ts";
import { ECDSA_256, ECDSA_384, ECDSA_521, ED25519, RSA_1024, RSA_2048 } from "../../shared/public-keys.ts";

const [, BLOB = ""] = ED25519.split(" ");

test.each([
  ED25519,
  RSA_2048,
  ECDSA_256,
  ECDSA_384,
  ECDSA_521,
  `ssh-ed25519 ${BLOB}`,
  `${ED25519} of the night shift`,
])("%.20s… as ssh-keygen writes it is a key", (line) => {
  expect(judgeSshKey(line)).toBeUndefined();
});

test.each([
  ["an RSA key of 1,024 bits", RSA_1024],
  ["a blob of another type than its line", ED25519.replace("ssh-ed25519 ", "ssh-rsa ")],
  ["a curve of another name", ECDSA_256.replace("nistp256 ", "nistp384 ")],
  ["a blob cut short", `ssh-ed25519 ${BLOB.slice(0, 40)}`],
  ["a blob with more behind it", `ssh-ed25519 ${Buffer.from(`${BLOB}AAAA`, "base64").toString("base64")}`],
  ["base64 with a foreign character", ED25519.replace("AAAAC3", "AAAAC*")],
  ["a type without a blob", "ssh-ed25519"],
  ["options before the key", `command="/bin/sh" ${ED25519}`],
  ["two lines", `${ED25519}\n${RSA_2048}`],
  ["a DSA key's type", "ssh-dss AAAAB3NzaC1kc3M="],
  ["nothing", ""],
])("%s is none", (_, line) => {
  expect(judgeSshKey(line)).toBeDefined();
});

/** What the report says of one key. */
function refusal(sshPublicKeys: string[]) {
  const raw = {
    allowedCidrs: '["198.51.100.0/24"]',
    adminCidrs: '["203.0.113.0/24"]',
    sshPublicKeys: JSON.stringify(sshPublicKeys),
  };
  const result = readSettings(raw, new Set());
  return "mistakes" in result ? result.mistakes : [];
}

test("a private key is refused as one, and not shown", () => {
  const pasted =
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAE\n-----END OPENSSH PRIVATE KEY-----";
  expect(refusal([pasted])).toEqual([
    {
      key: "sshPublicKeys[0]",
      value: "[secret]",
      allowed: "public keys; this is a private one",
      fix: expect.stringContaining("the line of its .pub file"),
    },
  ]);
});

test("a line from within a private key is not shown either", () => {
  expect(refusal(["QyNTUxOQAAACDX4cW/oFEUTy9SjbgR5hUd6U2GdlTA6018qJ30Jppn"])[0]?.value).toBe("[secret]");
});

test("a public key of a kind that is not allowed is shown, cut short", () => {
  expect(refusal([RSA_1024])[0]?.value).toMatch(/^"ssh-rsa AAAA.*…$/);
});
