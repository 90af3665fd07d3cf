/** The texts that docs/troubleshooting.md explains: ours stand in the program, the daemons' are those of the lab. */
import { describe, expect, test } from "vitest";
import { HEALTH_PORT } from "../../plan/front-door/health.ts";
import { tunnelSizes } from "../../plan/tunnel/mtu.ts";
import { CALL_IDS_PER_SERVER } from "../../protocols/pptp/call-ids.ts";
import { CONTROL } from "../../protocols/pptp/flows.ts";
import { ppp } from "../../settings/groups/ppp.ts";
import { CLIENT_TEXTS, SERVER_TEXTS } from "../lab/server/journal/texts.ts";
import { projectFiles, read } from "../shared/files.ts";

const PAGE = read("docs/troubleshooting.md");

/** Texts in code at the beginning of the section's headings and items of lists, and what follows an item's first comma or `with`. */
function quoted(title: string): string[] {
  const section = PAGE.split(/^## /m).find((each) => each.startsWith(`${title}\n`));
  if (section === undefined) throw new Error(`docs/troubleshooting.md has no section ${title}`);
  return [...section.matchAll(/^(?:### |- )(`.*)$/gm)].flatMap(([, line]) =>
    [.../^(?:`[^`]+`(?:, (?:with )?)?)+/.exec(line!)![0].matchAll(/`([^`]+)`/g)].map(([, text]) => text!),
  );
}

const SOURCES = ["settings", "plan", "components", "render", "probe", "templates"];

/** Sources as one text each, a string that goes on in the next line in one piece, a template's port as it is rendered. */
const sources = [...SOURCES.flatMap((folder) => projectFiles(folder)), "index.ts"].map((path) =>
  read(path)
    .replace(/["`] \+\s*["`]/g, "")
    .replaceAll("{{controlPort}}", String(CONTROL.port)),
);

/** Whether one source has all pieces of a text, in order and in one line. */
function stands(text: string): boolean {
  const pieces = text.split("…").map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(pieces.join(".*"));
  return sources.some((source) => pattern.test(source));
}

describe.each([
  "What our own services log",
  "What a machine says of its bundle",
  "What a config is refused for, and warned of",
  "What the probe says",
])("%s", (title) => {
  test.each(quoted(title))("%s", (text) => {
    expect(text.replaceAll("…", "").length).toBeGreaterThan(5);
    expect(stands(text)).toBe(true);
  });
});

test("counts a server's call IDs as the program does", () => {
  expect(PAGE).toContain(`All ${CALL_IDS_PER_SERVER} places for call IDs are held`);
});

test("where to look has the health endpoint's port", () => {
  expect(PAGE).toContain(`\n    curl -s localhost:${HEALTH_PORT} `);
});

test("a text that nobody says is found", () => {
  expect(stands("the gateway is on holiday")).toBe(false);
  expect(stands("pptp-fleet:… opens the fleet to the whole planet")).toBe(false);
});

test("a server's texts are those that the lab provokes, all of them", () => {
  const provoked = Object.values(SERVER_TEXTS).flat();
  expect(quoted("What pppd and pptpd log on a server").sort()).toEqual(provoked.sort());
});

test("a client's texts are those that the lab provokes, all of them", () => {
  const provoked = Object.values(CLIENT_TEXTS).flat();
  expect(quoted("What pppd and pptp log on a client").sort()).toEqual(provoked.sort());
});

test("clients.md has the plan's sizes for a path of 1492, and the path that RouterOS' 1450 fits", () => {
  const sizes = (pathMtu: number) => tunnelSizes({ pathMtu, mtu: {}, ppp: ppp.parse({}) });
  const { interfaceMtu, pppMtu } = sizes(1492);
  expect(read("docs/clients.md")).toContain(`(${interfaceMtu} on 1492)`);
  expect(read("docs/clients.md")).toContain(`(${pppMtu} on 1492)`);
  expect(read("docs/clients.md")).toContain("1450 fit a path of 1494 and more");
  expect(sizes(1494).interfaceMtu).toBe(1450);
});

test("clients.md explains the codes that Windows gives most, and the one of a name", () => {
  const rows = [...read("docs/clients.md").matchAll(/^\| (\d{3}(?:, \d{3})*) \|/gm)];
  const codes = rows.flatMap(([, cell]) => cell!.split(", "));
  const most = ["619", "691", "721", "734", "735", "741", "742", "800", "806", "807", "868"];
  expect(most.filter((code) => !codes.includes(code))).toEqual([]);
});
