/** What AWS asks for the parts of a stack, in USD, on demand in us-east-1. Read, not asked: AWS's price list has the last word. */

/** Hours of a month, as AWS's calculator reckons. */
export const HOURS = 730;

/** AWS's own table of instances' prices, in the source of Karpenter, made on that day from AWS's price list. */
export const INSTANCES_READ = "2026-01-19";
export const INSTANCES_PAGE =
  "https://github.com/aws/karpenter-provider-aws/blob/031e72b6099630e960dacb88b48a7e9bb780945f/pkg/providers/pricing/zz_generated.pricing_aws.go";

/** An hour of an instance with Linux, by its type. */
export const instanceHour: Record<string, number> = { "c6in.large": 0.1134, "t3.small": 0.0208 };

/** A GB of gp3 for a month, as gitlab.com/gitlab-org/ci-cd/docker-machine, merge request 45, quotes aws.amazon.com/ebs/pricing. */
export const GP3_GB_MONTH = 0.08;
/** An hour of a public IPv4 address, in use or not, since 1 February 2024 (AWS's networking blog: identify and optimize public IPv4 address usage). */
export const IPV4_HOUR = 0.005;
/** An hour of a Network Load Balancer, as awsnegotiations.com/elastic-load-balancer-cost.html had it in May 2026. */
export const BALANCER_HOUR = 0.0225;
/** A secret for a month, as hivebook.wiki quotes aws.amazon.com/secrets-manager/pricing. */
export const SECRET_MONTH = 0.4;
