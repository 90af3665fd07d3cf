/**
 * The unit that sets a card, with a server's files on a machine of four CPUs (nic-guest.ts).
 *
 * virtio-net, not ena: this shows what is made of a card's answers, nothing of what ena answers. This card too chooses
 * a queue by addresses alone. Emulated CPUs take turns: which one works is true here, how fast is not.
 */
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Guest } from "../../../lab/guest/guest.ts";
import { run } from "../../../lab/host/run.ts";
import { waitUntil } from "../../../lab/host/wait.ts";
import { GUEST_ADDRESS, sharedNicGuest } from "./nic-guest.ts";

const [ETH0, ETH1] = ["pptp-fleet-nic@eth0.service", "pptp-fleet-nic@eth1.service"];

let guest: Guest;
const sh = (script: string) => guest.agent.sh(script, { timeoutMs: 120_000 });
const lines = async (script: string) => (await sh(script)).trimEnd().split("\n");
const until = <T>(what: string, probe: () => Promise<T | false>) =>
  waitUntil(what, probe, { timeoutMs: 90_000, unless: guest.lost });

/** What the latest run of a unit has logged. */
const logged = (unit = ETH0) =>
  lines(`journalctl --sync
    journalctl -o cat -t pptp-fleet-nic _SYSTEMD_INVOCATION_ID=$(systemctl show -P InvocationID ${unit})`);

/** What the script prints, run by hand with these wishes and none besides. */
const wish = (wishes: string, card = "eth0") => lines(`${wishes} /usr/local/sbin/pptp-fleet-nic ${card}`);

const states = (state: "active" | "inactive") => async () =>
  (await sh(`systemctl is-active ${ETH0} ${ETH1} || :`)) === `${state}\n${state}\n`;

beforeAll(async () => {
  guest = await sharedNicGuest();
  // A card as nobody would want it; then what coldplug does at a boot. The boot's own may have found the files already.
  await sh(`set -e
    udevadm wait --timeout=60 /sys/class/net/eth0 /sys/class/net/eth1
    udevadm settle --timeout=60
    systemctl daemon-reload
    systemctl stop ${ETH0} ${ETH1}
    for file in /sys/class/net/eth0/queues/rx-*/rps_cpus; do echo 0 >$file; done
    ip link add dummy0 type dummy
    ip address add ${GUEST_ADDRESS}/24 dev eth0
    ip link set eth0 up
    ethtool -L eth0 combined 1
    ethtool -G eth0 rx 128
    ethtool -K eth0 gro off tso on
    tc qdisc replace dev eth0 root pfifo
    udevadm control --reload
    udevadm trigger --action=add --subsystem-match=net`);
  await until("the units", states("active"));
});

test("udev takes the rule, which starts a unit for each card and for nothing else", async () => {
  await sh("udevadm verify /etc/udev/rules.d/90-pptp-fleet-nic.rules");
  const listed = "systemctl list-units --all --no-legend --plain 'pptp-fleet-nic@*' | cut -d ' ' -f 1";
  expect(await lines(listed)).toEqual([ETH0, ETH1]);
  expect(await wish("", "dummy0")).toEqual(["dummy0: not a card: left as it is"]);
});

test("it logs what it changes from what to what", async () => {
  expect(await logged()).toEqual([
    "eth0: queues 1 -> 4",
    "eth0: rx ring 128 -> 256",
    "eth0: rx moderation is off, not adaptive: the card keeps it",
    "eth0: gro offload off -> on",
    "eth0: tso offload on -> off",
    "eth0: qdisc pfifo -> mq, 4 fq_codel",
    "eth0: rps 0 -> f",
    "eth0: no such knob: governor",
  ]);
  expect(await lines("ls -d /sys/class/net/eth0/queues/rx-* | wc -l")).toEqual(["4"]);
  expect(await lines("tc qdisc show dev eth0 | cut -d ' ' -f 2 | sort | uniq -c")).toEqual([
    "      4 fq_codel",
    "      1 mq",
  ]);
});

test("a card with fewer queues than the plan has says so, where readiness reads it", async () => {
  const said = "eth1: 1 queue, the plan has 4: the card offers no more";
  expect(await logged(ETH1)).toContain(said);
  expect(await lines("grep -r . /run/pptp-fleet/nic")).toEqual([`/run/pptp-fleet/nic/eth1:${said}`]);
  expect(await wish("NIC_QUEUES=1", "eth1")).toEqual(["eth1: nothing to change"]);
  expect(await sh("ls /run/pptp-fleet/nic")).toBe("");
});

