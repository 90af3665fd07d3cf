/** Before each file of the unit tests. */
import { createRequire } from "node:module";

const debuggable = createRequire(import.meta.url)("@pulumi/pulumi/runtime/debuggable.js");

/** Whether the SDK of this worker, which all of its files share, has been seen to. */
const DONE = Symbol.for("pptp-fleet.stacks-of-promises");

/**
 * The SDK keeps the stack of each promise that it makes, to tell of those that never end. Vitest makes a stack a hundred
 * frames deep and maps each to its source: two thirds of a run of the program. Errors keep theirs.
 */
if (!(DONE in debuggable)) {
  const { debuggablePromise } = debuggable;
  debuggable.debuggablePromise = (...args: unknown[]) => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(...args);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
  Object.defineProperty(debuggable, DONE, { value: true });
}
