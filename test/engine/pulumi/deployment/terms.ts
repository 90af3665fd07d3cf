/** What a deployment starts from, and the steps that it comes to. */
import type { Provider } from "../provider.ts";
import type { State, Undone } from "../state.ts";
import type { Kill } from "./calls.ts";

export type Op = "same" | "update" | "replace" | "create" | "import" | "delete";

export interface Step {
  op: Op;
  urn: string;
  /** Inputs that differ. */
  changed: string[];
  /** Those of them for which it is replaced. */
  replaces: string[];
}

/** What an update starts from, and how far it goes. */
export interface Terms {
  state: State;
  undone: Undone;
  provider: Provider;
  preview: boolean;
  /** `--target`: URNs, of which nothing else is touched. @default all */
  targets?: readonly string[];
  /** `destroy --run-program`: what the program registers goes, too. */
  destroys?: boolean;
  kill?: Kill;
}
