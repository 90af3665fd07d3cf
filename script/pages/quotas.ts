/** docs/scale.md's table of quotas: what plan/quotas/quotas.ts says of each, and what the program itself wants of it. */
import { quotaNeeds } from "../../components/quotas/needs.ts";
import { answer } from "../../offline/answers.ts";
import { type ProgramInput, type ProgramRun, runProgram } from "../../offline/program.ts";
import { onDemand } from "../../plan/quotas/on-demand.ts";
import type { Quota } from "../../plan/quotas/quota.ts";
import { type Needs, quotaKeys, quotas } from "../../plan/quotas/quotas.ts";
import { markdownTable, withMarked } from "./marked.ts";

const REGION = "eu-west-1";
const TYPES = ["c6in.large"];

/** Stacks that say only what they must, and have a name to dial. */
const FLEETS: { title: string; config: Record<string, string> }[] = [
  { title: "`nlb`, 2 in two zones", config: { frontDoor: "nlb", servers: "2" } },
  {
    title: "`nlb`, 62 in one",
    config: { frontDoor: "nlb", servers: "62", zones: `["${REGION}a"]` },
  },
  { title: "`eip`, 2 in two", config: { frontDoor: "eip", servers: "2" } },
  { title: "`eip`, 20 in two", config: { frontDoor: "eip", servers: "20" } },
];

/** The page with its table written anew. */
export async function withQuotaTable(page: string): Promise<string> {
  return withMarked(page, "quotas", await quotaTable());
}

async function quotaTable(): Promise<string> {
  const needs: Needs[] = [];
  for (const { config } of FLEETS) needs.push(needsOf(await runProgram(inputOf(config))));
  const rows = quotaKeys
    // The other classes are told in the text.
    .filter((key) => key === "standard" || !(key in onDemand))
    .map((key) => {
      const quota = quotas[key];
      return [...facts(quota), ...needs.map((each) => shown(each[key].count, quota))];
    });
  const head = ["quota", "default", "what of a stack counts", ...FLEETS.map(({ title }) => title)];
  return markdownTable(head, rows);
}

function facts({ name, service, code, default: value, most, per, counts, page }: Quota): string[] {
  const by = code === undefined ? "fixed" : `${service} ${code}`;
  const more = code === undefined || most === undefined ? "" : `; ${most.toLocaleString("en")} at most`;
  return [`[${name}](${page}) (${by})`, `${value.toLocaleString("en")} ${per}${more}`, counts];
}

/** What is beyond the default stands out. */
function shown(count: number, quota: Quota): string {
  return count > quota.default ? `**${count}**` : String(count);
}

/** @param types All that the run's instances have. */
export function needsOf({ resources }: ProgramRun, types = TYPES): Needs {
  const vcpus = types.map((instanceType) => [
    instanceType,
    answer(REGION, "aws:ec2/getInstanceType:getInstanceType", { instanceType }).defaultVcpus,
  ]);
  return quotaNeeds(resources, Object.fromEntries(vcpus));
}

function inputOf(config: Record<string, string>): ProgramInput {
  const given = {
    allowedCidrs: '["198.51.100.0/24"]',
    users: '[{"name":"docs","password":"docs"}]',
    dialName: "pptp.example.com",
    hostedZoneId: "Z0123456789ABCDEFGHIJ",
    ...config,
  };
  return {
    stack: "docs",
    config: {
      "aws:region": REGION,
      ...Object.fromEntries(Object.entries(given).map(([key, value]) => [`pptp-fleet:${key}`, value])),
    },
    secretKeys: ["pptp-fleet:users"],
  };
}
