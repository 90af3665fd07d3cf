/** The dial by which a server that has changed is watched (pptp-fleet-apply), at its own pptpd and pppd. */
import { describe, expect, test } from "vitest";
import { onServer, tunnelUp } from "../shared/lab.ts";
import { edited, without } from "./retuned.ts";

/** What the program's own dial comes to on the server: nothing where it reaches the challenge. */
const dial = async () =>
  (
    await onServer(
      `python3 - <<'END'
import importlib.machinery, importlib.util
loader = importlib.machinery.SourceFileLoader("apply", "/usr/local/sbin/pptp-fleet-apply")
apply = importlib.util.module_from_spec(importlib.util.spec_from_loader("apply", loader))
loader.exec_module(apply)
for tries in reversed(range(3)):
    try:
        apply.dial()
        break
    except OSError as error:
        if not tries: print(error)
END`,
      120_000,
    )
  ).trim();

const OPTIONS = "/etc/ppp/pptpd-options";

describe("a server's dial of itself", () => {
  test("reaches CHAP's challenge, and leaves no session, call or interface behind", async () => {
    const left = () => onServer("pgrep -cx pppd; ls /sys/class/net");
    const before = await left();
    expect(await dial()).toBe("");
    expect(await left()).toBe(before);
  });

  test("takes nothing from a session beside it", async () => {
    const tunnel = await tunnelUp();
    expect(await dial()).toBe("");
    expect(await onServer("ls /sys/class/net | grep -c ppp")).toBe("1\n");
    await tunnel.hangUp();
  });

  test("names how far it came where pppd does not start", async () => {
    const wrong = (options: string) => `${options}frobnicate\n`;
    expect(await edited(OPTIONS, wrong, dial)).toMatch(/^LCP: /);
    expect(await dial()).toBe("");
  });

  test("names how far it came where pppd asks for no password", async () => {
    const open = (options: string) => `${without(/^(require|refuse)-/)(options)}noauth\n`;
    expect(await edited(OPTIONS, open, dial)).toMatch(/^LCP: /);
  });

  test("names how far it came where nothing listens", async () => {
    await onServer("systemctl stop pptp-fleet-apply.timer pptpd");
    expect(await dial()).toMatch(/^connect: .*refused/);
    await onServer("systemctl start pptpd pptp-fleet-apply.timer");
  });
});
