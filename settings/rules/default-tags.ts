/**
 * Tags that AWS's provider puts on every resource, by a key of its own: `aws:defaultTags`. The provider takes any, and AWS
 * refuses some half-way.
 */
import { allowed, FEWEST_TAGS, forms, tagMisfits } from "../aws-texts.ts";
import { type Mistake, printable, printableKey, SECRET } from "../mistakes.ts";

/** The key in a stack's file, with its namespace. */
export const DEFAULT_TAGS = "aws:defaultTags";

const WHAT_AWS_TAKES = `a key of ${allowed(forms.tagKey)}; a value of ${allowed(forms.tagValue)}`;

/** Keys of the tags that each resource of ours has; a machine's have one more, but for its objects in S3. */
export const OWN_TAGS = ["Name", "project", "stack"];

/**
 * @param text The provider's key as Pulumi hands it over, JSON; undefined where it is not set. What is no list of tags is
 * the provider's to refuse.
 * @param hidden Whether it is encrypted in the stack's file.
 */
export function defaultTagMistakes(text: string | undefined, hidden: boolean): Mistake[] {
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
  return [...wrong, ...tooMany(tags)];
}

function tooMany(tags: Record<string, string>): Mistake[] {
  const count = Object.keys(tags).filter((key) => !OWN_TAGS.includes(key)).length;
  const most = FEWEST_TAGS - OWN_TAGS.length;
  if (count <= most) return [];
  return [
    {
      namespace: "aws",
      key: "defaultTags.tags",
      value: `${count} tags`,
      allowed: `at most ${most} tags beside our own: an object in S3, by which machines get what they are to be, has ${FEWEST_TAGS}`,
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
