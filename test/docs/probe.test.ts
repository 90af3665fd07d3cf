/** docs/probe.md against the probe: the rights that it asks for are enough, and no more; it has all faults of machines. */
import { expect, test } from "vitest";
import { allows, statements } from "../../offline/iam/policy.ts";
import { bundleKey, desiredKey, statusKey } from "../../plan/bucket.ts";
import { projectFiles, read } from "../shared/files.ts";

const PAGE = read("docs/probe.md");
const POLICY = statements(/^```json\n(.*?)^```$/ms.exec(PAGE)![1]!);
const BUCKET = "arn:aws:s3:::pptp-fleet-prod-111122223333-eu-west-1";

const may = (action: string, resource: string) => allows(POLICY, action, resource, {});

/** Actions of a service, by the commands and paginators that the probe imports from its client. */
function actionsOf(client: string, service: string): string[] {
  const sources = projectFiles("probe").map((path) => read(path));
  const imports = sources.flatMap((text) => [
    ...text.matchAll(new RegExp(`import \\{([^}]*)\\} from "@aws-sdk/${client}"`, "g")),
  ]);
  const names = imports.flatMap(([, list]) => list!.split(",").map((each) => each.trim()));
  const found = names.flatMap((name) => /^(?:paginate(\w+)|(\w+)Command)$/.exec(name)?.slice(1) ?? []);
  return [...new Set(found.filter((each) => each !== undefined))].map((each) => `${service}:${each}`);
}

test.each([
  ["client-ec2", "ec2", 6],
  ["client-elastic-load-balancing-v2", "elasticloadbalancing", 7],
])("the page's policy allows what is asked by %s", (client, service, atLeast) => {
  const actions = actionsOf(client, service);
  expect(actions.length).toBeGreaterThanOrEqual(atLeast);
  expect(actions.filter((action) => !may(action, "*"))).toEqual([]);
});

test("of the bucket it allows to read what the probe reads, to tell what is missing, and no more", () => {
  expect(actionsOf("client-s3", "s3")).toEqual(["s3:GetObject"]);
  for (const key of [statusKey("a-1"), desiredKey("gateway-a")]) {
    expect(may("s3:GetObject", `${BUCKET}/${key}`)).toBe(true);
    expect(may("s3:PutObject", `${BUCKET}/${key}`)).toBe(false);
  }
  expect(may("s3:ListBucket", BUCKET)).toBe(true);
  expect(may("s3:GetObject", `${BUCKET}/${bundleKey("a-1", "0".repeat(64))}`)).toBe(false);
});

test("the page has all faults that a machine's report can have, and no others", () => {
  const judge = read("probe/aws/judge-reports.ts");
  const faults = [...judge.matchAll(/\bid: "([a-z-]+)", ?|\bid: "([a-z-]+)",$/gm)].map(([, a, b]) => a ?? b);
  const section = PAGE.slice(PAGE.indexOf("### What machines report"));
  const cells = [...section.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell]) =>
    cell === "`id` with `--json`" ? [] : [...cell!.matchAll(/`([^`]+)`/g)].map(([, id]) => id),
  );
  const notes = ["waits"];
  expect(cells.sort()).toEqual([...new Set(faults)].filter((id) => !notes.includes(id!)).sort());
});
