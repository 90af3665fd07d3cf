/** A document whose files' content is written once for many machines is the one that YAML's own writer makes of it. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { makePlan } from "../../plan/plan.ts";
import { renderGateway } from "../../render/gateway.ts";
import { memoizeLast } from "../../render/memoize-last.ts";
import { renderServer } from "../../render/server.ts";
import { type CloudConfig, cloudConfig, userData } from "../../render/user-data.ts";
import { type Groups, read } from "../settings/groups/grouped.ts";
import { givenFacts } from "../shared/given.ts";

const whole = (config: CloudConfig) => `#cloud-config\n${stringify(config, { lineWidth: 0 })}`;
const rest = { bootcmd: [["sh", "-c", "true\nfalse"]], packages: ["ppp"], runcmd: [["/usr/bin/true"]] };
const file = (path: string, content: string, permissions = "0644") => ({ path, permissions, content });

test.each<[string, Groups]>([
  ["defaults", {}],
  ["eip, tuned", { frontDoor: "eip", nic: { irq: "irqbalance" }, conntrack: { mode: "bypass" } }],
])("of each machine's files, in turns: %s", (_, config) => {
  const plan = makePlan(read({ servers: 4, ...config }), givenFacts("ab"), "dev");
  const machines = [
    ...plan.servers.map((server) => renderServer(plan, server)),
    ...plan.gateways.map((gateway) => renderGateway(plan, gateway)),
  ];
  for (const { files } of [...machines, ...machines.toReversed()]) {
    const document: CloudConfig = { ...rest, write_files: files };
    expect(cloudConfig(document)).toBe(whole(document));
  }
});

test.each([
  ["no file", []],
  ["an empty file", [file("/a", "")]],
  ["blanks and colons", [file("/a", "  a: b\n\n\n - c\n"), file("/b", "#\ttab\n \n"), file("/c", "no end")]],
  [
    "a file that is there twice",
    [file("/a", "x\n"), file("/a", "y\n"), file("/a", "x\n", "0755"), file("/a", "x\n")],
  ],
])("of %s", (_, files) => {
  const document: CloudConfig = { ...rest, write_files: files };
  expect(cloudConfig(document)).toBe(whole(document));
});

test("keys keep their places around the files", () => {
  const { runcmd, ...before } = rest;
  const document = { write_files: [file("/a", "x\n")], runcmd, ...before };
  expect(cloudConfig(document)).toBe(whole(document));
});

test("what is remembered is the last text's, and made once", () => {
  const made: string[] = [];
  const upper = memoizeLast((text) => {
    made.push(text);
    return text.toUpperCase();
  });
  expect(["a", "a", "b", "a"].map(upper)).toEqual(["A", "A", "B", "A"]);
  expect(made).toEqual(["a", "b", "a"]);
});

/** Another compressor, or another version of this one, gives others, and with them every server is replaced. */
test("the bytes are these on every machine", () => {
  const document = Array.from({ length: 400 }, (_, i) => `net.example.key${i} = ${(i * 7919) % 1000}\n`).join(
    "",
  );
  const digest = createHash("sha256").update(userData(document)).digest("hex");
  expect(digest).toBe("19e4c9876a97950bfaaf71ed008bfcbbaa6d6d1ac389bca2ede7b2291469a83d");
});
