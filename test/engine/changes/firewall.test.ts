import { expect, test } from "vitest";
import { SECRET_VERSION } from "../../../graph/types.ts";
import { cases } from "../cases/firewall.ts";
import { DOORS, holds, standing } from "../cases/run.ts";
import { plain, shown } from "../pulumi/wire.ts";

holds(cases);

const PASSWORD = "a password of another";

test.each(DOORS)(
  "a changed account is in the state as a secret, once, and is there before the old one goes (%s)",
  async (door) => {
    const stack = await standing({ frontDoor: door });
    const { done, result } = await stack.up({ users: [{ name: "plc-eight", password: PASSWORD }] });
    expect(done).toEqual(["create SecretVersion", "delete SecretVersion"]);
    const resources = [...result.state.values()];
    const open = resources.filter((each) =>
      JSON.stringify(plain([each.inputs, each.outputs])).includes(PASSWORD),
    );
    expect(open.map(({ type }) => type)).toEqual([SECRET_VERSION]);
    expect(JSON.stringify(shown([resources, result.outputs]))).not.toContain(PASSWORD);
    expect(JSON.stringify([result.said, result.steps])).not.toContain(PASSWORD);
  },
);
