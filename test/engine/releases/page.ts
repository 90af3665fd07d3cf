/** docs/upgrade.md's part that is generated: for each release, what an update from it does to a fleet that stands. */
import { withMarked } from "../../../script/pages/marked.ts";
import { type Case, DOORS } from "../cases/case.ts";
import { table } from "../changes/words.ts";
import { updates } from "./changes.ts";
import { present, readStack, releases, stacksOf, type Versions, versionsOf } from "./release.ts";
import { isIn, said, type Update, type Updated, updated } from "./update.ts";

/** The page with its part written anew. */
export async function withReleases(page: string): Promise<string> {
  const sections: string[] = [];
  for (const release of releases()) sections.push(await sectionOf(release));
  return withMarked(page, "releases", sections.join("\n\n"), "test/engine/releases/upgrade.test.ts");
}

async function sectionOf(release: string): Promise<string> {
  const list = updates[release] ?? [];
  const stacks = stacksOf(release);
  const rows: Updated[] = [];
  // Only a table needs to know which they are.
  if (list.length > 0) for (const stack of stacks) rows.push(await updated(readStack(release, stack)));
  return section(release, list, rows, [versionsOf(release), present().versions]);
}

/** @param versions Of the release, and of now. */
export function section(
  release: string,
  list: Update[],
  all: Updated[],
  [then, now]: [Versions, Versions],
): string {
  const did =
    list.length === 0
      ? "Nothing: no resource is touched, and each machine's user data is the same, byte by byte."
      : table(list.map((update) => rowOf(update, all)));
  return [`### From ${release}`, did, providers(release, then, now)].join("\n\n");
}

/** As a case: behind each front door in the plainest stack that shows it. */
function rowOf(update: Update, all: Updated[]): Pick<Case, "change" | "only" | "nlb" | "eip"> {
  const [nlb, eip] = DOORS.map((door) => {
    const here = all.filter((each) => each.door === door && isIn(update, each));
    return here.find(({ stack }) => stack === door) ?? here[0];
  });
  return {
    change: update.change,
    ...(nlb === undefined ? { only: "eip" as const } : eip === undefined ? { only: "nlb" as const } : {}),
    nlb: nlb === undefined ? {} : said([update], nlb),
    eip: eip === undefined ? {} : said([update], eip),
  };
}

function providers(release: string, then: Versions, now: Versions): string {
  const names = Object.keys(then) as (keyof Versions)[];
  const made = names.map((name) => `\`${name}\` ${then[name]}`).join(" and ");
  const others = names.filter((name) => then[name] !== now[name]);
  const here = others.map((name) => `\`${name}\` ${now[name]}`).join(" and ");
  return others.length === 0
    ? `${release} has ${made}; so has this version.`
    : `${release} has ${made}, this version ${here}: what that alone makes of a resource is not seen here; a preview says it.`;
}
