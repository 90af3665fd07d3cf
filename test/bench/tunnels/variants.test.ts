import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { defaultServer, variantFiles } from "../../../bench/tunnels/variants.ts";

/** A root with as much of Debian as stock reads. */
function imageWith(pptpdConf: string) {
  const rootfs = mkdtempSync(join(tmpdir(), "bench-variants-"));
  mkdirSync(join(rootfs, "etc"));
  writeFileSync(join(rootfs, "etc/pptpd.conf"), pptpdConf);
  return { disk: "", kernel: "", initrd: "", rootfs };
}

describe("the two servers", async () => {
  const server = await defaultServer();
  const image = imageWith("option /etc/ppp/pptpd-options\nlogwtmp\n");
  const files = {
    stock: variantFiles("stock", server, image),
    ours: variantFiles("ours", server, image),
  };
  const content = (variant: "stock" | "ours", path: string) =>
    files[variant].find((file) => file.path === path)?.content ?? "";

  test("stock keeps each line of Debian's pptpd.conf and adds only the addresses, which are ours", () => {
    const added = content("stock", "/etc/pptpd.conf").split("\n").filter(Boolean);
    expect(added.slice(0, 2)).toEqual(["option /etc/ppp/pptpd-options", "logwtmp"]);
    expect(added.slice(2)).toHaveLength(2);
    for (const line of added.slice(2)) expect(content("ours", "/etc/pptpd.conf").split("\n")).toContain(line);
  });

  test("stock has Debian's own options, daemon line and unit", () => {
    const touched = files.stock.map(({ path }) => path);
    for (const path of ["/etc/ppp/pptpd-options", "/etc/default/pptpd"]) expect(touched).not.toContain(path);
    expect(touched.filter((path) => path.startsWith("/etc/systemd/"))).toEqual([]);
  });

  test("ours has all that makes a tunnel, and nothing that waits for AWS", () => {
    const paths = files.ours.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining([
        "/etc/default/pptpd",
        "/etc/modules-load.d/pptpd.conf",
        "/etc/nftables.conf",
        "/etc/ppp/pptpd-options",
        "/etc/pptpd.conf",
        "/etc/sysctl.d/90-pptp-fleet.conf",
        "/etc/systemd/system/pptpd.service.d/pptp-fleet.conf",
      ]),
    );
    expect(files.ours.filter(({ path }) => /first-boot|accounts|ready|timesyncd|grub/.test(path))).toEqual(
      [],
    );
  });
});
