/** A machine whose commands are answered from a script: its pppd dials as told, its tunnel has a width. */
import type { DialingMachine, Outcome, Run } from "../../../probe/machines/dialing-machine.ts";
import { thisMachine } from "../../../probe/machines/this-machine.ts";

export interface Path {
  /** The tunnel's interface's MTU. */
  mtu: number;
  /** Bytes in the largest inner packet that passes; 0: none does. */
  passes: number;
  /** What the machine lacks, as the probe's own check prints it. @default nothing */
  lacks?: string;
  /** What pppd and pptp log. @default nothing */
  pppd?: string;
  pptp?: string;
  /** Whether pppd still runs. @default true */
  running?: boolean;
}

const ok = (stdout = ""): Outcome => ({ code: 0, stdout, stderr: "" });

/** @param ran Takes down each command, with its input. */
export function pathMachine(
  path: Path,
  ran: { argv: string[]; input?: string | undefined }[] = [],
): DialingMachine {
  const run: Run = async (argv, { input } = {}) => {
    ran.push({ argv, input });
    const [program = "", , script = ""] = argv;
    if (program === "ping") return pinged(path, argv);
    if (program === "/bin/cat") return ok(`${path.mtu}\n`);
    if (script.includes("command -v pppd")) return ok(path.lacks);
    if (script.includes("setsid")) return ok("/tmp/dial\n");
    if (script.includes("printed"))
      return ok(`${path.running === false ? "ended" : "running"}\n${path.pppd ?? ""}`);
    if (script.includes("journalctl")) return ok(path.pptp);
    if (script.includes("kill -TERM")) return ok();
    throw new Error(`no answer to ${argv.join(" ")}`);
  };
  return { run, runAsRoot: run, connect: thisMachine().connect };
}

function pinged({ passes }: Path, argv: string[]): Outcome {
  const after = (option: string) => Number(argv[argv.indexOf(option) + 1]);
  const received = after("-s") + 28 <= passes ? after("-c") : 0;
  const rtt = received > 0 ? "\nrtt min/avg/max/mdev = 1.000/2.000/3.000/0.500 ms" : "";
  return ok(`${after("-c")} packets transmitted, ${received} received, 0% packet loss, time 1ms${rtt}`);
}
