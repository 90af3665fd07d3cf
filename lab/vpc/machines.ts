/**
 * The VPC's machines: systemd containers of the guest, each with its own user data, run by cloud-init's Ec2 data source.
 *
 *     guest's root: every package ◀─ layer.sh: what the AMI has ◀─ the machine's own
 *
 * Against the AMI: no boot loader and no kernel of its own (the guest's has PPP, so nothing reboots), modules loaded by
 * the guest, sysctls outside of `net` the guest's, no udev (its card is set by nobody), no sshd, packages that are there
 * already, so that apply asks for none. The first boot on the AMI's own kernel is lab/vms/lab.ts's.
 */

import type { Agent } from "../guest/agent.ts";
import { DOING, EVIDENCE, READY_UNIT } from "../guest/first-boot.ts";
import type { Report } from "../host/phases.ts";
import { waitUntil } from "../host/wait.ts";
import { PROGRAMS } from "./network/topology.ts";
import type { VpcMachine } from "./vpc.ts";

/** Without a step that shows; under emulation all of them take two to four minutes. */
const READY_TIMEOUT_MS = 5 * 60_000;
/** A unit that does not stop is killed by systemd after 90 s. */
const SHUTDOWN_TIMEOUT_MS = 150_000;

/** A machine that has been started. */
export interface RunningMachine {
  name: string;
  kind: VpcMachine["kind"];
  /** Runs commands inside. */
  agent: Agent;
}

export class Machines {
  private readonly guest: Agent;
  private readonly lost: Promise<never>;

  constructor(guest: Agent, lost: Promise<never>) {
    this.guest = guest;
    this.lost = lost;
  }

  /** The layer below every machine. */
  async prepare(machines: VpcMachine[], packages: string): Promise<void> {
    const modules = [...new Set([...MODULES, ...machines.flatMap(modulesOf)])].join(" ");
    await this.guest.sh(`modprobe -a ${modules}
      bash ${PROGRAMS}/layer.sh ${PROGRAMS}/ca.crt ${packages}`);
  }

  /** Starts machines; their interfaces are there. */
  async boot(machines: VpcMachine[]): Promise<void> {
    for (const { name } of machines) await this.guest.sh(`bash ${PROGRAMS}/boot.sh ${name}`);
  }

  of({ name, kind }: VpcMachine): RunningMachine {
    return { name, kind, agent: this.guest.at({ prefix: [`${PROGRAMS}/in-machine.sh`, name] }) };
  }

  /** Waits until all of them serve. */
  async ready(machines: VpcMachine[], report: Report): Promise<void> {
    const names = machines.map(({ name }) => name);
    let waiting = names;
    // The first that does not serve yet, and no other: a look costs the machines a tenth of a second, emulated half of one.
    const probe = async (step: (doing: string) => void) => {
      const state = await this.guest.sh(
        `${PROGRAMS}/in-machine.sh ${waiting[0]} bash -c '${STATE}' 2>&1 || true`,
      );
      const doing = `${waiting[0]}: ${state.trim()}`;
      step(doing);
      report(doing);
      if (state.startsWith("active")) waiting = waiting.slice(1);
      return waiting.length === 0;
    };
    await waitUntil(`${names.join(", ")}: ${READY_UNIT}`, probe, {
      ...{ timeoutMs: READY_TIMEOUT_MS, everyMs: 1_000, unless: this.lost },
      evidence: () =>
        this.guest.sh(
          names
            .map(
              (name) =>
                `echo "== ${name}"; ${PROGRAMS}/in-machine.sh ${name} bash -c '${EVIDENCE}' 2>&1 || true\n`,
            )
            .join(""),
        ),
    });
  }

  /** Names of the machines that run. */
  async running(): Promise<string[]> {
    const listed = await this.guest.sh("machinectl list --no-legend --no-pager");
    return listed.split("\n").flatMap((line) => line.trim().split(/\s+/)[0] || []);
  }

  /** As pulling the plug would; its disk stays. */
  async kill(name: string): Promise<void> {
    await this.guest.sh(`machinectl terminate ${name} 2>/dev/null
      systemctl stop machine-${name} 2>/dev/null
      while systemctl is-active -q machine-${name}; do sleep 0.2; done
      rm -f /run/lab/${name}.leader`);
  }

  /** The machine shuts itself down, as for an EC2 reboot; its disk stays. */
  async shutDown(name: string): Promise<void> {
    const script = `machinectl poweroff ${name}
      while systemctl is-active -q machine-${name}; do sleep 0.2; done
      rm -f /run/lab/${name}.leader`;
    await this.guest.sh(script, { timeoutMs: SHUTDOWN_TIMEOUT_MS });
  }

  /** The disk of a machine that ended: what boots under its name next does its first boot. */
  async discard(name: string): Promise<void> {
    await this.guest.sh(`umount /srv/machines/${name}/root 2>/dev/null; rm -rf /srv/machines/${name}`);
  }
}

/**
 * A server is ready without accounts too, and asks for them again where its first question took too long, which under
 * emulation it may; who dials wants both. A gateway has none.
 */
const STATE = `state=$(systemctl is-active ${READY_UNIT})
  if [ -e /etc/systemd/system/pptp-fleet-accounts.service ] &&
    ! { read -r line </etc/ppp/chap-secrets && [[ $line == "# From"* ]]; }; then state="without accounts, $state"; fi
  echo "$state $(${DOING})"`;

/** The guest's own: the home router's helper, and what nftables cannot ask for from inside a container. */
const MODULES = [
  "nf_conntrack",
  "nf_conntrack_pptp",
  "nf_nat_pptp",
  "nft_ct",
  "nft_fwd_netdev",
  "nft_masq",
  "nft_numgen",
  "nft_reject_inet",
];

/** What a machine's modules-load.d names: containers load none (traps: modprobe-in-a-condition). */
function modulesOf({ files }: VpcMachine): string[] {
  return files
    .filter(({ path }) => path.startsWith("/etc/modules-load.d/"))
    .flatMap(({ content }) => content.split("\n"))
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}