test("a second run changes nothing, and says so", async () => {
  await sh(`systemctl restart ${ETH0}`);
  expect(await logged()).toEqual([
    "eth0: rx moderation is off, not adaptive: the card keeps it",
    "eth0: no such knob: governor",
    "eth0: nothing to change",
  ]);
});

describe("interrupts and sending", () => {
  test("are spread: each queue's to a CPU of its own", async () => {
    await sh(`for file in /sys/class/net/eth0/queues/tx-*/xps_cpus; do echo 0 >$file; done
      for irq in $(awk -F : '/-(in|out)put[.]/ { print $1 }' /proc/interrupts)
      do echo 3 >/proc/irq/$irq/smp_affinity_list; done`);
    expect(await wish("NIC_XPS=on NIC_IRQ=spread")).toEqual([
      "eth0: xps 0 0 0 0 -> 1 2 4 8",
      "eth0: irq 3 3 3 3 3 3 3 3 -> 0 0 1 1 2 2 3 3",
    ]);
  });

  test("are left alone where irqbalance has them, and nobody wants otherwise", async () => {
    await sh(`irq=$(awk -F : '/-input[.]0/ { print $1 + 0; exit }' /proc/interrupts)
      echo 3 >/proc/irq/$irq/smp_affinity_list`);
    expect(await wish("NIC_IRQ=irqbalance NIC_XPS=keep")).toEqual(["eth0: nothing to change"]);
    expect(await wish("NIC_IRQ=spread")).toEqual(["eth0: irq 3 0 1 1 2 2 3 3 -> 0 0 1 1 2 2 3 3"]);
  });

  test("on many CPUs go by masks as the kernel writes them", async () => {
    const functions = "sed -n '/^mask()/,/^}/p; /^unpadded()/p' /usr/local/sbin/pptp-fleet-nic";
    const masks = await lines(`eval "$(${functions})"; mask 0 1 5; mask 0 31 32 63; mask 64; mask`);
    expect(masks).toEqual(["23", "80000001,80000001", "1,00000000,00000000", "0"]);
  });
});

test("what a card does not take is said, and the knobs after it are set", async () => {
  expect(await wish("NIC_MODERATION=50 NIC_GRO=off NIC_QDISC=nonesuch NIC_RPS=off")).toEqual([
    "eth0: no such knob: rx moderation (it stays off)",
    "eth0: no such knob: tx moderation (it stays off)",
    "eth0: gro offload on -> off",
    expect.stringMatching(/^eth0: qdisc is .*, not mq, 4 nonesuch: ./),
    "eth0: rps f -> 0",
  ]);
});

test("a card with queues for each direction, and one that adapts its interrupts, as ethtool would print them", async () => {
  await sh(`mkdir /opt/fake && cd /opt/fake && echo 1 | tee rx tx >rx-usecs; echo 64 >tx-usecs; echo off >adaptive-rx
    cat >ethtool <<'END'
#!/bin/bash
cd /opt/fake
case $1 in
-l) printf 'Pre-set maximums:\nRX:\t\t4\nTX:\t\t4\nOther:\t\tn/a\nCombined:\tn/a\n'
    printf 'Current hardware settings:\nRX:\t\t%s\nTX:\t\t%s\nOther:\t\tn/a\nCombined:\tn/a\n' $(<rx) $(<tx) ;;
-c) printf 'Adaptive RX: %s  TX: n/a\nrx-usecs:\t%s\ntx-usecs:\t%s\n' $(<adaptive-rx) $(<rx-usecs) $(<tx-usecs) ;;
-[LC]) echo "$4" >"$3" ;;
esac
END
    chmod 755 ethtool`);
  const fake = (wishes: string) => wish(`PATH=/opt/fake:$PATH ${wishes}`);
  expect(await fake("NIC_MODERATION=adaptive")).toEqual([
    "eth0: rx queues 1 -> 4",
    "eth0: tx queues 1 -> 4",
    "eth0: rx moderation 1 -> adaptive",
  ]);
  expect(await fake("NIC_MODERATION=20")).toEqual([
    "eth0: rx moderation adaptive -> 20",
    "eth0: tx moderation 64 -> 20",
  ]);
  expect(await fake("NIC_MODERATION=off NIC_RING=max")).toEqual([
    "eth0: no such knob: rx ring",
    "eth0: no such knob: tx ring",
    "eth0: rx moderation 20 -> off",
    "eth0: tx moderation 20 -> off",
  ]);
});

