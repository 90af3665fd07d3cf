/** Versions of Debian packages: how packages and versions are named (Debian policy 5.6.7 and 5.6.12). */
import { memberPath, setPath } from "./facts.ts";
import type { Refusal } from "./refusal.ts";

const NAME = /^[a-z0-9][a-z0-9+.-]+$/;
/** `libc6:arm64`, as dpkg and apt take it too (Multi-Arch). */
const WITH_ARCHITECTURE = /^([a-z0-9][a-z0-9+.-]+):[a-z0-9-]+$/;
/** Epoch, upstream's version from a digit on, Debian's revision behind the last hyphen. */
const VERSION = /^(\d{1,9}:)?\d([A-Za-z0-9.+~-]*[A-Za-z0-9.+~])?$/;

/** Debian's longest names have some eighty letters. */
const LONGEST = 128;

export function isPackageName(text: string): boolean {
  return text.length <= LONGEST && NAME.test(text);
}

export function isDebianVersion(text: string): boolean {
  return text.length <= LONGEST && VERSION.test(text);
}

const VERSION_FORM =
  "an exact version as dpkg shows it, such as 1:10.0p1-7+deb13u4, in quotes where YAML would read a number";

/** Refuses what names no package, and what is no version. */
export function judgePackageVersions(versions: Record<string, string>): Refusal[] {
  return Object.entries(versions).flatMap(([name, version]): Refusal[] => {
    const path = [name];
    const bare = WITH_ARCHITECTURE.exec(name)?.[1];
    if (bare !== undefined)
      return [
        {
          path,
          allowed: "a package's name without an architecture: each machine has its own architecture's",
          fix: `call it ${bare} in the stack's file`,
        },
      ];
    if (!isPackageName(name))
      return [
        {
          path,
          allowed: "a Debian package's name: lower case letters, digits and +.-, two or more",
          fix: "call it as dpkg-query -W does on a machine, or take it out of the stack's file",
        },
      ];
    if (!isDebianVersion(version))
      return [
        {
          path,
          allowed: VERSION_FORM,
          fix: `${setPath(memberPath("packageVersions", name), "<version>")}; npm run updates -- --stack <stack> says what Debian has`,
        },
      ];
    return [];
  });
}
