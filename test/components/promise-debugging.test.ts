/** The SDK's promises are light, and errors and leaks still show. */
import { execFileSync } from "node:child_process";
import * as pulumi from "@pulumi/pulumi";
import debuggable from "@pulumi/pulumi/runtime/debuggable.js";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import * as subnets from "../../components/network/subnets.ts";
import { skipPromiseDebugging } from "../../components/promise-debugging.ts";
import * as server from "../../render/machine.ts";
import { run } from "../program/run.ts";
import { ROOT } from "../shared/files.ts";

interface Sdk {
  debuggablePromise<T>(promise: Promise<T>, description?: string): Promise<T>;
  leakedPromises(): [leaked: Set<Promise<unknown>>, message: string];
}
const sdk = debuggable as unknown as Sdk;

beforeAll(skipPromiseDebugging);
afterEach(() => vi.restoreAllMocks());

/** What a run of the program ends with. */
const failure = (): Promise<Error> =>
  run().then(
    () => new Error("the program did not fail"),
    (error: Error) => error,
  );

describe("an error of the program shows where it came from:", () => {
  test("in a component, while resources are made", async () => {
    vi.spyOn(subnets, "byName").mockImplementation(() => {
      throw new TypeError("thrown by a component");
    });
    const { stack } = await failure();
    expect(stack).toMatch(/^TypeError: thrown by a component\n/);
    // Where it was thrown, and by what way the program came there.
    for (const file of [
      "promise-debugging.test.ts",
      "components/network/network.ts",
      "components/fleet.ts",
      "components/deploy.ts",
    ])
      expect(stack).toMatch(new RegExp(`at .*${file}:\\d+:\\d+`));
  });

  test("before any resource", async () => {
    vi.spyOn(server, "renderServer").mockImplementation(() => {
      throw new TypeError("thrown by rendering");
    });
    expect((await failure()).stack).toMatch(/at .*components\/deploy\.ts:\d+:\d+/);
  });

  test("in what is applied to an output", async () => {
    const thrown = await new Promise<Error>((resolve) => {
      const output = pulumi.output(1).apply((): number => {
        throw new TypeError("thrown by an apply");
      });
      (output as unknown as { promise(): Promise<number> }).promise().catch(resolve);
      // The other promises of the same output are rejected too.
      for (const each of ["isKnown", "isSecret"] as const)
        (output as unknown as Record<string, Promise<boolean>>)[each]!.catch(() => undefined);
    });
    expect(thrown.stack).toMatch(
      /^TypeError: thrown by an apply\n *at .*promise-debugging\.test\.ts:\d+:\d+/,
    );
  });

  test("and the limit of traces is as it was", async () => {
    const before = Error.stackTraceLimit;
    await run();
    expect(Error.stackTraceLimit).toBe(before);
  });
});

describe("a promise of the SDK's", () => {
  test("keeps no trace and no description", async () => {
    const promise = Promise.resolve(1);
    expect(await sdk.debuggablePromise(promise, "described")).toBe(1);
    expect(Object.getOwnPropertyNames(promise)).toEqual([]);
  });

  test("that is rejected is rejected with the same error, which knows it", async () => {
    const error = new Error("no");
    const promise = Promise.reject(error);
    await expect(sdk.debuggablePromise(promise)).rejects.toBe(error);
    expect((error as Error & { promise?: unknown }).promise).toBe(promise);
  });

  test("that never ends is a leak, and one that has ended is none", async () => {
    sdk.leakedPromises();
    const never = new Promise(() => undefined);
    void sdk.debuggablePromise(never);
    await sdk.debuggablePromise(Promise.resolve());
    await sdk.debuggablePromise(Promise.reject(new Error("no"))).catch(() => undefined);
    const [leaked, message] = sdk.leakedPromises();
    expect([...leaked]).toEqual([never]);
    expect(message).toContain("1 promise was still active");
  });
});

describe("a process of its own", () => {
  const node = (code: string, env: Record<string, string> = {}) => {
    try {
      const stdout = execFileSync(process.execPath, ["--input-type=module", "-e", code], {
        cwd: ROOT,
        env: { ...process.env, ...env },
        encoding: "utf8",
        stdio: "pipe",
      });
      return { code: 0, text: stdout };
    } catch (error) {
      const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
      return { code: status, text: stdout + stderr };
    }
  };
  const LEAK = `
    import debuggable from "@pulumi/pulumi/runtime/debuggable.js";
    import { skipPromiseDebugging } from "./components/promise-debugging.ts";
    skipPromiseDebugging();
    debuggable.debuggablePromise(new Promise(() => {}), "the one that leaks");`;

  test("says of a resource that is refused where it was made", () => {
    const { text } = node(`
      import * as pulumi from "@pulumi/pulumi";
      import { skipPromiseDebugging } from "./components/promise-debugging.ts";
      skipPromiseDebugging();
      const newResource = () => { throw new Error("VpcLimitExceeded"); };
      await pulumi.runtime.setMocks({ newResource, call: ({ inputs }) => inputs });
      process.on("unhandledRejection", ({ stack }) => { console.log(stack); process.exit(0); });
      function maker() { return new pulumi.CustomResource("test:index:Thing", "thing", { name: "x" }); }
      maker();`);
    expect(text).toMatch(/failed to register new resource thing \[test:index:Thing\]: VpcLimitExceeded\n/);
    expect(text).toMatch(/\n *at maker /);
  });

  test("that ends with a leak fails, as without us", () => {
    const { code, text } = node(LEAK);
    expect(code).toBe(1);
    expect(text).toContain("1 promise was still active");
    expect(text).not.toContain("the one that leaks");
  });

  test("is told where a leak was made if it asks", () => {
    const { code, text } = node(LEAK, { PULUMI_DEBUG_PROMISE_LEAKS: "1" });
    expect(code).toBe(1);
    expect(text).toMatch(/the one that leaks\nSTACK_TRACE:\nError\n *at /);
  });
});
