/** Numbers that devices hold: which stay, and what a preview says of those that do not. */
import { describe, expect, test } from "vitest";
import { FREE } from "../aws/addresses.ts";
import { cases } from "../cases/elastic-ips.ts";
import { DOORS, holds, standing } from "../cases/run.ts";
import { ALWAYS, type Config, type Outcome, programOf, type Stack } from "../fleet.ts";
import { update } from "../pulumi/engine.ts";
import { fleetInline } from "../pulumi/run.ts";
import type { Resource, State } from "../pulumi/state.ts";

holds(cases);

const [first, second] = FREE;
const other = (door: string) => (door === "nlb" ? "eip" : "nlb");

/** What is dialled, by the machine that has it. */
function dialled({ state, account }: Stack): Record<string, string> {
  const found = [...state.values()].filter(({ type }) => type.endsWith(":EipAssociation"));
  return Object.fromEntries(
    found.map(({ name, inputs }) => {
      const { publicIp } = account.invoke("getElasticIp", { id: inputs.allocationId });
      return [name.replace("pptp-fleet-", ""), publicIp];
    }),
  );
}

/** The stack's Elastic IPs as they stand, IDs by name. */
function addresses({ state }: Stack): Record<string, string> {
  const found = [...state.values()].filter(({ type }) => type.endsWith(":Eip"));
  return Object.fromEntries(found.map(({ name, id }) => [name.replace("pptp-fleet-", ""), id]));
}

/** What is said of numbers. */
const told = ({ result }: Outcome) =>
  result.said.filter((each) => /^warning: (198\.18|nobody can say)/.test(each)).map((each) => each.slice(9));

const released = (publicIp: string, name: string, id: string) =>
  `${publicIp} (${name}) does not stay: this config has no use for it, so it is released, or left over where elasticIps named it until now, and whoever dials it reaches nothing. To keep it: pulumi config set --path 'pptp-fleet:elasticIps.${name}' ${id}`;

describe.each(DOORS)("away from %s and back", (door) => {
  test("a zone's number is its gateway's, then its first server's, and nothing is said", async () => {
    const stack = await standing({ frontDoor: door });
    const [before, had] = [addresses(stack), Object.values(dialled(stack)).sort()];
    for (const to of [other(door), door]) {
      expect(told(await stack.preview({ frontDoor: to }))).toEqual([]);
      const { result } = await stack.up({ frontDoor: to });
      expect(addresses(stack)).toEqual(before);
      expect([...result.outputs.dial].sort()).toEqual(had);
      expect(Object.keys(dialled(stack)).sort()).toEqual(
        to === "nlb" ? ["gateway-a", "gateway-b"] : ["a-1", "b-1"],
      );
    }
    expect(Object.values(dialled(stack)).sort()).toEqual(had);
  });

  test("an adopted number goes the same way, and is never touched itself", async () => {
    const config = { elasticIps: { a: first } };
    const stack = await standing({ frontDoor: door, ...config });
    for (const to of [other(door), door]) {
      const { result, done, ...outcome } = await stack.up({ frontDoor: to });
      expect(told({ result, done, ...outcome })).toEqual([]);
      expect(result.outputs.dial[0]).toBe("198.18.94.240");
      expect(dialled(stack)[to === "nlb" ? "gateway-a" : "a-1"]).toBe("198.18.94.240");
      expect(Object.keys(addresses(stack))).toEqual(["b-1"]);
    }
  });
});

