/** The parts of both machines: each says what it has, has what it says, and goes as a whole. */
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makePlan, type Plan } from "../../plan/plan.ts";
import { type Assembled, readParts } from "../../render/parts.ts";
import { gatewayParts } from "../../templates/gateway.ts";
import { type Effect, type Part, part, partsOn, unitNames } from "../../templates/part.ts";
import { serverParts } from "../../templates/server.ts";
import { read } from "../settings/groups/grouped.ts";
import { givenFacts, givenSettings } from "../shared/given.ts";
import { ed25519Of } from "../shared/made-keys.ts";

/** Each part is on in one of them, at least: a new one that none has wants its config here. */
const PLANS = [
  makePlan(givenSettings(), givenFacts(), "dev"),
  makePlan(read({ nic: { irq: "spread" }, egress: { mode: "routed" } }), givenFacts(), "dev"),
  makePlan(read({ adminCidrs: ["203.0.113.0/24"], sshPublicKeys: [ed25519Of(1)] }), givenFacts(), "dev"),
];

interface Kind<M> {
  parts: Part<M>[];
  machine(plan: Plan): M;
}

const kindOf = <M>(kind: Kind<M>) => kind as Kind<unknown>;

const KINDS = {
  server: kindOf({ parts: serverParts, machine: ({ servers }) => servers[0]! }),
  gateway: kindOf({ parts: gatewayParts, machine: ({ gateways }) => gateways[0]! }),
};

/** Units of Debian's image that a file may be for. */
const OF_THE_IMAGE = [
  "ssh.service",
  "systemd-modules-load.service",
  "systemd-timesyncd.service",
  "systemd-udevd.service",
];

const assembled = ({ parts, machine }: Kind<unknown>, plan: Plan): Assembled =>
  readParts(parts)(plan.fleet, machine(plan));
/** The first plan under which a machine has the part. */
function planWith(part: Part<unknown>): Plan {
  const found = PLANS.find(({ fleet }) => partsOn([part], fleet).length > 0);
  if (found === undefined)
    throw new Error(`no plan of PLANS has ${part.name}: give one the config that does`);
  return found;
}
const onPath = (unit: string) => `/etc/systemd/system/${unit}`;

/** The unit that an effect is about. */
function unitOf(effect: Effect): string | undefined {
  if (effect === "redial") return "pptpd.service";
  if (typeof effect !== "object") return undefined;
  if ("reload" in effect) return effect.reload;
  return "restart" in effect ? effect.restart : undefined;
}

/** What a first apply installs, enables and starts. */
const firstApply = (kind: Kind<unknown>) => ({
  packages: assembled(kind, PLANS[0]!).packages.join(" "),
  ...Object.fromEntries(
    Object.entries(unitNames(partsOn(kind.parts, PLANS[0]!.fleet))).map(([when, names]) => [
      when,
      names.join(" "),
    ]),
  ),
});

test("a server's parts come to these packages and units (npx vitest run --project unit test/templates/parts.test.ts -u)", () => {
  expect(firstApply(KINDS.server)).toMatchInlineSnapshot(`
    {
      "enabled": "nftables.service pptpd.service pptp-fleet-ready.service pptp-fleet-health.service pptp-fleet-accounts.service pptp-fleet-accounts.timer irqbalance.service",
      "first": "nftables.service",
      "packages": "linux-image-amd64 pptpd ppp python3 nftables iproute2 ca-certificates curl jq ethtool irqbalance",
      "queued": "pptp-fleet-accounts.timer pptpd.service pptp-fleet-ready.service pptp-fleet-health.service",
    }
  `);
});

test("a gateway's parts come to these (the same command)", () => {
  expect(firstApply(KINDS.gateway)).toMatchInlineSnapshot(`
    {
      "enabled": "pptp-fleet-shut.service pptp-fleet-gateway.service pptp-fleet-ready.service",
      "first": "pptp-fleet-shut.service",
      "packages": "nftables python3",
      "queued": "pptp-fleet-gateway.service pptp-fleet-ready.service",
    }
  `);
});

