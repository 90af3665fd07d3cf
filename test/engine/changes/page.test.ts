import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makePlan } from "../../../plan/plan.ts";
import { ARRIVALS, bundleChange, lastArrival } from "../../../render/bundle-change.ts";
import { renderGateway, renderServer } from "../../../render/machine.ts";
import { keys } from "../../../settings/schema.ts";
import { changed } from "../../render/changed-tunings.ts";
import { type Groups, read } from "../../settings/groups/grouped.ts";
import { givenFacts } from "../../shared/given.ts";
import { subjects as all, NETWORK, TUNINGS } from "../cases/all.ts";
import { ENDS } from "../cases/ends.ts";
import { cases as network } from "../cases/network.ts";
import { cases as tuning } from "../cases/tuning.ts";
import { changesPage, EGRESS_NOTES, type Subject, TUNING_NOTES } from "./page.ts";
import { endsTunnels } from "./words.ts";

const NOTES: Record<string, string[]> = { [TUNINGS]: [TUNING_NOTES], [NETWORK]: [EGRESS_NOTES] };
const subjects: Subject[] = all.map((subject) => ({ ...subject, notes: NOTES[subject.title] ?? [] }));
const page = changesPage(subjects);
const cases = subjects.flatMap((subject) => subject.cases);

test("docs/changes.md is what the tests demand (npx vitest run --project unit test/engine/changes/page.test.ts -u)", async () => {
  await expect(page).toMatchFileSnapshot(join(import.meta.dirname, "../../../docs/changes.md"));
});

/** A fleet in another VPC is another fleet: its resources would all be others. */
const NO_CHANGE = ["vpcId"];

test.each(keys.filter((key) => !NO_CHANGE.includes(key)))(
  "docs/changes.md says what a change of %s does",
  (key) => {
    const changes = page.split("\n").filter((line) => line.startsWith("| `"));
    // The whole key, or a member of its group.
    const named = new RegExp(`\`${key}(\\.\\w+)?\``);
    expect(changes.filter((line) => named.test(line.split(" | ")[0]!))).not.toEqual([]);
  },
);

test("a case says why it ends tunnels behind nlb, where it does, and all of the six kinds are there", () => {
  const ending = cases.filter(({ only, nlb }) => only !== "eip" && endsTunnels(nlb));
  expect(cases.filter(({ ends }) => ends !== undefined)).toEqual(ending);
  expect(new Set(ending.map(({ ends }) => ends))).toEqual(new Set(Object.keys(ENDS)));
  expect(Object.keys(ENDS)).toHaveLength(6);
});

test("an instance has other inputs only by image, type, protection and place: user data is the same in every case", () => {
  const inputs = cases.flatMap(({ nlb, eip }) =>
    [nlb, eip].flatMap(({ instanceInputs = [] }) => instanceInputs),
  );
  expect([...new Set(inputs)].sort()).toEqual([
    ...["ami", "disableApiTermination", "instanceType"],
    ...["primaryNetworkInterface", "subnetId", "vpcSecurityGroupIds"],
  ]);
  const named = cases.filter(({ nlb, eip }) => nlb.instanceInputs ?? eip.instanceInputs);
  expect(named.map(({ change }) => change)).toEqual([
    "`amiId`: set, or another",
    "`instanceType`: another of the same processor",
    "`instanceType`: of another processor, and `gatewayInstanceType` with it",
    "`gatewayInstanceType`: another of the same processor",
    "`terminationProtection`: on",
    "`vpcCidr`",
  ]);
});

describe("a tuning's row", () => {
  /** The row that names a member, or else its group's. */
  const rowOf = (name: string) => {
    const naming = (word: string) =>
      [...network, ...tuning].find(
        ({ change }) => change.includes(`\`${word}\``) && !change.includes("back to"),
      );
    return naming(name) ?? naming(name.split(".")[0]!);
  };

  const machines = (config: Groups = {}) => {
    const plan = makePlan({ ...read(config), frontDoor: "nlb" }, givenFacts(), "dev");
    return [renderServer(plan, plan.servers[0]!), renderGateway(plan, plan.gateways[0]!)];
  };
  const before = machines();

  test.each(changed.map(([name, config]) => [name, config] as const))(
    "says how %s arrives (%j)",
    (name, config) => {
      const row = rowOf(name);
      const arrivals = machines(config).map(({ bundle }, i) =>
        lastArrival(bundleChange(before[i]!.bundle, bundle)),
      );
      const said = ["a-1", "gateway-a"].map((machine) =>
        ARRIVALS.find((arrival) => row?.nlb.machines?.[arrival]?.includes(machine)),
      );
      expect(said).toEqual(arrivals);
    },
  );
});
