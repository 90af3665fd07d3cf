/**
 * Packages that Debian's image brings, or that our own bring along, and that read what comes from the network: those that a
 * security update is for. What else the image has is upgraded by a newer image only, when a machine is replaced.
 */

/** Packages of one source, which go together: many depend on each other's exact version. */
export interface ImagePackages {
  /** What they read, and from whom. */
  why: string;
  names: string[];
  /** Set where a running machine has the new version from its next boot on. */
  reboot?: true;
}

const ARCHITECTURES = ["amd64", "arm64"] as const;

/** Debian's names for processors. */
export type DebianArchitecture = (typeof ARCHITECTURES)[number];

export const imagePackages: ImagePackages[] = [
  {
    why: "SSH, from adminCidrs, before anybody is known",
    names: ["openssh-server", "openssh-client", "openssh-sftp-server"],
  },
  {
    why: "pppd's handshakes, and all TLS: with AWS and with Debian's mirrors",
    names: ["libssl3t64", "openssl", "openssl-provider-legacy"],
  },
  { why: "under every daemon; answers of name servers", names: ["libc6", "libc-bin"] },
  {
    why: "DHCP, DNS and NTP (networkd, resolved, timesyncd), and what starts every daemon",
    names: [
      ...["systemd", "systemd-sysv", "systemd-resolved", "systemd-timesyncd", "libpam-systemd"],
      ...["libsystemd0", "libsystemd-shared", "udev", "libudev1"],
    ],
  },
  {
    why: "bundles from S3, credentials from the metadata service, health checks",
    names: ["python3.13", "python3.13-minimal", "libpython3.13-stdlib", "libpython3.13-minimal"],
  },
  { why: "python3's own other half", names: ["python3-minimal", "libpython3-stdlib"] },
  { why: "curl's own: accounts from Secrets Manager", names: ["libcurl4t64"] },
  { why: "jq's own: the accounts themselves", names: ["libjq1"] },
  { why: "nft's own", names: ["libnftables1"] },
  { why: "lists and packages from Debian's mirrors", names: ["apt", "apt-utils", "libapt-pkg7.0", "sqv"] },
  {
    why: "every packet of a gateway, whose kernel is the image's",
    names: ARCHITECTURES.map((each) => `linux-image-cloud-${each}`),
    reboot: true,
  },
];

/** The kernels of servers, which one of their parts names (templates/kernel/). */
const SERVERS_KERNELS = ARCHITECTURES.map((each) => `linux-image-${each}`);

/** Whether a new version of a package holds from the next boot on. */
export function wantsReboot(name: string): boolean {
  return (
    SERVERS_KERNELS.some((each) => each === name) ||
    imagePackages.some(({ names, reboot }) => reboot === true && names.includes(name))
  );
}
