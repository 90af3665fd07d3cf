/** The two servers that are compared, each as the files that lie over the same untouched Debian. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ToolsImage } from "../../lab/image/image.ts";
import { recordedMachines, recordedPlan } from "../../offline/machines.ts";
import { runProgram } from "../../offline/program.ts";
import type { MachineFile } from "../../render/overlay.ts";

/** `stock`: Debian's package, made to run. `ours`: what the program puts on a server, by its defaults. */
export const VARIANTS = ["stock", "ours"] as const;
export type Variant = (typeof VARIANTS)[number];

/** What the variants are made of: the program's own files for a server, and its pool. */
export interface Server {
  files: MachineFile[];
  pool: { local: string; remote: string[] };
}

/** The first server of a stack that says only what it must. */
export async function defaultServer(): Promise<Server> {
  const config = {
    "aws:region": "eu-west-1",
    "pptp-fleet:allowedCidrs": '["198.18.0.0/15"]',
    // Reaches no file: accounts come from AWS.
    "pptp-fleet:users": '[{"name":"bench","password":"bench-secret"}]',
  };
  const run = await runProgram({ stack: "bench", config, secretKeys: ["pptp-fleet:users"] });
  const { name, clientPool: pool } = recordedPlan(run).servers[0]!;
  const machine = recordedMachines(run).find((each) => each.name === name)!;
  return { files: machine.bundle.files, pool };
}

export function variantFiles(variant: Variant, server: Server, image: ToolsImage): MachineFile[] {
  switch (variant) {
    case "ours":
      return server.files.filter(({ path }) => !ELSEWHERE.test(path));
    case "stock":
      return stockFiles(server.pool, readFileSync(join(image.rootfs, "etc/pptpd.conf"), "utf8"));
    default:
      return variant satisfies never;
  }
}

/** First boot, accounts from AWS, readiness, the kernel, the VPC's clock, the NIC: no part of them is at work here. */
const ELSEWHERE =
  /^\/etc\/(kernel|default\/grub\.d|systemd\/timesyncd)|pptp-fleet-(first-boot|accounts|ready|nic)/;

/**
 * Debian's files as they are, and what every how-to adds, as pptpd serves nobody without it: addresses (the same as
 * ours), forwarding and a masquerade rule. The account is in the guest for both.
 */
function stockFiles({ local, remote }: Server["pool"], pptpdConf: string): MachineFile[] {
  const file = (path: string, content: string) => ({ path, permissions: "0644", content });
  return [
    file("/etc/pptpd.conf", `${pptpdConf}\nlocalip ${local}\nremoteip ${remote.join(",")}\n`),
    // Debian's own, which the lab's image lacks.
    file("/etc/modules-load.d/pptpd.conf", "nf_nat_pptp\n"),
    file("/etc/sysctl.d/90-forward.conf", "net.ipv4.ip_forward = 1\n"),
    file("/etc/nftables.conf", MASQUERADE),
  ];
}

const MASQUERADE = `#!/usr/sbin/nft -f
flush ruleset
table ip nat {
	chain postrouting {
		type nat hook postrouting priority srcnat; policy accept;
		oifname "eth0" masquerade
	}
}
`;
