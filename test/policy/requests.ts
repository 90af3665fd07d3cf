/** Recorded resources as the engine puts them into its questions to a pack. */
import { createRequire } from "node:module";
import type { RecordedResource } from "../../offline/program.ts";

const require = createRequire(import.meta.url);
const proto = require("@pulumi/pulumi/proto/analyzer_pb.js");
const { Struct } = createRequire(require.resolve("@pulumi/pulumi"))(
  "google-protobuf/google/protobuf/struct_pb.js",
);

/** What of a request stays the same for as long as the resource is: frozen, so that nobody changes it afterwards. */
const messages = new WeakMap<RecordedResource, { one?: any; ofStack?: any }>();

function messagesOf(resource: RecordedResource): { one?: any; ofStack?: any } {
  const made = messages.get(resource) ?? {};
  if (!messages.has(resource)) messages.set(frozen(resource), made);
  return made;
}

/** The same, in all its depth. */
export function frozen<T>(value: T): T {
  if (value === null || typeof value !== "object" || Object.isFrozen(value)) return value;
  Object.values(value).forEach(frozen);
  return Object.freeze(value);
}

/** By its inputs. */
export function analyzeRequest(resource: RecordedResource): any {
  const made = messagesOf(resource);
  made.one ??= filled(new proto.AnalyzeRequest(), resource, resource.inputs);
  return made.one;
}

/** By their outputs, each with what it comes from. */
export function stackRequest(resources: RecordedResource[]): any {
  const request = new proto.AnalyzeStackRequest();
  request.setResourcesList(
    resources.map((resource) => {
      const made = messagesOf(resource);
      made.ofStack ??= ofStack(resource);
      return made.ofStack;
    }),
  );
  return request;
}

function ofStack(resource: RecordedResource): any {
  const { id, state, outputs, parent, options, propertyDependencies } = resource;
  const message = filled(new proto.AnalyzerResource(), resource, id === "" ? outputs : { ...state, id });
  message.setParent(parent);
  message.setDependenciesList(options.dependsOn);
  for (const [property, urns] of Object.entries(propertyDependencies)) {
    const from = new proto.AnalyzerPropertyDependencies();
    from.setUrnsList(urns);
    message.getPropertydependenciesMap().set(property, from);
  }
  return message;
}

/** The pack reads the whole stack anew for each policy: it gets what it has read before, of which it makes copies. */
function struct(properties: object): any {
  const made = Struct.fromJavaScript(properties);
  let read: unknown;
  made.toJavaScript = () => {
    read ??= Struct.prototype.toJavaScript.call(made);
    return read;
  };
  return made;
}

const PROVIDER = struct({ region: "eu-west-1" });

function filled(message: any, { type, name, urn }: RecordedResource, properties: object): any {
  message.setType(type);
  message.setName(name);
  message.setUrn(urn);
  message.setProperties(struct(properties));
  message.setOptions(new proto.AnalyzerResourceOptions());
  const provider = new proto.AnalyzerProviderResource();
  provider.setProperties(PROVIDER);
  message.setProvider(provider);
  return message;
}
