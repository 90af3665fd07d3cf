/** The files that an operator reads and edits, held to the schema. */
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { pulumiConfigBlock } from "../../settings/declarations.ts";
import { NAMESPACE } from "../../settings/keys/facts.ts";
import { readSettings } from "../../settings/read.ts";
import { keys } from "../../settings/schema.ts";
import { read } from "../shared/files.ts";

const project = parse(read("Pulumi.yaml"));

/** A value as the CLI hands it to a program: a scalar as text, all else as JSON. */
const handedOver = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));

describe("Pulumi.yaml", () => {
  test("declares what the schema says", () => {
    const block = stringify({ config: pulumiConfigBlock() }, { lineWidth: 110 });
    expect(project.config, `the config block of Pulumi.yaml should be\n\n${block}`).toEqual(
      pulumiConfigBlock(),
    );
  });

  test("bears the name that is the keys' namespace", () => {
    expect(project.name).toBe(NAMESPACE);
  });

  test("gives every key a default, or the CLI would ask for it", () => {
    expect(keys.filter((key) => project.config[key]?.default === undefined)).toEqual([]);
  });

  test("its defaults read as the schema's, and leave out what is required", () => {
    const defaults = Object.fromEntries(keys.map((key) => [key, handedOver(project.config[key].default)]));
    const result = readSettings(defaults, new Set());
    expect("mistakes" in result && result.mistakes.map(({ key }) => key)).toEqual(["allowedCidrs"]);
    const allowedCidrs = '["198.51.100.0/24"]';
    expect(readSettings({ ...defaults, allowedCidrs }, new Set())).toEqual(
      readSettings({ allowedCidrs }, new Set()),
    );
  });

  test("gives the accounts no type and no secret flag: the CLI's refusals would come before ours", () => {
    expect(Object.keys(project.config.users)).toEqual(["description", "default"]);
  });
});

describe.each(["dev", "prod"])("Pulumi.%s.yaml", (stack) => {
  const config: Record<string, unknown> = parse(read(`Pulumi.${stack}.yaml`)).config;
  const own = Object.entries(config).filter(([key]) => key.startsWith(`${NAMESPACE}:`));
  const raw = Object.fromEntries(
    own.map(([key, value]) => [key.slice(NAMESPACE.length + 1), handedOver(value)]),
  );

  test("is a good config", () => {
    expect(readSettings(raw, new Set())).toHaveProperty("settings");
  });

  test("commits no account", () => {
    expect(raw).not.toHaveProperty("users");
  });

  test("says which region it is in", () => {
    expect(config["aws:region"]).toBe("eu-west-1");
  });
});