describe("PPTP calls from one address", () => {
  /** How many packets of these calls each CPU takes into its network stack, the busiest first. */
  async function taken(first: number, calls: number, packets: number): Promise<number[]> {
    const counts = async () =>
      (await lines("cut -d ' ' -f 1 /proc/net/softnet_stat")).map((count) => Number.parseInt(count, 16));
    const before = await counts();
    const script = join(import.meta.dirname, "gre-calls.py");
    await run("python3", [script, GUEST_ADDRESS, `${first}`, `${calls}`, `${packets}`]);
    const each = await until("GRE in the guest", async () => {
      const more = (await counts()).map((count, cpu) => count - before[cpu]!);
      return more.reduce((a, b) => a + b) >= calls * packets && more;
    });
    return each.sort((a, b) => b - a);
  }

  test("are all one CPU's without RPS", async () => {
    await wish("NIC_RPS=off");
    const [busiest, next] = await taken(1000, 64, 10);
    expect(busiest).toBeGreaterThan(600);
    expect(next).toBeLessThan(40);
  });

  test("are every CPU's with it", async () => {
    expect(await wish("NIC_RPS=on")).toEqual(["eth0: rps 0 -> f"]);
    const idlest = (await taken(1000, 64, 10)).at(-1);
    expect(idlest).toBeGreaterThan(20);
  });

  test.each([1000, 1001, 1002, 1003])("have one CPU each: %i", async (call) => {
    const [busiest, next] = await taken(call, 1, 60);
    expect(busiest).toBeGreaterThanOrEqual(60);
    expect(next).toBeLessThan(10);
  });
});

test("a card that goes takes its line with it, and gets all of it again when it comes back", async () => {
  await sh(`systemctl restart ${ETH1} && test -e /run/pptp-fleet/nic/eth1
    for card in eth0 eth1; do echo 1 >/sys/class/net/$card/device/../remove; done`);
  await until("the units' end", states("inactive"));
  expect(await sh("ls /run/pptp-fleet/nic")).toBe("");
  await sh("echo 1 >/sys/bus/pci/rescan");
  await until("the units", states("active"));
  expect(await logged()).toContain("eth0: rps 0 -> f");
  expect(await sh("ls /run/pptp-fleet/nic")).toBe("eth1\n");
});

test("on a machine of one CPU there is nothing to spread, and no failure", async () => {
  const each = (state: 0 | 1) =>
    `for n in 1 2 3; do echo ${state} >/sys/devices/system/cpu/cpu$n/online; done`;
  await sh(`for file in /sys/class/net/eth1/queues/rx-*/rps_cpus; do echo 0 >$file; done; ${each(0)}`);
  await sh(`systemctl restart ${ETH1}`);
  expect(await logged(ETH1)).toEqual([
    "eth1: rx moderation is off, not adaptive: the card keeps it",
    "eth1: no such knob: governor",
    "eth1: 1 queue, the plan has 4: the card offers no more",
    "eth1: nothing to change",
  ]);
  await sh(each(1));
});

test("a tunnel's queue is 100 packets long, and 3 without the file", async () => {
  const ends = "/run/up.ppp0 /run/up.ppp1";
  await sh(`cd /etc/ppp/ip-up.d && printf '#!/bin/sh\n>/run/up.$PPP_IFACE\n' >zz-after && chmod 755 zz-after
    PPP_IFACE=nonesuch ./pptp-fleet`);
  /** Two pppd, back to back; what comes after the file in its folder has run. */
  const lengths = async () => {
    const peer = "pppd notty nodetach noauth noccp local";
    await sh(`rm -f ${ends}
      systemd-run -q --collect --unit=back-to-back pppd nodetach noauth noccp local 10.9.0.1:10.9.0.2 pty '${peer}'`);
    await until("both ends", () => sh(`ls ${ends}`).then(() => true));
    return lines("cat /sys/class/net/ppp[01]/tx_queue_len; systemctl stop back-to-back");
  };
  expect(await lengths()).toEqual(["100", "100"]);
  await sh("chmod -x /etc/ppp/ip-up.d/pptp-fleet");
  expect(await lengths()).toEqual(["3", "3"]);
});
