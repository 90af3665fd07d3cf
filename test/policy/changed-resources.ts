/** Recorded resources, broken on purpose: what a change of the program or of its config could bring about. */
import { gunzipSync, gzipSync } from "node:zlib";
import { parse, stringify } from "yaml";
import { machineOfBundle, unpackBundle } from "../../graph/bundles.ts";
import type { RecordedResource } from "../../offline/program.ts";
import { bundleKey } from "../../plan/bucket.ts";
import { type Bundle, type PackedBundle, packBundle } from "../../render/bundle.ts";
import { frozen } from "./requests.ts";

/** A violation: how it comes about, and what must stop it. */
export interface Case {
  /** The policy that it is for. */
  policy: string;
  what: string;
  /** Settings of the stack besides those of Pulumi.prod.yaml, as for `npm run plan -- --config`. */
  config?: string[];
  stack?: "dev" | "prod";
  breaks(resources: Resources): void;
  /** Resources at which the policy stops the update. */
  at: string[];
  /** What else it breaks, as `policy: resource`. */
  besides?: string[];
  /** Told by AWS's answer alone: an update finds it, and no preview. */
  inUpdatesOnly?: true;
}

/** A run's resources, to be changed: each is copied when it is asked for, the others are the run's own and stay as they are. */
export class Resources {
  list: RecordedResource[];
  /** URNs of those that may have changed. */
  readonly touched = new Set<string>();

  constructor(resources: RecordedResource[]) {
    this.list = resources.map(frozen);
  }

  /** Those of a type (its last part) whose name matches. */
  find(type: string, name: string | RegExp): RecordedResource[] {
    const wanted = (each: RecordedResource) =>
      each.type.endsWith(`:${type}`) &&
      (typeof name === "string" ? each.name === name : name.test(each.name));
    this.list = this.list.map((each) =>
      wanted(each) && Object.isFrozen(each) ? structuredClone(each) : each,
    );
    const found = this.list.filter(wanted);
    if (found.length === 0) throw new Error(`no ${type} ${name}`);
    for (const { urn } of found) this.touched.add(urn);
    return found;
  }

  /** Changes inputs, and with them the state. */
  change(type: string, name: string | RegExp, change: (inputs: Record<string, any>) => void): void {
    for (const each of this.find(type, name)) {
      change(each.inputs);
      change(each.state);
    }
  }

  remove(type: string, name: string | RegExp): void {
    const gone = this.find(type, name);
    this.list = this.list.filter((each) => !gone.includes(each));
  }

  /** One more resource; `wired`: by input, the resources that it comes from. */
  add(type: string, name: string, inputs: object, wired: Record<string, RecordedResource> = {}): void {
    const urn = `${this.list[0]!.urn.split("::").slice(0, 2).join("::")}::${type}::${name}`;
    this.touched.add(urn);
    this.list.push({
      urn,
      type,
      name,
      parent: "",
      id: `${name}-id`,
      inputs: { ...inputs },
      shownInputs: {},
      state: { ...inputs },
      outputs: {},
      options: { dependsOn: [], deleteBeforeReplace: false, ignoreChanges: [] },
      propertyDependencies: Object.fromEntries(Object.entries(wired).map(([key, { urn }]) => [key, [urn]])),
    });
  }

  /** Changes a machine's cloud-config. */
  rewrite(instance: string, change: (config: Record<string, any>) => void): void {
    this.change("Instance", instance, (inputs) => {
      const config = parse(gunzipSync(Buffer.from(inputs.userDataBase64, "base64")).toString());
      change(config);
      const text = `#cloud-config\n${stringify(config, { lineWidth: 0 })}`;
      inputs.userDataBase64 = gzipSync(text).toString("base64");
    });
  }

  /** Changes a machine's bundle, and with it the pointer to it. */
  rewriteBundle(instance: string, change: (bundle: Bundle) => void): void {
    const [{ inputs }] = this.find("BucketObjectv2", `${instance}-bundle`) as [RecordedResource];
    const bundle = unpackBundle(inputs.contentBase64) as Bundle;
    change(bundle);
    this.putBundle(instance, packBundle(bundle));
  }

  /** Gives a machine another bundle, and the pointer to it. */
  putBundle(instance: string, { bytes, version }: PackedBundle): void {
    const [{ inputs }] = this.find("BucketObjectv2", `${instance}-bundle`) as [RecordedResource];
    const key = bundleKey(machineOfBundle(inputs.key)!, version);
    this.change("BucketObjectv2", `${instance}-bundle`, (object) => {
      Object.assign(object, { key, contentBase64: bytes.toString("base64") });
    });
    this.change("BucketObjectv2", `${instance}-desired`, (pointer) => {
      pointer.content = JSON.stringify({ version, key });
    });
  }

  /** Changes a file of a machine, in its bundle. */
  rewriteFile(instance: string, path: string, change: (content: string) => string): void {
    this.rewriteBundle(instance, ({ files }) => {
      const file = files.find((each) => each.path === path);
      if (file === undefined) throw new Error(`there is no ${path}`);
      const before = file.content;
      file.content = change(before);
      if (file.content === before) throw new Error(`${path} stays as it is`);
    });
  }
}
