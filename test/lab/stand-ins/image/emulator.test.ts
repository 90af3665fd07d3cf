/** Does not prove: that backports has it, and that it boots a guest; every lab on Debian 12 without KVM does. */
import { describe, expect, test } from "vitest";
import { codename, isOlder } from "../../../../lab/image/emulator.ts";

describe("QEMU's version", () => {
  test.each([
    ["QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18+b3)", true],
    ["QEMU emulator version 8.0.4 (Debian 1:8.0.4+dfsg-1)", true],
    ["QEMU emulator version 8.1.0", false],
    ["QEMU emulator version 10.0.2 (Debian 1:10.0.2+ds-2+deb13u1~bpo12+1)", false],
  ])("%s", (line, older) => expect(isOlder(line, [8, 1])).toBe(older));

  test("of something else is no version", () =>
    expect(() => isOlder("qemu: not found", [8, 1])).toThrow("qemu: not found"));
});

describe("the release's name", () => {
  test.each(["bookworm", "trixie"])("%s", (name) =>
    expect(codename(`ID=debian\nVERSION_CODENAME=${name}\nHOME_URL="https://www.debian.org/"\n`)).toBe(name),
  );

  test("is not that of a system without one", () =>
    expect(() => codename('PRETTY_NAME="Debian GNU/Linux sid"\n')).toThrow("VERSION_CODENAME"));
});
