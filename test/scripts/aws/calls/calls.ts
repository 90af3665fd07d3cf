/**
 * Which calls AWS's provider makes to create a resource, and which input goes to which member: `source` is the file under
 * terraform-provider-aws's internal/service/, main as of 2026. Only types and inputs that the program uses; another input is
 * an error, and wants its line here. Not every line could be read there: those of plain creation follow AWS's own reference.
 */
import { balancer } from "./balancer.ts";
import { bucket } from "./bucket.ts";
import type { Row } from "./call.ts";
import { machines } from "./machines.ts";
import { network } from "./network.ts";
import { others } from "./others.ts";

export const calls: Record<string, Row> = { ...network, ...machines, ...balancer, ...bucket, ...others };
