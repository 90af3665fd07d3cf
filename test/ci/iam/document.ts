/** The policy documents that the project publishes. */
import { type Statement, statements } from "../../../offline/iam/policy.ts";
import { read } from "../../shared/files.ts";

/** A document of docs/ci. */
export function document(name: string): Statement[] {
  return statements(read(`docs/ci/${name}.json`));
}
