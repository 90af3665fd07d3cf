/** PPTP's result and error codes in words (RFC 2637, 2.2, 2.8, 2.16). */

const START_RESULTS: Record<number, string> = {
  1: "control connection established",
  2: "general error",
  3: "a control connection from here exists already",
  4: "the requester is not authorized",
  5: "the server does not support this version of PPTP",
};

const CALL_RESULTS: Record<number, string> = {
  1: "connected",
  2: "general error",
  3: "no carrier",
  4: "busy",
  5: "no dial tone",
  6: "the call was not answered in time",
  7: "the server does not accept calls (administratively prohibited)",
};

const ERRORS: Record<number, string> = {
  1: "no control connection exists",
  2: "bad format: a length or the magic cookie is wrong",
  3: "bad value: a field is out of range",
  4: "no resource: the server has none left for this",
  5: "bad call ID",
  6: "an error of the vendor's own",
};

/** Such as `result 2 (general error), error 4 (no resource: …)`. */
export function startWords(result: number, error: number): string {
  return words(START_RESULTS, result, error);
}

export function callWords(result: number, error: number): string {
  return words(CALL_RESULTS, result, error);
}

function words(results: Record<number, string>, result: number, error: number): string {
  const said = `result ${result} (${results[result] ?? "unknown to RFC 2637"})`;
  // The error code counts with result 2 only; servers that send it with another mean something by it all the same.
  return error === 0 ? said : `${said}, error ${error} (${ERRORS[error] ?? "unknown to RFC 2637"})`;
}
