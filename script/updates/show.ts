/** Updates as a person reads them. */
import { table } from "../../offline/show.ts";
import type { Archive } from "./archive.ts";
import type { Update } from "./updates.ts";

export function updatesText(stack: string, updates: Update[], { suites }: Pick<Archive, "suites">): string {
  const rows = updates.map((each) => [
    each.name,
    each.on.map((kind) => `${kind}s`).join(", ") || "image",
    each.config === undefined ? "-" : `${each.config}${each.gone ? " (gone)" : ""}`,
    debianText(each),
    each.state === "same" || each.state === "unknown" ? "" : each.waits,
  ]);
  const lines = [table(["package", "on", "config", "Debian", "waits for"], rows), "", ...notes(updates)];
  return [...lines, ...suites.map(suiteText), "", nextText(stack, updates)].join("\n");
}

function debianText({ state, debian, security }: Update): string {
  switch (state) {
    case "same":
      return "the same";
    case "unknown":
      return "no such package";
    case "unheard":
      return `${debian}, which is older`;
    case "newer":
    case "unnamed":
      return `${debian}${security ? " (security)" : ""}`;
  }
}

function notes(updates: Update[]): string[] {
  const count = (state: Update["state"]) => updates.filter((each) => each.state === state);
  const [newer, unnamed] = [count("newer"), count("unnamed")];
  const secure = newer.filter(({ security }) => security);
  const gone = updates.filter((each) => each.gone && each.state !== "unknown");
  return [
    `${newer.length} newer than config, ${secure.length} of them with a security update; ${unnamed.length} not in config: machines keep what they have`,
    ...(gone.length === 0
      ? []
      : [
          `gone from Debian's mirrors: ${gone.map(({ name }) => name).join(", ")}; a machine that starts anew gets the newest`,
        ]),
  ];
}

function suiteText({ name, date, signature }: Archive["suites"][number]): string {
  return `${name} of ${date.toISOString().slice(0, 16).replace("T", " ")} UTC: ${signature}`;
}

function nextText(stack: string, updates: Update[]): string {
  return updates.some(({ state }) => state === "newer" || state === "unnamed")
    ? `npm run updates -- --stack ${stack} --write puts the newest into Pulumi.${stack}.yaml; pulumi up brings them`
    : "config names the newest of all";
}
