/**
 * Before each file of the unit tests: takes out what the provider's SDK does for whoever debugs it, which is most of a run
 * of the program. The tests that start a process for the program (`asProcess`) have it whole.
 */
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const debuggable = require("@pulumi/pulumi/runtime/debuggable.js");
const log = require("@pulumi/pulumi/log/index.js");

/** All files of a worker share its SDK. */
const DONE = Symbol.for("pptp-fleet.begun");

if (!(DONE in debuggable)) {
  const { debuggablePromise } = debuggable;
  // It keeps the stack of each promise, to name those that never end. Errors keep theirs.
  debuggable.debuggablePromise = (...args: unknown[]) => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(...args);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
  // It tells the engine of each step that it takes, in a request of its own. The CLI shows that with `-d` only.
  log.debug = () => Promise.resolve();
  Object.defineProperty(debuggable, DONE, { value: true });
}