describe.each(Object.entries(KINDS))("the parts of a %s", (_, kind) => {
  const { parts } = kind;
  const units = parts.flatMap(({ units = [] }) => units);

  test("each enable units that are among its own files, or come in a package that it names", () => {
    const lacking = parts.flatMap((part) => {
      const packages = part.packages?.(planWith(part).fleet) ?? [];
      return (part.units ?? []).filter((unit) =>
        unit.package === undefined ? !(onPath(unit.name) in part.files) : !packages.includes(unit.package),
      );
    });
    expect(lacking).toEqual([]);
  });

  test("enable every unit of theirs that wants to be installed", () => {
    const files = PLANS.flatMap((plan) => assembled(kind, plan).files).filter(({ content }) =>
      /^\[Install\]$/m.test(content),
    );
    const enabled = units.map(({ name }) => onPath(name));
    expect(files.map(({ path }) => path).filter((path) => !enabled.includes(path))).toEqual([]);
  });

  test("have effects by units that are there", () => {
    const there = [...units.map(({ name }) => name), ...OF_THE_IMAGE];
    const files = parts.flatMap(({ files }) => Object.keys(files));
    const unknown = parts
      .flatMap(({ files }) => Object.values(files))
      .map(unitOf)
      .filter((unit) => unit !== undefined && !there.includes(unit))
      .filter((unit) => !files.includes(onPath(unit!.replace("*", ""))));
    expect(unknown).toEqual([]);
  });

  test.each(parts.map((part) => [part.name, part] as const))("without %s leave nothing of it", (_, gone) => {
    const plan = planWith(gone);
    const others = partsOn(parts, plan.fleet).filter((each) => each !== gone);
    const off = parts.map((each) => (each === gone ? { ...each, on: () => false } : each));
    const without = assembled({ ...kind, parts: off }, plan);
    const whole = assembled(kind, plan);
    expect(without.files.map(({ path }) => path)).toEqual(
      whole.files.map(({ path }) => path).filter((path) => !(path in gone.files)),
    );
    const needed = new Set(others.flatMap((each) => each.packages?.(plan.fleet) ?? []));
    expect(new Set(without.packages)).toEqual(needed);
    expect(without.bootCommands).toEqual(others.flatMap(({ bootCommands = [] }) => bootCommands));
    expect(without.before).toEqual(others.flatMap(({ before = [] }) => before));
    const [masks, purges] = [without.masks, without.purges];
    expect({ masks, purges }).toEqual({
      masks: others.flatMap(({ masks = [] }) => masks),
      purges: others.flatMap(({ purges = [] }) => purges),
    });
    const named = Object.values(without.units).flat();
    expect((gone.units ?? []).filter((unit) => named.includes(unit.name))).toEqual([]);
  });

  test("give their templates what these ask for, and nothing else", () => {
    const unused = parts.flatMap((part) => {
      const asked = texts(part)
        .flatMap((text) => text.match(/\{\{.*?\}\}/g) ?? [])
        .join();
      return PLANS.flatMap((plan) => {
        const context = { fleet: plan.fleet, machine: kind.machine(plan) };
        return Object.keys(part.facts?.(context) ?? {})
          .filter((fact) => !new RegExp(`[ #{./]${fact}\\b`).test(asked))
          .map((fact) => `${part.name}: ${fact}`);
      });
    });
    expect(unused).toEqual([]);
  });
});

/** A part's templates. */
function texts({ folder }: Part<unknown>): string[] {
  return globSync("files/**/*.hbs", { cwd: folder }).map((file) => readFileSync(join(folder, file), "utf8"));
}

test("every folder with a part is a machine's", () => {
  const root = join(import.meta.dirname, "../../templates");
  const folders = globSync("*/part.ts", { cwd: root }).map(dirname);
  const listed = new Set([...serverParts, ...gatewayParts].map(({ folder }) => relative(root, folder)));
  expect(folders.sort()).toEqual([...listed].sort());
});

describe("a part", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "part-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const lay = (path: string, content = "text\n") => {
    mkdirSync(dirname(join(folder, "files", path)), { recursive: true });
    writeFileSync(join(folder, "files", path), content);
  };
  const { fleet } = PLANS[0]!;

  test("with a file of which part.ts says nothing is refused, and so is one that lacks a file", () => {
    lay("etc/there.conf.hbs");
    lay("etc/unsaid.conf");
    const made = part(folder, { files: { "/etc/there.conf": "nothing", "/etc/lacking.conf": "sysctl" } });
    expect(() => readParts([made])).toThrow(
      /^part part-\w+: part\.ts does not say what a change of \/etc\/unsaid\.conf needs; files\/ has no \/etc\/lacking\.conf$/,
    );
  });

  test("with another part's file is refused where a machine has both", () => {
    lay("etc/one.conf");
    const made = part(folder, { files: { "/etc/one.conf": "nothing" } });
    expect(() => readParts([made, made])(fleet, {})).toThrow("two parts of a machine have /etc/one.conf");
    const other = { ...made, on: () => false };
    expect(readParts([made, other])(fleet, {}).files).toHaveLength(1);
  });

  test("knows the fleet and its machine, and no other part's facts", () => {
    lay("etc/one.conf.hbs", "{{region}} {{name}}\n");
    const files = { "/etc/one.conf": "nothing" } as const;
    const facts: Part<{ name: string }>["facts"] = ({ fleet: { region }, machine: { name } }) => ({
      region,
      name,
    });
    const one = part<{ name: string }>(folder, { files, facts });
    const other = part<{ name: string }>(join(folder, "other"), {
      files: {},
      facts: () => ({ region: "nowhere" }),
    });
    const [file] = readParts([other, one])(fleet, { name: "a-1" }).files;
    expect(file!.content).toBe("eu-west-1 a-1\n");
    expect(() => readParts([part(folder, { files })])(fleet, {})).toThrow(/region/);
  });

  test("has a package once, whoever else needs it", () => {
    const needs = (...packages: string[]) => part(folder, { files: {}, packages: () => packages });
    expect(readParts([needs("a", "b"), needs("b", "c")])(fleet, {}).packages).toEqual(["a", "b", "c"]);
  });
});
