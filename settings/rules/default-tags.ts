/**
 * Tags that AWS's provider puts on every resource, by a key of its own: `aws:defaultTags`. The provider takes any, and AWS
 * refuses some half-way.
 */
import { allowed, forms, MOST_TAGS, MOST_TAGS_OF_A_CHECK, tagMisfits } from "../aws-texts.ts";
import { type Mistake, printable, printableKey, SECRET } from "../mistakes.ts";
import type { Settings } from "../schema.ts";

/** The key in a stack's file, with its namespace. */
export const DEFAULT_TAGS = "aws:defaultTags";

const WHAT_AWS_TAKES = `a key of ${allowed(forms.tagKey)}; a value of ${allowed(forms.tagValue)}`;

/** Keys of the tags that each resource of ours has; a machine's have one more. */
export const OWN_TAGS = ["Name", "project", "stack"];
const OWN_OF_A_MACHINE = OWN_TAGS.length + 1;

/**
 * @param text The provider's key as Pulumi hands it over, JSON; undefined where it is not set. What is no list of tags is
 * the provider's to refuse.
 * @param hidden Whether it is encrypted in the stack's file.
 */
export function defaultTagMistakes(
  text: string | undefined,
  hidden: boolean,
  { dialName }: Pick<Settings, "dialName">,
): Mistake[] {
  const tags = tagsOf(text);
  const own = Object.fromEntries(OWN_TAGS.map((key) => [key, ""]));
  const wrong = tagMisfits({ ...own, ...tags })
    .filter(({ key }) => Object.hasOwn(tags, key))
    .map(({ key, problem }): Mistake => {
      const place = `defaultTags.tags["${printableKey(key)}"]`;
      return {
        namespace: "aws",
        key: place,
        value: hidden ? SECRET : printable(tags[key]),
        // A problem quotes a character of the value.
        allowed: `a tag that AWS takes on every resource: ${hidden ? WHAT_AWS_TAKES : problem}`,
        fix: `pulumi config set --path 'aws:${place}' <value>; a key goes by pulumi config rm --path 'aws:${place}'`,
      };
    });
  return [...wrong, ...tooMany(tags, dialName !== undefined)];
}

function tooMany(tags: Record<string, string>, checks: boolean): Mistake[] {
  const count = Object.keys(tags).filter((key) => !OWN_TAGS.includes(key)).length;
  const most = checks ? MOST_TAGS_OF_A_CHECK - OWN_TAGS.length : MOST_TAGS - OWN_OF_A_MACHINE;
  if (count <= most) return [];
  const why = checks
    ? `a health check of Route 53's, which dialName makes, has ${MOST_TAGS_OF_A_CHECK}`
    : `a resource has ${MOST_TAGS}`;
  return [
    {
      namespace: "aws",
      key: "defaultTags.tags",
      value: `${count} tags`,
      allowed: `at most ${most} tags beside our own: ${why}`,
      fix: "take some out with pulumi config rm --path 'aws:defaultTags.tags[\"<key>\"]'",
    },
  ];
}

/** By key; empty for what holds none. Pulumi hands numbers and booleans to the provider, which makes texts of them. */
function tagsOf(text: string | undefined): Record<string, string> {
  let read: unknown;
  try {
    read = JSON.parse(text ?? "");
  } catch {
    return {};
  }
  const tags = (read as { tags?: unknown } | null)?.tags;
  if (tags === null || typeof tags !== "object" || Array.isArray(tags)) return {};
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)]));
}
