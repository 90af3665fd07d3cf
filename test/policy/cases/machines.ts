import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { VOLUME } from "../../../graph/types.ts";
import type { Bundle } from "../../../render/bundle.ts";
import type { Case, Resources } from "../changed-resources.ts";
import { READERS } from "./bundles.ts";
import { KEY } from "./templates.ts";

const A1 = "pptp-fleet-a-1";
const OPTIONS = "/etc/ppp/pptpd-options";

const instance = (policy: string, what: string, change: (inputs: Record<string, any>) => void): Case => ({
  policy,
  what,
  breaks: (resources) => resources.change("Instance", A1, change),
  at: [A1],
});

const file = (what: string, path: string, content: string, encoding?: string): Case => ({
  policy: "user-data-without-secrets",
  what,
  breaks: (resources) =>
    resources.rewrite(A1, (config) => {
      config.write_files.push({ path, permissions: "0600", content, ...(encoding && { encoding }) });
    }),
  at: [A1],
});

const inBundle = (what: string, change: (bundle: Bundle) => void): Case => ({
  policy: "user-data-without-secrets",
  what: `${what}, in a bundle`,
  breaks: (resources) => resources.rewriteBundle(A1, change),
  at: [`${A1}-bundle`],
});

const fileInBundle = (what: string, path: string, content: string): Case =>
  inBundle(what, ({ files }) => files.push({ path, permissions: "0600", content, effect: "nothing" }));

/** A machine of another program's: no bundle, and this file of its own. */
const withoutBundle = (resources: Resources, path: string, content: string): void =>
  resources.rewrite(A1, (config) => {
    config.write_files = [{ path, permissions: "0644", content }];
  });

const weaker = (mppe: string): Pick<Case, "config"> => ({
  config: [`ppp.mppe=${mppe}`, "ppp.trafficMayBeRead=true"],
});

const ACCOUNTS = 'users=[{"name":"plc-seven","password":"correct horse battery"}]';

