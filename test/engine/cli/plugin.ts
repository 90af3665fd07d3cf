/**
 * The account of test/engine/aws as a provider plugin, for Pulumi's own engine: started by the CLI as
 * `pulumi-resource-aws <address>`. What stands in the account is kept in the file that FLEET_ACCOUNT names.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import * as provider from "@pulumi/pulumi/provider/index.js";
import { Account } from "../aws/account.ts";
import { type Properties, plain } from "../pulumi/wire.ts";

const FILE = process.env.FLEET_ACCOUNT!;
const account = new Account("eu-west-1");
if (existsSync(FILE)) account.restore(JSON.parse(readFileSync(FILE, "utf8")));

const typeOf = (urn: string) => urn.split("::")[2]!.split("$").at(-1)!;
const nameOf = (urn: string) => urn.split("::")[3]!;

/** The engine may do several at once; here each ends before the next begins. */
function kept<T>(result: T): T {
  writeFileSync(FILE, JSON.stringify(account.kept()), { mode: 0o600 });
  return result;
}

const plugin: provider.Provider = {
  version: "7.48.0",
  getSchema: async () => JSON.stringify({ name: "aws", version: "7.48.0" }),
  check: async (urn, _, news: Properties) => ({
    inputs: { ...news, ...account.check(typeOf(urn), plain(news)) },
  }),
  diff: async (id, urn, _, news: Properties) => {
    // By the inputs of then: outputs have more.
    const {
      changed,
      replaces,
      deleteBeforeReplace = false,
    } = account.diff(typeOf(urn), account.standing.get(id)!.inputs, plain(news));
    return { changes: changed.length > 0, replaces, deleteBeforeReplace };
  },
  create: async (urn, inputs: Properties) => {
    const { id, outputs } = account.create(typeOf(urn), nameOf(urn), plain(inputs));
    // Secrets go back as such.
    return kept({ id, outs: { ...outputs, ...inputs } });
  },
  update: async (id, urn, _, news: Properties) =>
    kept({ outs: { ...account.update(typeOf(urn), id, plain(news)), ...news } }),
  delete: async (id, urn) => kept(account.delete(typeOf(urn), id)),
  invoke: async (token, args: Properties) => ({ outputs: account.invoke(token, plain(args)) }),
};

await provider.main(plugin, process.argv.slice(2));
