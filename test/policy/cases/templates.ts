import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { LAUNCH_TEMPLATE } from "../../../graph/types.ts";
import type { Case } from "../changed-resources.ts";

export const KEY = `-----BEGIN ${"OPENSSH"} PRIVATE KEY-----\nAAAA\n`;

/** A launch template that is in order but for `changes`; the program makes none. */
const template = (policy: string, what: string, changes: object): Case => ({
  policy,
  what,
  breaks: (resources) =>
    resources.add(LAUNCH_TEMPLATE, "template", {
      instanceType: "c6in.large",
      metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true" } }],
      userData: Buffer.from("#cloud-config\n{}\n").toString("base64"),
      tags: { Name: "template", project: "pptp-fleet", stack: "prod" },
      ...changes,
    }),
  at: ["template"],
});

export const templateCases: Case[] = [
  template("instance-type", "a launch template of a size with one queue", { instanceType: "c7g.medium" }),
  template("metadata-v2", "a launch template with IMDSv1", { metadataOptions: { httpTokens: "optional" } }),
  template("disks-encrypted", "a launch template with a disk in plain", {
    blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeSize: 8 } }],
  }),
  template("disks-encrypted", "a launch template that takes its image's disks", {
    blockDeviceMappings: [],
  }),
  template("user-data-size", "a launch template with user data that EC2 refuses", {
    userData: Buffer.from(`#cloud-config\nnoise: ${randomBytes(9_000).toString("hex")}\n`).toString("base64"),
  }),
  template("user-data-without-secrets", "a launch template with a private key", {
    userData: gzipSync(`#cloud-config\nssh_keys: |\n  ${KEY.replace("\n", "\n  ")}`).toString("base64"),
  }),
];
