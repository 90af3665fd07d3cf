import type * as pulumi from "@pulumi/pulumi";
import type { Registered } from "./needs.ts";

/** Lists what a component registers, itself and all below it, where it is given `transformation` as an option. */
export class Registrations {
  private readonly made: pulumi.ResourceTransformationArgs[] = [];

  /** Changes nothing. Called before the resource has its ID. */
  readonly transformation: pulumi.ResourceTransformation = (args) => {
    this.made.push(args);
    return undefined;
  };

  /** An ID is here an output, and the same one wherever another resource takes it as an input. */
  get resources(): Registered[] {
    return this.made.map(({ resource, type, name, props }) => ({
      ...{ type, name, inputs: props },
      id: (resource as Partial<pulumi.CustomResource>).id,
    }));
  }
}
