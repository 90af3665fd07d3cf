/** A program's request for a resource, read. */
import { type Bindings, HOOKS } from "./hooks.ts";
import { type Goal, urnOf } from "./state.ts";

/** @throws Error for what this engine knows nothing of: better than to ignore it. */
export function goalOf({ stack, project }: { stack: string; project: string }, request: any): Goal {
  const [type, name, parent] = [request.getType(), request.getName(), request.getParent()];
  const unknown = {
    deletedWith: request.getDeletedwith(),
    provider: request.getProvider(),
    remote: request.getRemote(),
    replaceWith: request.getReplaceWithList()[0],
    replacementTrigger: request.hasReplacementTrigger(),
    transforms: request.getTransformsList()[0],
    "the hook onError": request.getHooks()?.getOnErrorList()[0],
    // A component's run when it registers its outputs.
    "hooks of a component": !request.getCustom() && hooksOf(request),
  };
  const [used] = Object.entries(unknown).filter(([, value]) => value);
  if (used !== undefined) throw new Error(`this engine does not know ${used[0]}, which ${type} ${name} uses`);
  return {
    urn: urnOf(stack, project, parent, type, name),
    type,
    name,
    parent,
    custom: request.getCustom(),
    inputs: request.getObject()?.toJavaScript() ?? {},
    dependencies: request.getDependenciesList(),
    propertyDependencies: Object.fromEntries(
      [...request.getPropertydependenciesMap().entries()].map(([key, urns]: [string, any]) => [
        key,
        urns.getUrnsList(),
      ]),
    ),
    options: {
      deleteBeforeReplace: request.getDeletebeforereplacedefined()
        ? request.getDeletebeforereplace()
        : undefined,
      ignoreChanges: request.getIgnorechangesList(),
      replaceOnChanges: request.getReplaceonchangesList(),
      aliases: request
        .getAliasesList()
        .map((alias: any) => aliasUrn({ stack, project, type, name, parent }, alias)),
      protect: request.getProtect() ?? false,
      retainOnDelete: request.getRetainondelete() ?? false,
      import: request.getImportid(),
      customTimeouts: request.getCustomtimeouts()?.toObject() ?? {},
      ...hooksOf(request),
    },
  };
}

function hooksOf(request: any): { hooks: Bindings } | undefined {
  const binding = request.getHooks()?.toObject();
  if (binding === undefined) return undefined;
  const bound = HOOKS.map((moment) => [moment, binding[`${moment}List`]] as const);
  const hooks = Object.fromEntries(bound.filter(([, names]) => names.length > 0));
  return Object.keys(hooks).length === 0 ? undefined : { hooks };
}

function aliasUrn(
  own: { stack: string; project: string; type: string; name: string; parent: string },
  alias: any,
): string {
  if (alias.hasUrn()) return alias.getUrn();
  const spec = alias.getSpec();
  return urnOf(
    spec.getStack() || own.stack,
    spec.getProject() || own.project,
    spec.getNoparent() ? "" : spec.getParenturn() || own.parent,
    spec.getType() || own.type,
    spec.getName() || own.name,
  );
}
