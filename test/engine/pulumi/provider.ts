/** What the engine asks of a provider. */
import type { Properties } from "./wire.ts";

/** What differs between old and new inputs. */
export interface Change {
  changed: string[];
  /** Those of them for which another resource is made. */
  replaces: string[];
  /** Whether the provider wants the old one gone first; a resource's own option overrules it. */
  deleteBeforeReplace?: boolean;
}

/** Inputs and outputs are plain; inputs may be unknown in previews. */
export interface Provider {
  /**
   * What the provider adds to the inputs by itself.
   *
   * @throws Error where the inputs are none of the type's.
   */
  check(type: string, inputs: Properties): Properties;
  diff(type: string, olds: Properties, news: Properties): Change;
  create(type: string, name: string, inputs: Properties): { id: string; outputs: Properties };
  /** @throws Error where it is not there. */
  read(type: string, id: string): { inputs: Properties; outputs: Properties };
  /** The outputs afterwards. */
  update(type: string, id: string, inputs: Properties): Properties;
  delete(type: string, id: string): void;
  invoke(token: string, args: Properties): Properties;
}
