/** Accounts on their way from Secrets Manager's stand-in to chap-secrets, on a server with its own role's credentials. */
import { beforeAll, describe, expect, test } from "vitest";
import type { Lab } from "../../../../lab/vms/lab.ts";
import { recordedPlan } from "../../../../offline/machines.ts";
import { accountsDocument } from "../../../../settings/keys/accounts.ts";
import { call, onServer, sharedLab, tunnelUp } from "../../shared/lab.ts";

let lab: Lab;
/** The secret's name. */
let name: string;
beforeAll(async () => {
  lab = await sharedLab();
  name = recordedPlan(lab.run).fleet.accountsSecret;
});

describe("accounts", () => {
  const fetched = () =>
    lab.servers[0]!.agent.exec([
      "/usr/bin/env",
      `PPTP_FLEET_SECRET=${name}`,
      "/usr/local/sbin/pptp-fleet-accounts",
    ]);
  const secrets = () => onServer("sha256sum /etc/ppp/chap-secrets; stat -c '%a %U' /etc/ppp/chap-secrets");

  test("that change let the new one in and the old one no more", async () => {
    const other = { name: "plc-8", password: "simple" };
    await lab.cloud.secretsManager.put(name, accountsDocument([other]));
    await onServer("systemctl start pptp-fleet-accounts.service");
    await (await tunnelUp({ account: other })).hangUp();
    expect(await call()).toMatchObject({ up: false, failure: { stage: "auth" } });
    await lab.cloud.secretsManager.put(name, accountsDocument([lab.account]));
    await onServer("systemctl start pptp-fleet-accounts.service");
    await (await tunnelUp()).hangUp();
  });

  test("are asked for again and again", async () => {
    expect(await onServer("systemctl is-active pptp-fleet-accounts.timer")).toBe("active\n");
  });

  test("lie in a file that root alone reads", async () => {
    expect(await secrets()).toMatch(/\n600 root\n$/);
  });

  test.each([
    ["no JSON", "nonsense"],
    ["no list", '{"users":{}}'],
    ["an account without a password", '{"users":[{"name":"a"}]}'],
    ["a password over two lines", '{"users":[{"name":"a","password":"b\\nc"}]}'],
  ])("that are %s change nothing, and none of it is logged", async (_, value) => {
    const before = await secrets();
    await lab.cloud.secretsManager.put(name, value);
    const { code, stdout, stderr } = await fetched();
    await lab.cloud.secretsManager.put(name, accountsDocument([lab.account]));
    expect([code, stdout, stderr]).toEqual([
      1,
      "",
      `kept the accounts as they are: what ${name} holds is no list of accounts\n`,
    ]);
    expect(await secrets()).toBe(before);
  });

  test("stay as they were while Secrets Manager cannot be reached", async () => {
    const before = await secrets();
    await lab.cloud.secretsManager.stop();
    const { code, stderr } = await fetched();
    await lab.cloud.secretsManager.start();
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(`kept the accounts as they are: Secrets Manager did not give ${name}`),
    ]);
    expect(await secrets()).toBe(before);
  });

  test("and credentials stand in no process's arguments", async () => {
    // Nothing can be run from /run.
    const seen = await onServer(`shim=$(mktemp -d /var/tmp/shim.XXXXXX)
      printf '#!/bin/sh\\nprintf "%%s\\\\n" "$@" >>%s/argv\\nexec /usr/bin/curl "$@"\\n' "$shim" >"$shim/curl"
      chmod +x "$shim/curl"
      PATH=$shim:$PATH PPTP_FLEET_SECRET=${name} /usr/local/sbin/pptp-fleet-accounts
      cat "$shim/argv"
      rm -r "$shim"`);
    expect(seen).toContain("X-Amz-Target: secretsmanager.GetSecretValue");
    expect(seen).not.toMatch(/ASIA|user =|Security-Token|aws-ec2-metadata-token:/);
  });

  test("stand neither in user data nor in the journal", async () => {
    const { password } = lab.account;
    const { code } = await lab.servers[0]!.agent.exec(
      [
        "bash",
        "-c",
        'read -r secret; { journalctl -q; cat /run/user-data; } 2>/dev/null | grep -Fc -- "$secret"',
      ],
      { input: password },
    );
    expect(code).toBe(1);
  });
});
