/** A program's resource hooks: which it has registered, and what becomes of an update when one fails. */
import type { Properties } from "./wire.ts";

export const HOOKS = [
  "beforeCreate",
  "afterCreate",
  "beforeUpdate",
  "afterUpdate",
  "beforeDelete",
  "afterDelete",
] as const;

export type Moment = (typeof HOOKS)[number];

/** Names of a resource's hooks, in the order in which they run. The state keeps them; the functions are the program's. */
export type Bindings = Partial<Record<Moment, string[]>>;

/** What a hook is told. */
export interface Occasion {
  urn: string;
  id: string;
  name: string;
  type: string;
  oldInputs?: Properties;
  newInputs?: Properties;
  oldOutputs?: Properties;
  newOutputs?: Properties;
}

export interface Hook {
  name: string;
  /** Whether it runs in previews too. */
  onDryRun: boolean;
  /** Whether an error of it is a warning only. */
  ignoreErrors: boolean;
  /** Runs the function in the program; its error, or an empty text. */
  call(occasion: Occasion): Promise<string>;
}

/** After pulumi/pulumi, pkg/resource/deploy/resource_hooks.go, and RunHooks of deployment.go there (3.260). */
export class Hooks {
  /** Errors of hooks whose errors are ignored. */
  readonly warnings: string[] = [];
  private readonly known = new Map<string, Hook>();

  /** @throws Error where the name is taken. */
  register(hook: Hook): void {
    if (this.known.has(hook.name))
      throw new Error(`resource hook already registered for name "${hook.name}"`);
    this.known.set(hook.name, hook);
  }

  /** Why the first one that failed did so; undefined where none has. */
  async run(
    moment: Moment,
    bindings: Bindings | undefined,
    occasion: Occasion,
    preview: boolean,
  ): Promise<string | undefined> {
    for (const name of bindings?.[moment] ?? []) {
      const hook = this.known.get(name);
      if (hook === undefined) return `hook "${name}" was not registered`;
      if (preview && !hook.onDryRun) continue;
      const error = await hook.call(occasion);
      if (error === "") continue;
      if (!hook.ignoreErrors)
        return `${moment.startsWith("before") ? "before" : "after"} hook "${name}" failed: ${error}`;
      this.warnings.push(`${moment} hook "${name}" failed: ${error}`);
    }
    return undefined;
  }
}

/** Whether a resource cannot be deleted without the program. */
export function hasDeleteHooks(bindings: Bindings | undefined): boolean {
  return [bindings?.beforeDelete, bindings?.afterDelete].some((names) => (names ?? []).length > 0);
}
