// What `pulumi preview --policy-pack policy` loads: CommonJS's way into the pack, which is TypeScript that Node runs.
import { PolicyPack } from "@pulumi/policy";
import { makePolicies } from "./policies.ts";

new PolicyPack("pptp-fleet", { policies: makePolicies() });
