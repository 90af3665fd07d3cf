import { describe, expect, test } from "vitest";
import { isProduction, PRODUCTION } from "../../../policy/framework/production.ts";

const production = String(PRODUCTION.default);
const is = (stack: string) => isProduction(`urn:pulumi:${stack}::pptp-fleet::aws:x:Y::z`, { production });

describe("a stack's name says prod:", () => {
  test.each(["prod", "PROD", "prod-eu", "eu-prod", "euprod", "prod1", "customer-production", "preprod"])(
    "%s",
    (stack) => expect(is(stack)).toBe(true),
  );
});

describe("a stack's name says something else:", () => {
  test.each(["dev", "product", "products-test", "nonprod", "non-prod", "not-production", "noprod-2"])(
    "%s",
    (stack) => expect(is(stack)).toBe(false),
  );
});

test("both at once is production", () => expect(is("nonprod-to-prod")).toBe(true));