describe("a preview names each number that does not stay", () => {
  test("the second server's of a zone, when gateways come; and nothing else", async () => {
    const stack = await standing({ frontDoor: "eip", servers: 3 });
    const { "a-2": id } = addresses(stack);
    const { "a-2": number } = dialled(stack);
    expect(told(await stack.preview({ frontDoor: "nlb" }))).toEqual([released(number!, "a-2", id!)]);
    const { deleted } = await stack.up({ frontDoor: "nlb" });
    expect(deleted).toContain("Eip a-2");
    expect(told(await stack.preview({ frontDoor: "nlb" }))).toEqual([]);
  });

  test("those of servers fewer, and of a zone that is taken out, behind either door", async () => {
    const THREE = ["eu-west-1a", "eu-west-1b", "eu-west-1c"];
    for (const [door, machine] of [
      ["nlb", "gateway-c"],
      ["eip", "c-1"],
    ] as const) {
      const stack = await standing({ frontDoor: door, servers: 3, zones: THREE });
      const said = told(await stack.preview({ servers: 2, zones: THREE.slice(0, 2) }));
      expect(said).toEqual([released(dialled(stack)[machine]!, "c-1", addresses(stack)["c-1"]!)]);
    }
    const eip = await standing({ frontDoor: "eip", servers: 3 });
    expect(told(await eip.preview({ servers: 2 }))).toEqual([
      released(dialled(eip)["a-2"]!, "a-2", addresses(eip)["a-2"]!),
    ]);
    const nlb = await standing({ servers: 3 });
    expect(told(await nlb.preview({ servers: 2 }))).toEqual([]);
  });

  test("one that another takes the place of, and one that is on no machine", async () => {
    const stack = await standing({ servers: 3 });
    const { "a-1": id } = addresses(stack);
    const number = dialled(stack)["gateway-a"]!;
    expect(told(await stack.preview({ elasticIps: { a: first, "a-2": second } }))).toEqual([
      "198.18.94.241 (elasticIps.a-2) is on no machine of this config: whoever dials it reaches nothing. It stays allocated, and costs",
      released(number, "a-1", id!),
    ]);
  });

  test.each([
    // What config names stays where it is, whichever front door takes which name first.
    ["nlb", { "a-1": first }, ["elasticIps.a' eipalloc-0123456789abcdef0", "elasticIps.a-1' <own>"]],
    ["nlb", { a: first }, ["elasticIps.a-1' <own>"]],
    ["eip", { "a-1": first }, ["elasticIps.a' <own>"]],
    ["eip", { a: first }, ["elasticIps.a-1' eipalloc-0123456789abcdef0", "elasticIps.a' <own>"]],
  ] as const)("whose command behind %s keeps it beside %o", async (frontDoor, elasticIps, commands) => {
    const stack = await standing({ frontDoor });
    const id = addresses(stack)["a-1"]!;
    const [said, ...more] = told(await stack.preview({ elasticIps }));
    expect(more).toEqual([]);
    const sets = commands.map((each) => `pulumi config set --path 'pptp-fleet:${each.replace("<own>", id)}`);
    expect(said!.replace(/^.*To keep it: /, "")).toBe(sets.join(" and "));
    const both = Object.fromEntries(commands.map((each) => /elasticIps\.(\S+)' (\S+)/.exec(each)!.slice(1)));
    for (const member of Object.keys(both)) both[member] = both[member]!.replace("<own>", id);
    await stack.up({ elasticIps: { ...elasticIps, ...both } });
    expect(addresses(stack)["a-1"]).toBe(id);
    expect(dialled(stack)[frontDoor === "nlb" ? "gateway-a" : "a-1"]).toBe("198.18.94.240");
  });

  test("whose command takes the place of one that has its only name, and says so", async () => {
    const stack = await standing({ frontDoor: "eip", servers: 3 });
    const [said] = told(await stack.preview({ frontDoor: "eip", servers: 3, elasticIps: { "a-2": first } }));
    expect(said).toMatch(
      /To keep it: pulumi config set --path 'pptp-fleet:elasticIps\.a-2' eipalloc-\S+, in place of 198\.18\.94\.240$/,
    );
  });

  test("and says so where AWS does not let it look", async () => {
    const stack = await standing({});
    const { invoke } = stack.account;
    stack.account.invoke = (token, args) => {
      if (token.endsWith("getEips")) throw new Error("UnauthorizedOperation: ec2:DescribeAddresses");
      return invoke.call(stack.account, token, args);
    };
    const [said, ...more] = told(await stack.preview());
    expect([said, more]).toEqual([
      expect.stringMatching(/^nobody can say which numbers do not stay; AWS says: .*ec2:DescribeAddresses$/),
      [],
    ]);
  });
});

describe("a number that the stack has made, kept by its name in elasticIps", () => {
  /** Three servers with a number each, of which a-2's is wanted for ever. */
  async function kept() {
    const stack = await standing({ frontDoor: "eip", servers: 3 });
    const id = addresses(stack)["a-2"]!;
    return { stack, id, config: { frontDoor: "eip", servers: 3, elasticIps: { "a-2": id } } as Config };
  }

  test("is named by what a preview says, and then nothing changes", async () => {
    const { stack, config } = await kept();
    const { done, result } = await stack.up(config);
    expect(done).toEqual([]);
    expect(result.refusals).toEqual([]);
  });

  test("stays when gateways come, on no machine, and is its server's again", async () => {
    const { stack, id, config } = await kept();
    const number = dialled(stack)["a-2"];
    const { deleted, ...rest } = await stack.up({ ...config, frontDoor: "nlb" });
    expect(deleted).not.toContain("Eip a-2");
    expect(told({ deleted, ...rest })).toEqual([
      `${number} (elasticIps.a-2) is on no machine of this config: whoever dials it reaches nothing. It stays allocated, and costs`,
    ]);
    expect(addresses(stack)["a-2"]).toBe(id);
    await stack.up(config);
    expect(dialled(stack)["a-2"]).toBe(number);
  });

  test("stays with its server gone, of which there is none of that name any more", async () => {
    const { stack, id, config } = await kept();
    const { deleted } = await stack.up({ ...config, servers: 2 });
    expect(deleted).toContain("EipAssociation a-2");
    expect(deleted).not.toContain("Eip a-2");
    expect(addresses(stack)["a-2"]).toBe(id);
  });

  test("outlives destroy, and is taken up again by the next up", async () => {
    const { stack, id, config } = await kept();
    const number = dialled(stack)["a-2"];
    await stack.up(config);
    const { done, refusals } = await stack.destroy();
    expect(refusals).toEqual([]);
    expect(done).not.toContain("delete Eip a-2");
    expect([...stack.account.standing.keys()]).toEqual([id]);
    const { imported, created } = await stack.up(config);
    expect([imported, created.includes("Eip a-2")]).toEqual([["Eip a-2"], false]);
    expect(dialled(stack)["a-2"]).toBe(number);
    expect((await stack.up(config)).done).toEqual([]);
  });

  test("is left over where it is named no more while it is on no machine, and a preview goes on to tell of it", async () => {
    const { stack, id, config } = await kept();
    const number = dialled(stack)["a-2"];
    const nlb = { servers: 3, frontDoor: "nlb" };
    await stack.up({ ...config, ...nlb });
    const left = `${number} (a-2) is on no machine, and this config has no use for it. Where the state has it (pulumi stack --show-ids) and elasticIps did not name it until now, it is released; else nothing releases it, and it costs: aws ec2 release-address --region eu-west-1 --allocation-id ${id}. To keep it: pulumi config set --path 'pptp-fleet:elasticIps.a-2' ${id}`;
    expect(told(await stack.preview(nlb))).toEqual([left]);
    const program = programOf({ ...ALWAYS, ...nlb });
    const result = await update({ program, run: fleetInline, state: stack.state, provider: stack.account });
    expect(result.done.filter((each) => / Eip /.test(each))).toEqual([]);
    expect([...result.state.values()].some((each) => each.id === id)).toBe(false);
    expect(stack.account.standing.has(id)).toBe(true);
    stack.state = result.state;
    expect(told(await stack.preview(nlb))).toEqual([left]);
    // By hand, as it says.
    stack.account.standing.delete(id);
    expect(told(await stack.preview(nlb))).toEqual([]);
  });

  test("is the stack's again, and goes with its server, once it is not named", async () => {
    const { stack, config } = await kept();
    await stack.up(config);
    await stack.up({ ...config, elasticIps: undefined });
    expect((await stack.up({ frontDoor: "eip", servers: 2 })).done).toContain("delete Eip a-2");
  });
});

describe.each(DOORS)("an adopted number behind %s", (door) => {
  test("is left allocated by destroy, which finds the right order", async () => {
    const stack = await standing({ frontDoor: door, elasticIps: { a: first, b: second } });
    const { done, refusals } = await stack.destroy();
    expect([refusals, stack.account.standing.size]).toEqual([[], 0]);
    expect(done.filter((each) => / Eip /.test(each))).toEqual([]);
    expect(stack.account.foreign.map(({ id }) => id)).toEqual(FREE);
  });

  test("waits for the internet gateway in a first up", async () => {
    const stack = await standing({ frontDoor: door, elasticIps: { a: first } });
    for (const { type, dependencies } of stack.state.values())
      if (type.endsWith(":EipAssociation") && dependencies.every((urn) => !urn.includes(":Eip::")))
        expect(dependencies.filter((urn) => urn.endsWith("InternetGateway::pptp-fleet"))).toHaveLength(1);
  });
});

describe("an update that ends half-way while numbers move", () => {
  const swapped = { elasticIps: { a: second, b: first } };

  /** The second of two associations is not made. */
  async function halfWay() {
    const stack = await standing({ elasticIps: { a: first, b: second } });
    const had = dialled(stack);
    const { account } = stack;
    const create = account.create.bind(account);
    let moved = 0;
    account.create = (...of) => {
      if (of[0].endsWith(":EipAssociation") && moved++ === 1) throw new Error("RequestLimitExceeded");
      return create(...of);
    };
    expect((await stack.up(swapped)).refusals).toHaveLength(1);
    account.create = create;
    return { stack, had };
  }

  test("is finished by another", async () => {
    const { stack, had } = await halfWay();
    expect((await stack.up(swapped)).refusals).toEqual([]);
    expect(dialled(stack)).toEqual({ "gateway-a": had["gateway-b"], "gateway-b": had["gateway-a"] });
  });

  test("is undone after a refresh, which finds the association that is gone, and not without", async () => {
    const { stack, had } = await halfWay();
    const { account } = stack;
    const gone = [...stack.state.values()].filter(({ custom, id }) => custom && !account.standing.has(id));
    expect(gone.map(({ name }) => name)).toEqual(["pptp-fleet-gateway-b"]);
    await expect(stack.copy().up()).rejects.toThrow("the state is not what stands");
    stack.refresh();
    expect((await stack.up()).refusals).toEqual([]);
    expect(dialled(stack)).toEqual(had);
  });
});

/** How the addresses of a stack of before were called. */
const FORMER = (zone: string) =>
  `urn:pulumi:dev::pptp-fleet::pptp-fleet:fleet:Fleet$pptp-fleet:frontdoor:Gateways$pptp-fleet:frontdoor:Gateway$aws:ec2/eip:Eip::pptp-fleet-gateway-${zone}`;
const NOW = (zone: string) =>
  `urn:pulumi:dev::pptp-fleet::pptp-fleet:fleet:Fleet$pptp-fleet:frontdoor:ElasticIps$aws:ec2/eip:Eip::pptp-fleet-${zone}-1`;

/** The state of a stack that was made while a zone's address was its gateway's child. */
function former(state: State): State {
  const renamed = (urn: string) => urn.replace(NOW("a"), FORMER("a")).replace(NOW("b"), FORMER("b"));
  const text = JSON.stringify([...state.values()], (_, value) =>
    typeof value === "string" ? renamed(value) : value,
  );
  const resources: Resource[] = JSON.parse(text);
  return new Map(
    resources
      .filter(({ type }) => !type.endsWith(":ElasticIps"))
      .map((resource) => [resource.urn, { ...resource, name: resource.urn.split("::").at(-1)! }]),
  );
}

describe("a stack of before, whose numbers were their gateways' children", () => {
  async function upgraded(config: Config) {
    const stack = await standing({});
    const state = former(stack.state);
    expect([...state.keys()].filter((urn) => urn.includes(":Eip::"))).toEqual([FORMER("a"), FORMER("b")]);
    const result = await update({
      program: programOf({ ...ALWAYS, ...config }),
      run: fleetInline,
      state,
      provider: stack.account,
    });
    return { before: addresses({ ...stack, state } as Stack), stack, result };
  }

  test("keeps them all, and nothing on AWS changes", async () => {
    const { before, result } = await upgraded({});
    expect([result.refusals, result.done]).toEqual([[], []]);
    const after = [...result.state.values()].filter(({ type }) => type.endsWith(":Eip"));
    expect(after.map(({ urn, id }) => [urn, id])).toEqual([
      [NOW("a"), before["gateway-a"]],
      [NOW("b"), before["gateway-b"]],
    ]);
  });

  test("keeps them when its front door changes in the same update", async () => {
    const { result } = await upgraded({ frontDoor: "eip" });
    expect(result.refusals).toEqual([]);
    expect(result.done.filter((each) => / Eip /.test(each))).toEqual([
      "update Eip pptp-fleet-a-1",
      "update Eip pptp-fleet-b-1",
    ]);
  });

  test("whose servers had their numbers keeps their associations", async () => {
    const stack = await standing({ frontDoor: "eip" });
    for (const resource of stack.state.values())
      if (resource.type.endsWith(":EipAssociation")) {
        delete resource.inputs.allowReassociation;
        delete stack.account.standing.get(resource.id)!.inputs.allowReassociation;
      }
    expect((await stack.up()).done).toEqual([]);
  });
});

describe("refused before anything is made:", () => {
  async function refusal(foreign: Stack["account"]["foreign"], config: Config): Promise<string> {
    const stack = await standing({ servers: 3 });
    stack.account.foreign = foreign;
    const error = await stack.preview({ servers: 3, ...config }).then(
      () => new Error("it is not refused"),
      (error: unknown) => error as Error,
    );
    return error.message.replaceAll(/\s+/g, " ");
  }
  const free = FREE.map((id) => ({ id, tags: {} }));

  test("one that AWS does not know", async () => {
    expect(await refusal([], { elasticIps: { a: first } })).toMatch(
      /pptp-fleet:elasticIps\.a value "eipalloc-0123456789abcdef0" allowed an Elastic IP of eu-west-1; AWS says: .*InvalidAllocationID.NotFound.* fix check the ID and aws:region/,
    );
  });

  test("one of a zone or server that there is none of", async () => {
    const message = await refusal(free, { elasticIps: { c: first, "b-2": second } });
    expect(message).toMatch(/^2 mistakes/);
    expect(message).toContain("elasticIps.c value");
    expect(message).toContain(
      "allowed a zone or server of this stack: a, b, a-1 to a-2, b-1 fix pulumi config rm --path 'pptp-fleet:elasticIps.b-2'; the address stays allocated",
    );
  });

  test("one that is on somebody else's machine", async () => {
    const taken = [{ ...free[0]!, instanceId: "i-0fedcba9876543210" }];
    expect(await refusal(taken, { elasticIps: { a: first } })).toContain(
      "allowed an Elastic IP that is free, or on a machine of this stack; 198.18.94.240 is on i-0fedcba9876543210 fix aws ec2 disassociate-address --region eu-west-1 --association-id eipassoc-0123456789abcdef0, once nobody needs it there",
    );
  });

  test("one that the stack has made for another machine, which would lose it", async () => {
    const own = [{ id: first!, tags: { project: "pptp-fleet", stack: "dev", gateway: "gateway-a" } }];
    expect(await refusal(own, { elasticIps: { b: first } })).toContain(
      "allowed an address that is not another machine's; this stack has made 198.18.94.240 as a-1 fix name it a-1 or a, or pulumi config rm --path 'pptp-fleet:elasticIps.b'",
    );
  });

  test("two that the stack has made for one machine", async () => {
    const tags = { project: "pptp-fleet", stack: "dev", gateway: "gateway-a" };
    const own = FREE.map((id) => ({ id, tags }));
    expect(await refusal(own, { elasticIps: { a: first, "a-1": second } })).toContain(
      "allowed one address that this stack has made as a-1; a is another fix pulumi config rm --path 'pptp-fleet:elasticIps.a-1'",
    );
  });
});
