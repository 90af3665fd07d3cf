/**
 * The SDK's promises without what is only there for those who look for leaks among them.
 *
 * For every property that a type has, set or not, the SDK makes four promises, and keeps a stack trace, a number and a
 * description of each: of a plan's CPU time for 1,000 servers that was 43 %. Nothing reads these but the list of leaks with
 * PULUMI_DEBUG_PROMISE_LEAKS set, and with that set all stays as the SDK has it. An error's own stack trace is none of them.
 */
import debuggable from "@pulumi/pulumi/runtime/debuggable.js";
import * as state from "@pulumi/pulumi/runtime/state.js";

type DebuggablePromise = <T>(promise: Promise<T>, description?: string) => Promise<T>;

// Stripped from the SDK's declarations as internal, like in offline/program.ts; the SDK calls it by this object each time.
const sdk = debuggable as unknown as { debugPromiseLeaks: boolean; debuggablePromise: DebuggablePromise };
const { getStore } = state as unknown as { getStore(): { leakCandidates: Set<Promise<unknown>> } };

/**
 * What the SDK's own does besides: a promise that is neither resolved nor rejected when the program ends is a leak, and an
 * error knows its promise.
 */
const light: DebuggablePromise = (promise) => {
  const store = getStore();
  store.leakCandidates.add(promise);
  return promise.then(
    (value) => {
      store.leakCandidates.delete(promise);
      return value;
    },
    (error) => {
      store.leakCandidates.delete(promise);
      error.promise = promise;
      throw error;
    },
  );
};

/** Once for all programs of a process. What a program made before keeps its traces. */
export function skipPromiseDebugging(): void {
  if (sdk.debugPromiseLeaks || sdk.debuggablePromise === light) return;
  // Its first call has the process look for leaks at its end.
  void sdk.debuggablePromise(Promise.resolve());
  sdk.debuggablePromise = light;
}
