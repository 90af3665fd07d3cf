/**
 * How each resource of a fleet gets its tags: by transformations of the Fleet and of its machines' components, on all that is
 * made below them. Nothing in between is told whose it is.
 *
 *     Name                <project>-<stack>-<short name>. The short name is what the resource gives itself (`named`), else
 *                         what its machine is called, else its own name.
 *     project, stack      whose it is
 *     server or gateway   the machine that it belongs to
 *
 * Transformations and no transforms: the SDK calls them itself, while a resource is made, so that a program without engine has
 * the same tags. Transforms are called by the engine, for each resource by gRPC to a server in the program's process.
 */
import * as pulumi from "@pulumi/pulumi";
import { fitted } from "../plan/hashed-names.ts";
import { forms } from "../settings/aws-texts.ts";

/** Whose a resource is. */
export interface Owner {
  project: string;
  stack: string;
}

/** The machine that a resource belongs to, by its name in the plan. */
export type MachineTag = { server: string } | { gateway: string };

type Options = pulumi.ComponentResourceOptions;

/** A resource's own part: a short name, such as `balancer`, and its machine where it is not below that one's component. */
export function named(Name: string, machine?: MachineTag): Record<string, string> {
  return { Name, ...machine };
}

/** All tags of a resource. */
export function tags(owner: Owner, name: string, machine?: Partial<MachineTag>): Record<string, string> {
  return {
    Name: fitted(forms.tagValue, `${owner.project}-${owner.stack}-${name}`),
    project: owner.project,
    stack: owner.stack,
    ...machine,
  };
}

/** The Fleet's options: all below it is the owner's. */
export function tagsOfFleet(owner: Owner, options?: Options): Options {
  return tagged(({ Name, ...machine }, name) => tags(owner, Name ?? name, machine), options);
}

/** Options of a machine's component: all below it is the machine's, and called like it. */
export function tagsOfMachine(machine: MachineTag, options?: Options): Options {
  const [name] = Object.values(machine);
  return tagged((own) => ({ ...named(name!, machine), ...own }), options);
}

/**
 * Options that also give their tags to all resources below; an instance's to its root volume too, which is no resource.
 *
 * @param tagsOf What tags a resource has, from those that it is given, which are plain, and its own name.
 */
function tagged(
  tagsOf: (own: Record<string, string>, name: string) => Record<string, string>,
  options?: Options,
): Options {
  const transformation: pulumi.ResourceTransformation = ({ name, props, opts }) => {
    if (!takesTags(props)) return undefined;
    const { tags: own = {}, rootBlockDevice } = props;
    const given = tagsOf(own, name);
    const volume = rootBlockDevice && { rootBlockDevice: { ...rootBlockDevice, tags: given } };
    return { props: { ...props, tags: given, ...volume }, opts };
  };
  return pulumi.mergeOptions({ transformations: [transformation] }, options);
}

/** The SDK lists all properties of a type, set or not; `tagsAll`, with the provider's default tags, is where there are `tags`. */
function takesTags(props: object): boolean {
  return "tagsAll" in props;
}
