import { join } from "node:path";
import { expect, test } from "vitest";
import { keys } from "../../../settings/schema.ts";
import { cases as elasticIps } from "../cases/elastic-ips.ts";
import { cases as existingVpc } from "../cases/existing-vpc.ts";
import { cases as firewall } from "../cases/firewall.ts";
import { cases as frontDoor } from "../cases/front-door.ts";
import { cases as machine } from "../cases/machine.ts";
import { cases as network } from "../cases/network.ts";
import { cases as server } from "../cases/server.ts";
import { cases as tuning } from "../cases/tuning.ts";
import { cases as zone } from "../cases/zone.ts";
import { changesPage } from "./page.ts";

const page = changesPage([
  { title: "Servers, zones and the front door", cases: [...server, ...zone, ...frontDoor] },
  { title: "Elastic IPs that exist already", cases: elasticIps },
  { title: "Who may dial", cases: firewall },
  { title: "Machines", cases: machine },
  { title: "What lies on the servers", cases: tuning },
  { title: "Names, logs and the network", cases: network },
  { title: "In a VPC that exists", cases: existingVpc },
]);

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