export const machineCases: Case[] = [
  instance("instance-type", "a family without ENA", (inputs) => {
    inputs.instanceType = "t2.micro";
  }),
  instance("instance-type", "a size with one queue", (inputs) => {
    inputs.instanceType = "c7g.medium";
  }),
  instance("instance-type", "no type", (inputs) => {
    delete inputs.instanceType;
  }),

  instance("metadata-v2", "IMDSv1", (inputs) => {
    inputs.metadataOptions.httpTokens = "optional";
  }),
  instance("metadata-v2", "two hops", (inputs) => {
    inputs.metadataOptions.httpPutResponseHopLimit = 2;
  }),
  instance("metadata-v2", "metadata as AWS's default has it", (inputs) => {
    delete inputs.metadataOptions;
  }),

  instance("disks-encrypted", "a root disk in plain", (inputs) => {
    inputs.rootBlockDevice.encrypted = false;
  }),
  instance("disks-encrypted", "a root disk as AWS's default has it", (inputs) => {
    delete inputs.rootBlockDevice;
  }),
  instance("disks-encrypted", "a further disk in plain", (inputs) => {
    inputs.ebsBlockDevices = [{ deviceName: "/dev/sdf", volumeSize: 8 }];
  }),
  {
    policy: "disks-encrypted",
    what: "a volume in plain",
    breaks: (resources) =>
      resources.add(VOLUME, "more", {
        size: 8,
        tags: { Name: "more", project: "pptp-fleet", stack: "prod" },
      }),
    at: ["more"],
  },

  {
    policy: "user-data-size",
    what: "user data that EC2 refuses",
    breaks: (resources) =>
      resources.rewrite(A1, (config) => {
        config.write_files.push({
          path: "/etc/noise",
          permissions: "0644",
          content: randomBytes(16_000).toString("base64"),
        });
      }),
    at: [A1],
  },

  file("an AWS access key", "/root/.aws/credentials", `aws_access_key_id = ${"AKIA"}IOSFODNN7EXAMPLE\n`),
  file("an AWS secret key", "/root/.aws/credentials", "aws_secret_access_key = wJalrXUtnFEMI\n"),
  file("a private key", "/etc/ssh/ssh_host_ed25519_key", KEY),
  file("a private key in base64", "/root/key", Buffer.from(KEY).toString("base64"), "b64"),
  file("accounts, packed", "/etc/ppp/chap-secrets", gzipSync("a pptpd b *\n").toString("base64"), "gz+b64"),
  file("a GitHub token", "/root/.netrc", `password ghp_${"a".repeat(36)}\n`),
  file("a Pulumi token", "/root/.pulumi/token", `pul-${"0".repeat(40)}\n`),
  file("accounts", "/etc/ppp/chap-secrets", 'plc-seven pptpd "secret" *\n'),
  fileInBundle("an AWS access key", "/root/.aws/credentials", `\n${"AKIA"}IOSFODNN7EXAMPLE\n`),
  fileInBundle("a private key", "/etc/ssh/ssh_host_ed25519_key", KEY),
  fileInBundle("accounts", "/etc/ppp/chap-secrets", 'plc-seven pptpd "secret" *\n'),
  inBundle("a Pulumi token that is in no file", ({ before }) =>
    before.push({ name: "log-in", script: `pulumi login pul-${"0".repeat(40)}` }),
  ),
  ...[["gzipped", gzipSync] as const, ["as it is", Buffer.from] as const].map(
    ([how, packed]): Case => ({
      policy: "user-data-without-secrets",
      what: `a private key in what is no bundle, ${how}`,
      breaks: (resources) =>
        resources.change("BucketObjectv2", `${A1}-bundle`, (inputs) => {
          inputs.contentBase64 = packed(KEY).toString("base64");
        }),
      at: [`${A1}-bundle`],
      besides: READERS.map((policy) => `${policy}: ${A1}`),
    }),
  ),
  {
    policy: "user-data-without-secrets",
    what: "a password for administrators",
    breaks: (resources) =>
      resources.rewrite(A1, (config) => {
        config.password = "short";
      }),
    at: [A1],
  },
  {
    policy: "user-data-without-secrets",
    what: "a user with a password",
    breaks: (resources) =>
      resources.rewrite(A1, (config) => {
        config.users = ["default", { name: "op", hashed_passwd: "$6$x" }];
      }),
    at: [A1],
  },
  {
    policy: "user-data-without-secrets",
    what: "user data that nobody can read",
    breaks: (resources) =>
      resources.change("Instance", A1, (inputs) => {
        inputs.userDataBase64 = randomBytes(99).toString("base64");
      }),
    at: [A1],
    besides: [`mppe-128: ${A1}`, `timers-in-order: ${A1}`],
  },
  {
    policy: "accounts-stay-secret",
    what: "an account's password in user data",
    config: [ACCOUNTS],
    breaks: (resources) =>
      resources.rewrite(A1, (config) => {
        config.bootcmd.push(["echo", "correct horse battery"]);
      }),
    at: [A1],
  },
  {
    policy: "accounts-stay-secret",
    what: "an account's password in a bundle",
    config: [ACCOUNTS],
    breaks: (resources) => resources.rewriteFile(A1, OPTIONS, (text) => `${text}# correct horse battery\n`),
    at: [`${A1}-bundle`],
  },
  {
    policy: "accounts-stay-secret",
    what: "an account's password in a tag",
    config: [ACCOUNTS],
    breaks: (resources) =>
      resources.change("Vpc", "pptp-fleet", (inputs) => {
        inputs.tags.note = "correct horse battery";
      }),
    at: ["pptp-fleet"],
  },

  ...["40", "none"].map(
    (mppe): Case => ({
      policy: "mppe-128",
      what: `MPPE ${mppe} in production, by the key that admits it`,
      ...weaker(mppe),
      breaks: () => undefined,
      at: [A1, "pptp-fleet-b-1"],
    }),
  ),
  {
    policy: "mppe-128",
    what: "MPPE of any strength without the key that admits it",
    stack: "dev",
    breaks: (resources) =>
      resources.rewriteFile(A1, OPTIONS, (text) => text.replace("\nrequire-mppe-128\n", "\nrequire-mppe\n")),
    at: [A1],
  },
  {
    policy: "mppe-128",
    what: "MPPE that only a comment requires",
    stack: "dev",
    breaks: (resources) =>
      resources.rewriteFile(A1, OPTIONS, (text) =>
        text.replace("\nrequire-mppe-128\n", "\n# require-mppe-128\n"),
      ),
    at: [A1],
  },
  {
    policy: "mppe-128",
    what: "a server whose bundle has no options of pppd's",
    breaks: (resources) =>
      resources.rewriteBundle(A1, (bundle) => {
        bundle.files = bundle.files.filter(({ path }) => path !== OPTIONS);
      }),
    at: [A1],
    besides: [`timers-in-order: ${A1}`],
  },
  {
    policy: "mppe-128",
    what: "MPPE of 40 bits on a server that has no bundle",
    breaks: (resources) => withoutBundle(resources, OPTIONS, "require-mppe-40\n"),
    at: [A1],
    besides: [`timers-in-order: ${A1}`],
  },

  {
    policy: "timers-in-order",
    what: "a listener that forgets before PPTP's echo",
    breaks: (resources) =>
      resources.change("Listener", "pptp-fleet", (inputs) => {
        inputs.tcpIdleTimeoutSeconds = 60;
      }),
    at: ["pptp-fleet"],
  },
  {
    policy: "timers-in-order",
    what: "a listener with another number than the plan's",
    breaks: (resources) =>
      resources.change("Listener", "pptp-fleet", (inputs) => {
        inputs.tcpIdleTimeoutSeconds = 900;
      }),
    at: ["pptp-fleet"],
  },
  {
    policy: "timers-in-order",
    what: "an LCP echo slower than the plan's",
    breaks: (resources) =>
      resources.rewriteFile(A1, OPTIONS, (text) =>
        text.replace(/^lcp-echo-interval \d+$/m, "lcp-echo-interval 600"),
      ),
    at: [A1],
  },
  {
    policy: "timers-in-order",
    what: "no LCP echo",
    breaks: (resources) =>
      resources.rewriteFile(A1, OPTIONS, (text) => text.replace(/^lcp-echo-(interval|failure) \d+$/gm, "")),
    at: [A1],
  },
  {
    policy: "timers-in-order",
    what: "a plan with a broken chain",
    breaks: (resources) => {
      resources.find("Fleet", "pptp-fleet")[0]!.outputs.plan.fleet.timers.chains[0].forgets[0].seconds = 20;
    },
    at: ["pptp-fleet"],
  },
  {
    policy: "timers-in-order",
    what: "a fleet that puts out no plan",
    breaks: (resources) => {
      delete resources.find("Fleet", "pptp-fleet")[0]!.outputs.plan;
    },
    at: ["pptp-fleet", A1, "pptp-fleet-b-1"],
  },

  {
    policy: "deletion-protection",
    what: "production without protection",
    config: ["terminationProtection=false"],
    breaks: () => undefined,
    at: ["pptp-fleet", A1, "pptp-fleet-b-1", "pptp-fleet-gateway-a", "pptp-fleet-gateway-b"],
  },
];
