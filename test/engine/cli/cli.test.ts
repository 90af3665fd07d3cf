/**
 * Pulumi's own engine on the same changes, where its CLI is on PATH: its previews say what the stand-in says. The account
 * behind it is ours still (cli/plugin.ts), so it needs no cloud, no credentials and no plugin of AWS's; what forces a new
 * resource comes from aws/table.ts there too.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Door, each, GATEWAY_NAMES, OBJECT, type Touched, tidy } from "../cases/case.ts";
import { cases as elasticIps } from "../cases/elastic-ips.ts";
import { cases as firewall } from "../cases/firewall.ts";
import { cases as frontDoor } from "../cases/front-door.ts";
import { DOORS } from "../cases/run.ts";
import { cases as server } from "../cases/server.ts";
import { cases as tuning } from "../cases/tuning.ts";
import { ALWAYS, short } from "../fleet.ts";
import { label } from "../pulumi/state.ts";
import { reasonOf, type Step, Workspace } from "./workspace.ts";

const { users, ...config } = ALWAYS;
/** Those from a fleet as it is by default; accounts are the CLI's to encrypt, by a command of their own. */
const cases = [...server, ...frontDoor, ...elasticIps, ...firewall, ...tuning].filter(
  ({ from, to }) => from === undefined && !("users" in to),
);

const workspaces = new Map<Door, Workspace>();
/** Why the CLI cannot be asked; undefined where it can. */
let reason: string | undefined;

beforeAll(async () => {
  try {
    for (const door of DOORS) {
      const workspace = new Workspace();
      workspaces.set(door, workspace);
      await workspace.init(users);
      workspace.configure({ ...config, frontDoor: door });
      await workspace.up();
    }
  } catch (error) {
    reason = reasonOf(error);
  }
});

afterAll(() => {
  for (const workspace of workspaces.values()) workspace.remove();
});

test.for(DOORS)(
  "Pulumi's CLI previews the same changes behind %s",
  // Each preview has its own limit (cli/workspace.ts).
  { timeout: cases.length * 900_000 },
  async (door, { skip }) => {
    skip(reason !== undefined, reason);
    const workspace = workspaces.get(door)!;
    for (const { change, to, [door]: touched } of cases) {
      const turned = "frontDoor" in to ? { frontDoor: door === "nlb" ? "eip" : "nlb" } : to;
      workspace.configure({ ...config, frontDoor: door, ...turned });
      expect(touchedBy(await workspace.preview()), change).toEqual(asPreviewed(touched));
    }
  },
);

test.for(DOORS)(
  "Pulumi's CLI gives a server that is replaced the newest image, behind %s, as the stand-in does",
  { timeout: 2 * 900_000 },
  async (door, { skip }) => {
    skip(reason !== undefined, reason);
    const workspace = workspaces.get(door)!;
    const later = "ami-0fedcba9876543210";
    workspace.publish(later);
    workspace.configure({ ...config, frontDoor: door });
    expect(touchedBy(await workspace.preview())).toEqual({});
    workspace.configure({ ...config, frontDoor: door, vpcCidr: "10.44.0.0/16" });
    const steps = await workspace.preview();
    const replaced = steps.filter(({ op, urn }) => op === "replace" && urn.includes("Instance::"));
    expect(replaced.map(({ urn, newState }) => [short(label(urn)), newState?.inputs?.ami]).sort()).toEqual([
      ["Instance a-1", later],
      ["Instance b-1", later],
      ...(door === "nlb" ? each("Instance", ...GATEWAY_NAMES).map((name) => [name, later]) : []),
    ]);
  },
);

/** What a preview of the CLI touches. The two halves of a replacement are steps of their own there, besides `replace`. */
function touchedBy(steps: Step[]): Touched {
  const of = (op: string) =>
    steps
      .filter((step) => step.op === op && !step.urn.includes("::pulumi:"))
      .map(({ urn }) => short(label(urn)))
      .filter((name) => !OBJECT.test(name));
  return tidy({
    created: of("create"),
    updated: of("update"),
    replaced: of("replace"),
    deleted: of("delete"),
  });
}

/** A preview does not tell which updates stop and start an instance, nor what becomes of machines' files. */
function asPreviewed({
  restarted = [],
  updated = [],
  machines: _,
  instanceInputs: __,
  ...others
}: Touched): Touched {
  return tidy({ ...others, updated: [...updated, ...restarted] });
}
