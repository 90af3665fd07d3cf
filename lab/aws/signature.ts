/**
 * AWS's Signature Version 4 of a request, from the side that checks it
 * (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
 *
 * Leaves out: signatures in a query (presigned URLs), of a body in chunks, and Version 4A.
 */

import { createHash, createHmac } from "node:crypto";
import type { Asked } from "./endpoint.ts";

/** The header `Authorization`, taken apart. */
export interface Authorization {
  accessKeyId: string;
  /** Of the credential scope: YYYYMMDD. */
  day: string;
  region: string;
  service: string;
  /** In lower case, as they are listed. */
  signedHeaders: string[];
  /** Hexadecimal. */
  signature: string;
}

const FORM =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

/** Undefined where there is none in that form. */
export function authorizationOf(header: string | undefined): Authorization | undefined {
  const [, accessKeyId, day, region, service, names, signature] = FORM.exec(header ?? "") ?? [];
  if (signature === undefined) return undefined;
  return {
    ...{ accessKeyId: accessKeyId!, day: day!, region: region!, service: service!, signature },
    signedHeaders: names!.split(";"),
  };
}

/** What the signature of this request is under a secret key. */
export function signatureOf(
  request: Asked,
  { day, region, service, signedHeaders }: Omit<Authorization, "signature">,
  secret: string,
): string {
  const scope = [day, region, service, "aws4_request"];
  const toSign = [
    "AWS4-HMAC-SHA256",
    request.headers["x-amz-date"] ?? "",
    scope.join("/"),
    sha256(canonical(request, service, signedHeaders)),
  ].join("\n");
  const key = scope.reduce<string | Buffer>((key, part) => hmac(key, part), `AWS4${secret}`);
  return hmac(key, toSign).toString("hex");
}

function canonical({ method, url, headers, body }: Asked, service: string, signed: string[]): string {
  const [path, query = ""] = url.split(/\?(.*)/s) as [string, string?];
  return [
    method,
    // S3 takes the path as it is sent, every other service encodes it once more.
    service === "s3" ? path : path.split("/").map(encoded).join("/"),
    query
      .split("&")
      .filter(Boolean)
      .map((each) => {
        const [name, value = ""] = each.split(/=(.*)/s) as [string, string?];
        return `${encoded(decodeURIComponent(name))}=${encoded(decodeURIComponent(value))}`;
      })
      .sort()
      .join("&"),
    ...signed.map((name) => `${name}:${(headers[name] ?? "").trim().replace(/ +/g, " ")}`),
    "",
    signed.join(";"),
    headers["x-amz-content-sha256"] ?? sha256(body),
  ].join("\n");
}

/** AWS's UriEncode: all but RFC 3986's unreserved characters. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

export function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac("sha256", key).update(data).digest();
}
