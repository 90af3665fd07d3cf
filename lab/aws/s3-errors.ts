/** S3's refusals: status, code and words (docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html). */

import { randomBytes } from "node:crypto";
import type { Answered, Asked } from "./endpoint.ts";
import { MAX_SKEW_MS, type Reason } from "./gate.ts";

const REFUSALS: Record<Reason, [status: number, code: string, message: string]> = {
  unsigned: [403, "AccessDenied", "Access Denied"],
  malformed: [
    400,
    "AuthorizationHeaderMalformed",
    "The authorization header that you provided is not valid.",
  ],
  key: [403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."],
  clock: [
    403,
    "RequestTimeTooSkewed",
    "The difference between the request time and the current time is too large.",
  ],
  "unsigned header": [403, "AccessDenied", "There were headers present in the request which were not signed"],
  signature: [
    403,
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
  ],
  body: [
    400,
    "XAmzContentSHA256Mismatch",
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  ],
  token: [400, "InvalidToken", "The provided token is malformed or otherwise invalid."],
  expired: [400, "ExpiredToken", "The provided token has expired."],
};

export function refusal(reason: Reason, { headers }: Asked, now: Date): Answered {
  const [status, code, message] = REFUSALS[reason];
  if (reason !== "clock") return xml(status, code, message);
  return xml(status, code, message, {
    RequestTime: headers["x-amz-date"]!,
    ServerTime: `${now.toISOString().slice(0, -5)}Z`,
    MaxAllowedSkewMilliseconds: `${MAX_SKEW_MS}`,
  });
}

/** An error as S3 writes it. */
export function xml(
  status: number,
  code: string,
  message: string,
  more: Record<string, string> = {},
): Answered {
  const id = randomBytes(8).toString("hex").toUpperCase();
  const members = { Code: code, Message: message, ...more, RequestId: id, HostId: "lab" };
  const text = Object.entries(members).map(([name, value]) => `<${name}>${value}</${name}>`);
  return {
    status,
    headers: { "content-type": "application/xml", "x-amz-request-id": id },
    body: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n<Error>${text.join("")}</Error>`),
  };
}
