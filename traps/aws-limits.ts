/** What AWS refuses, limits or sells in some places only. */
import type { Topic } from "./trap.ts";

export const ofAwsLimits = {
  "apostrophe-in-a-description": {
    seen: "Descriptions of security group rules take letters, digits, space and `._-:/()#,@[]+=&;{}!$*`: no apostrophe. The preview is green and `up` stops half-way; moto, checkov, cfn-lint and the provider say nothing.",
    versions: "EC2's model",
    answer:
      "Every text is held against AWS's own models, and a policy refuses those of a stack's own additions.",
    test: "scripts/aws/models.lint.ts: is what AWS takes",
  },
  "rights-beyond-the-pages": {
    seen: "Load balancing asks ec2:GetSecurityGroupsForVpc of whoever creates a balancer, since October 2024. route53:CreateHealthCheck knows no resource, and logs:DescribeLogGroups is refused under any other form than a group's ARN.",
    versions: "AWS's authorization reference; of the first, public reports",
    answer: "The policies in docs/ci are decided call by call.",
    test: "ci/roles.test.ts: to be made, read, changed and taken away",
  },
  "deleted-secret-keeps-its-name": {
    seen: "A deleted Secrets Manager secret keeps its name for days: `destroy`, then `up`, fails.",
    versions: "AWS's pages",
    answer: "Ours has no recovery window.",
    test: "program/resources.test.ts: are one secret that can be made again under its name at once",
  },
  "secret-of-65536-bytes": {
    seen: "A secret holds 65,536 bytes.",
    versions: "Secrets Manager's quotas",
    answer: "More accounts are refused, with the number that fits.",
    test: "settings/keys.test.ts: accounts that fill it to the last one are allowed, and one more is told how many fit",
  },
  "hundred-records-of-a-name": {
    seen: "Route 53 has 100 records of one name, and gives nobody more.",
    versions: "Route 53's quotas",
    answer: "More servers behind a `dialName` with `frontDoor: eip` are refused in the preview.",
    test: "components/quotas/quota-mistakes.test.ts: servers behind one name with eip",
  },
  "type-not-sold-in-every-zone": {
    seen: "A region that sells an instance type need not sell it in every zone: c6in.large is not sold in us-east-1e, eu-west-2d and us-west-2d. `up` says so half-way.",
    versions: "EC2's DescribeInstanceTypeOfferings",
    answer: "It is asked in the preview, and refused with the zones that sell it.",
    test: "components/ask/offerings.test.ts: naming the zones that sell it",
  },
  "local-zone-ends-in-parents-letter": {
    seen: "A Local Zone's name ends in its parent's letter, so it passes for another zone of the region.",
    versions: "AWS's pages",
    answer: "A subnet in one is refused in the preview.",
    test: "program/existing-vpc.test.ts: a subnet in a Local Zone, whose last letter is another zone's",
  },
  "vpc-with-secondary-cidrs": {
    seen: "A VPC can have several CIDRs; the one that is asked for first is not all of it.",
    versions: "AWS's pages",
    answer: "All of them are read: a clients' pool in any is refused, and routed clients reach all.",
    test: "program/existing-vpc.test.ts: a clients' pool in a secondary CIDR, with one that is free",
  },
} satisfies Topic;
