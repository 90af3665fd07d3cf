import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { renderOverlay } from "../../render/overlay.ts";

let tree: string;
beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), "overlay-"));
});
afterEach(() => rmSync(tree, { recursive: true }));

function lay(path: string, content: string, mode = 0o644): void {
  mkdirSync(dirname(join(tree, path)), { recursive: true });
  writeFileSync(join(tree, path), content);
  chmodSync(join(tree, path), mode);
}

describe("the overlay", () => {
  test("is the tree: each file at its place, sorted, its suffix gone, executable where git has it so", () => {
    lay("usr/local/sbin/tool", "#!/bin/sh\n", 0o755);
    lay("etc/pptpd.conf.hbs", "connections {{sessions}}\n");
    expect(renderOverlay(tree, { sessions: 7 })).toEqual([
      { path: "/etc/pptpd.conf", permissions: "0644", content: "connections 7\n" },
      { path: "/usr/local/sbin/tool", permissions: "0755", content: "#!/bin/sh\n" },
    ]);
  });

  test("leaves a file without the suffix as it is", () => {
    lay("etc/motd", "{{sessions}}\n");
    expect(renderOverlay(tree, { sessions: 7 })[0]?.content).toBe("{{sessions}}\n");
  });

  test("leaves out a script's comments below its head, and no other file's", () => {
    const text = "#!/bin/sh\n# What it does.\nset -eu\n\n# Why.\n\techo '# no' # nor this\n\t# Why.\n";
    lay("usr/local/sbin/tool", text, 0o755);
    lay("etc/tool.conf", text);
    expect(renderOverlay(tree, {}).map(({ content }) => content)).toEqual([
      text,
      "#!/bin/sh\n# What it does.\nset -eu\n\n\techo '# no' # nor this\n",
    ]);
  });

  test("leaves out what speaks to ShellCheck, of every file", () => {
    const text =
      "# Head.\n# shellcheck disable=SC2034 # why\na=1 # shellcheck reads this\n\t# shellcheck shell=sh\n";
    lay("usr/local/sbin/tool", `#!/bin/sh\n${text}`, 0o755);
    lay("etc/tool.conf.hbs", text);
    expect(renderOverlay(tree, {}).map(({ content }) => content)).toEqual([
      "# Head.\na=1 # shellcheck reads this\n",
      "#!/bin/sh\n# Head.\na=1 # shellcheck reads this\n",
    ]);
  });

  test("writes text as it is, not as HTML", () => {
    lay("etc/motd.hbs", "{{text}}");
    expect(renderOverlay(tree, { text: `<"&'>` })[0]?.content).toBe(`<"&'>`);
  });

  test("refuses a name that nobody gave, and says where it stands", () => {
    lay("etc/motd.hbs", "{{sesions}}");
    expect(() => renderOverlay(tree, { sessions: 7 })).toThrow(/etc\/motd\.hbs: .*sesions/s);
  });

  test("refuses a helper that is not ours", () => {
    lay("etc/motd.hbs", "{{shout text}}");
    expect(() => renderOverlay(tree, { text: "a" })).toThrow(/shout/);
  });
});
