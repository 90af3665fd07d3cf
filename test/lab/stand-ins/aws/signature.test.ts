/** By AWS's own examples (Amazon S3 API reference: Authenticating Requests, Signature Calculations for the Authorization Header). */

import { describe, expect, test } from "vitest";
import { authorizationOf, sha256, signatureOf } from "../../../../lab/aws/signature.ts";

const SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const SCOPE = "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";
const NONE = sha256("");

const header = (signedHeaders: string, signature: string) =>
  `AWS4-HMAC-SHA256 Credential=${SCOPE},SignedHeaders=${signedHeaders},Signature=${signature}`;
const request = (method: string, url: string, more: Record<string, string>, body = "") => ({
  ...{ method, url, body: Buffer.from(body) },
  headers: {
    host: "examplebucket.s3.amazonaws.com",
    "x-amz-content-sha256": sha256(body),
    "x-amz-date": "20130524T000000Z",
    ...more,
  },
});

describe("a signature", () => {
  test.each([
    [
      "of GET Object",
      request("GET", "/test.txt", { range: "bytes=0-9" }),
      "host;range;x-amz-content-sha256;x-amz-date",
      "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    ],
    [
      "of PUT Object, whose key is encoded",
      request(
        "PUT",
        "/test%24file.text",
        { date: "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY" },
        "Welcome to Amazon S3.",
      ),
      "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
      "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    ],
    [
      "of a query without a value",
      request("GET", "/?lifecycle", {}),
      "host;x-amz-content-sha256;x-amz-date",
      "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
    ],
    [
      "of a query that is not in order",
      request("GET", "/?prefix=J&max-keys=2", {}),
      "host;x-amz-content-sha256;x-amz-date",
      "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    ],
  ])("%s is AWS's", (_, asked, signedHeaders, signature) => {
    const authorization = authorizationOf(header(signedHeaders, signature))!;
    expect(signatureOf(asked, authorization, SECRET)).toBe(signature);
    expect(signatureOf(asked, authorization, `${SECRET}x`)).not.toBe(signature);
    expect(signatureOf({ ...asked, method: "DELETE" }, authorization, SECRET)).not.toBe(signature);
  });

  test("is taken apart as curl writes it, and as an SDK does", () => {
    const [curls, sdks] = [header("host", NONE), header("host", NONE).replaceAll(",", ", ")].map(
      authorizationOf,
    );
    expect(curls).toEqual({
      ...{ accessKeyId: "AKIAIOSFODNN7EXAMPLE", day: "20130524", region: "us-east-1", service: "s3" },
      ...{ signedHeaders: ["host"], signature: NONE },
    });
    expect(sdks).toEqual(curls);
  });

  test.each([undefined, "", "AWS AKIAIOSFODNN7EXAMPLE:abc", header("host", "none")])("%s is none", (text) =>
    expect(authorizationOf(text)).toBeUndefined(),
  );
});
