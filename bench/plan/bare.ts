/** The bare mock engine: registers what a run of the program registered, and does nothing else. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";
import * as state from "@pulumi/pulumi/runtime/state.js";
import { PROJECT } from "../../offline/program.ts";

/** Of offline/program.ts's recorded resources, what counts here. */
export interface Registered {
  urn: string;
  type: string;
  name: string;
  /** URN; empty for the stack. */
  parent: string;
  inputs: Record<string, unknown>;
}

const STACK = "pulumi:pulumi:Stack";

// Stripped from the SDK's declarations as internal, like in offline/program.ts.
const { withLocalStorage } = state as unknown as { withLocalStorage<T>(run: () => Promise<T>): Promise<T> };

/**
 * The same types by the same classes of the SDK, with the same names, parents and inputs, these plain: no resource
 * waits for another's outputs, no component has any, nothing is rendered and nothing recorded.
 *
 * @returns the types in the order in which the engine was told of them.
 */
export async function registerBare(resources: Registered[]): Promise<string[]> {
  // Before the stack is: what fails inside of it is an unhandled rejection too.
  const classes = new Map(resources.map(({ type }) => [type, classOf(type)]));
  const types: string[] = [];
  const monitor = new MockMonitor({
    newResource: ({ type, name, inputs, custom }) => {
      types.push(type);
      return { id: custom ? `${type}-${name}` : "", state: inputs };
    },
    call: ({ token }) => {
      throw new Error(`nothing asks ${token} here`);
    },
  });
  const byUrn = new Map(resources.map((each) => [each.urn, each]));
  const made = new Map<string, pulumi.Resource>();
  /** Parents first, whatever the order of the list. */
  const make = (urn: string): pulumi.Resource | undefined => {
    const each = byUrn.get(urn);
    if (each === undefined || each.type === STACK) return undefined;
    let resource = made.get(urn);
    if (resource === undefined) {
      const parent = make(each.parent);
      const options = parent === undefined ? {} : { parent };
      const Class = classes.get(each.type);
      resource =
        Class === undefined
          ? new pulumi.ComponentResource(each.type, each.name, {}, options)
          : new Class(each.name, each.inputs, options);
      made.set(urn, resource);
    }
    return resource;
  };
  await withLocalStorage(async () => {
    pulumi.runtime.setMockOptions(monitor, PROJECT, "bench", false, "offline");
    await pulumi.runtime.runInPulumiStack(async () => {
      for (const { urn } of resources) make(urn);
    });
    await pulumi.runtime.disconnect();
  });
  return types;
}

type CustomClass = new (
  name: string,
  inputs: object,
  options: pulumi.CustomResourceOptions,
) => pulumi.Resource;

/** The SDK's class; none for what is no type of AWS. */
function classOf(type: string): CustomClass | undefined {
  if (!type.startsWith("aws:")) return undefined;
  // `aws:ec2/instance:Instance` is the class Instance of the SDK's module ec2.
  const [, module = "", className = ""] = /^aws:(\w+)\/\w+:(\w+)$/.exec(type) ?? [];
  const found = (aws as unknown as Record<string, Record<string, CustomClass>>)[module]?.[className];
  if (found === undefined) throw new Error(`the SDK has no class for ${type}`);
  return found;
}
