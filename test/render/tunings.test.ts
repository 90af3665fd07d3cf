/** From config to the line that carries it: each tuning in turn, as an operator would change it. */
import { describe, expect, test } from "vitest";
import { makePlan } from "../../plan/plan.ts";
import { tunings } from "../../plan/tunings/tunings.ts";
import { type RenderedMachine, renderGateway, renderServer } from "../../render/machine.ts";
import { type Groups, read } from "../settings/groups/grouped.ts";
import { givenFacts } from "../shared/given.ts";
import { changed, MODULES, PPPD, PPTPD, SYSCTL, track, UNIT } from "./changed-tunings.ts";

/** Every line of a server's files as `path: line`, and of a gateway's as `gateway path: line`, without what indents it. */
function lines(config: Groups = {}): string[] {
  const plan = makePlan({ ...read(config), frontDoor: "nlb" }, givenFacts(), "dev");
  const told = ({ bundle: { files } }: RenderedMachine, prefix: string) =>
    files.flatMap(({ path, content }) =>
      content.split("\n").map((line) => `${prefix}${path}: ${line.trim()}`),
    );
  return [
    ...told(renderServer(plan, plan.servers[0]!), ""),
    ...told(renderGateway(plan, plan.gateways[0]!), "gateway "),
  ];
}

/** What no config changes, and its line; that of a part which only some configs have is above, with such a config. */
const always: [name: string, line: string | RegExp][] = [
  ["fixed.ipForward", `${SYSCTL}net.ipv4.ip_forward = 1`],
  ["fixed.ipNoPmtuDisc", `${SYSCTL}net.ipv4.ip_no_pmtu_disc = 1`],
  ["fixed.acceptRedirects", `${SYSCTL}net.ipv4.conf.*.accept_redirects = 0`],
  ["fixed.sendRedirects", `${SYSCTL}net.ipv4.conf.*.send_redirects = 0`],
  ["fixed.rpFilter", `${SYSCTL}net.ipv4.conf.*.rp_filter = 1`],
  [
    "fixed.spoofed",
    /nftables\.conf: iifname "ppp\*" ct state != established fib saddr \. iif oif missing counter drop/,
  ],
  ["fixed.icmpAboutGre", /nftables\.conf: icmp type \{ .* \} @th,136,8 47 counter drop/],
  ["fixed.ownIcmpAboutGre", /nftables\.conf: .*icmp code prot-unreachable @th,136,8 47 counter drop/],
  ["fixed.msChapV2", `${PPPD}require-mschap-v2`],
  ["fixed.noCompression", `${PPPD}nodeflate`],
  ["fixed.noIpv6", `${PPPD}noipv6`],
  ["fixed.noDefaultRoute", `${PPPD}nodefaultroute`],
  ["fixed.connections", `${PPTPD}connections 250`],
  ["fixed.limitNofile", `${UNIT}LimitNOFILE=65536`],
  ["fixed.oomScoreAdjust", `${UNIT}OOMScoreAdjust=-900`],
  ["fixed.restart", `${UNIT}Restart=always`],
  ["fixed.hardening", `${UNIT}ProtectSystem=strict`],
  ["fixed.modules", `${MODULES}ppp_mppe`],
  ["fixed.callIds", "/usr/sbin/pptpctrl: [ $((place -= 1)) -ne 0 ] || argument=$((1024 + 2 * slot))"],
  ["fixed.callTitle", /^\/usr\/sbin\/pptpctrl: exec \/usr\/lib\/pptpd\/+pptpctrl "\$@"$/],
  ["fixed.healthLog", `${UNIT}LogFilterPatterns=~Client 127.0.0.1 control connection|Reaping child PPP.0.`],
  ["fixed.initramfs", "/etc/initramfs-tools/conf.d/pptp-fleet: MODULES=list"],
  ["fixed.initramfs", "/etc/initramfs-tools/conf.d/pptp-fleet: COMPRESSLEVEL=1"],
  ["fixed.initramfs", "/usr/share/initramfs-tools/modules.d/pptp-fleet: xen-blkfront"],
  [
    "fixed.modulesLeftOut",
    "/etc/dpkg/dpkg.cfg.d/pptp-fleet: path-exclude=/usr/lib/modules/*/drivers/media/*",
  ],
  ["fixed.accountsInterval", "/etc/systemd/system/pptp-fleet-accounts.timer: OnUnitInactiveSec=300"],
  ["fixed.accountsSpread", "/etc/systemd/system/pptp-fleet-accounts.timer: RandomizedDelaySec=30"],
  [
    "fixed.gatewayIpForward",
    "gateway /usr/local/sbin/pptp-fleet-gateway: echo 1 >/proc/sys/net/ipv4/ip_forward",
  ],
  ["fixed.gatewaySendRedirects", `gateway ${SYSCTL}net.ipv4.conf.*.send_redirects = 0`],
  ["fixed.gatewayRpFilter", `gateway ${SYSCTL}net.ipv4.conf.*.rp_filter = 0`],
  ["fixed.gatewayConntrackMax", `gateway ${SYSCTL}-net.netfilter.nf_conntrack_max = 262144`],
  ["fixed.healthPort", /^\/etc\/systemd\/system\/pptp-fleet-health\.service: Environment=PORT=8723\b/],
  ["fixed.healthInterval", "/usr/local/sbin/pptp-fleet-health: PACE = 5"],
];

/**
 * What has no line of its own: facts about clients' routers, an admission, AWS's routes and balancer, the dial name
 * (program/nlb.test.ts), an estimate, and what is left unset.
 */
const WITHOUT_A_LINE = [
  "keepalive.clientNatGre",
  "keepalive.clientNatTcp",
  "keepalive.nlbTcpIdle",
  "ppp.trafficMayBeRead",
  "egress.routeTableIds",
  "fixed.noPersist",
  "fixed.noDebug",
  "fixed.gatewayGap",
  "fixed.healthTimeout",
  "fixed.healthyThreshold",
  "fixed.unhealthyThreshold",
  "fixed.stickiness",
  "fixed.terminatesConnections",
  "fixed.unhealthyDraining",
  "fixed.preserveClientIp",
  "fixed.crossZone",
  "fixed.dialNameTtl",
  "fixed.alarmPeriod",
  "fixed.alarmPeriods",
];

const has = (found: string[], line: string | RegExp) =>
  found.some((each) => (typeof line === "string" ? each === line : line.test(each)));

describe("a changed member reaches its file", () => {
  const before = lines();

  test.each(changed)("%s: %j gives %s", (_, config, line) => {
    expect(has(lines(config), line)).toBe(true);
    expect(has(before, line)).toBe(false);
  });
});

test.each(always)("%s gives %s, whatever the config", (_, line) => {
  const largest = {
    conntrack: track,
    egress: { mode: "routed" },
    ppp: { mppe: "none", trafficMayBeRead: true },
  };
  expect([has(lines(), line), has(lines(largest), line)]).toEqual([true, true]);
});

test("every tuning is above, or has no line", () => {
  const told = new Set([...changed, ...always].map(([name]) => name));
  expect(
    [...tunings.keys()].filter((name) => !told.has(name)),
    "a tuning has its line in `changed`, or in `always` where no config changes it; WITHOUT_A_LINE is for those without one",
  ).toEqual(WITHOUT_A_LINE);
});

test("what is left unset stands in no line that a daemon reads", () => {
  expect(lines().filter((line) => /: (persist|debug|logwtmp|proxyarp|stimeout)\b/.test(line))).toEqual([]);
});
