import { describe, expect, test } from "vitest";
import { enaQueues, queueMistakes } from "../../../plan/tunnel/queues.ts";
import { givenSettings } from "../../shared/given.ts";

describe("most types have a queue for each vCPU, and no more than eight", () => {
  test.each([
    ["c6in.large", 2, 2],
    ["t3.nano", 2, 2],
    ["t4g.small", 2, 2],
    ["a1.medium", 1, 1],
    ["c7g.xlarge", 4, 4],
    ["m5.2xlarge", 8, 8],
    ["m5.24xlarge", 96, 8],
    ["c7i.24xlarge", 96, 8],
    ["c6g.metal", 64, 8],
  ])("%s with %i vCPUs: %i", (type, vcpus, queues) => {
    expect(enaQueues(type, vcpus)).toBe(queues);
  });
});

describe("network families have more, from a size on", () => {
  test.each([
    ["c5n.2xlarge", 8, 8],
    ["c5n.4xlarge", 16, 16],
    ["c5n.18xlarge", 72, 32],
    ["i3en.3xlarge", 12, 12],
    ["c6in.4xlarge", 16, 8],
    ["c6in.8xlarge", 32, 16],
    ["c6in.24xlarge", 96, 32],
    ["c8in.24xlarge", 96, 16],
    ["c8in.32xlarge", 128, 32],
    ["c8i.8xlarge", 32, 8],
    ["c8i.12xlarge", 48, 16],
    ["c8i.48xlarge", 192, 32],
    ["c7i.48xlarge", 192, 16],
    ["u7i-12tb.224xlarge", 896, 16],
    ["hpc7a.12xlarge", 24, 16],
    ["d3.4xlarge", 16, 8],
    ["d3.8xlarge", 32, 32],
  ])("%s with %i vCPUs: %i", (type, vcpus, queues) => {
    expect(enaQueues(type, vcpus)).toBe(queues);
  });
});

describe("some bare metal has more than a virtual machine of its size", () => {
  test.each([
    ["c8g.24xlarge", 96, 8],
    ["c8g.metal-24xl", 96, 32],
    ["c8gn.24xlarge", 96, 16],
    ["c8gn.metal-24xl", 96, 32],
    ["c8i.metal-48xl", 192, 32],
    ["c7i.metal-24xl", 96, 8],
  ])("%s with %i vCPUs: %i", (type, vcpus, queues) => {
    expect(enaQueues(type, vcpus)).toBe(queues);
  });
});

describe("some have fewer than vCPUs", () => {
  test.each([
    ["c7i-flex.large", 2, 1],
    ["c7i-flex.xlarge", 4, 2],
    ["c7i-flex.16xlarge", 64, 4],
    ["m8i-flex.8xlarge", 32, 4],
    ["m8i-flex.12xlarge", 48, 8],
    ["t8i.micro", 2, 1],
    ["m8azn.3xlarge", 12, 4],
    ["m8azn.6xlarge", 24, 8],
    ["g6e.12xlarge", 48, 32],
    ["g6e.16xlarge", 64, 8],
  ])("%s with %i vCPUs: %i", (type, vcpus, queues) => {
    expect(enaQueues(type, vcpus)).toBe(queues);
  });
});

test.each([
  ["c99x.large", 2, 2],
  ["c99x.32xlarge", 128, 8],
  ["c99x-flex.large", 2, 1],
])("a family that is not listed counts by the general rules: %s", (type, vcpus, queues) => {
  expect(enaQueues(type, vcpus)).toBe(queues);
});

describe("nic.queues", () => {
  const mistakes = (queues: number | undefined, instanceType: string, vcpus: number) => {
    const { nic } = givenSettings();
    return queueMistakes({ instanceType, nic: queues === undefined ? nic : { ...nic, queues } }, { vcpus });
  };

  test.each([
    ["c6in.large", 2, 2],
    ["c6in.4xlarge", 16, 8],
    ["c6in.24xlarge", 96, 32],
    ["c7i-flex.16xlarge", 64, 4],
    // Of a type that nobody knows: whatever vCPUs allow.
    ["c99x.4xlarge", 16, 16],
  ])("of a %s with %i vCPUs are at most %i", (type, vcpus, most) => {
    expect(mistakes(most, type, vcpus)).toEqual([]);
    expect(mistakes(most + 1, type, vcpus)).toEqual([
      {
        key: "nic.queues",
        value: String(most + 1),
        allowed: `at most ${most}: ${type} has ${vcpus} vCPUs, and its card ${most} queues`,
        fix: "pulumi config rm --path 'pptp-fleet:nic.queues', or a pptp-fleet:instanceType whose card has as many",
      },
    ]);
  });

  test("unset are never too many", () => {
    expect(mistakes(undefined, "c6in.large", 2)).toEqual([]);
  });
});
