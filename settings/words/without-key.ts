/** The field's words for what no key of ours decides, by the reason. After words.ts. */
import { CONTROL } from "../../protocols/pptp/flows.ts";

/** Words are separated by spaces. */
export const WORDS_WITHOUT_KEY: [reason: string, words: string][] = [
  [
    "accounts are pptp-fleet:users, and pppd reads them from a file of its own; no server asks RADIUS, LDAP or PAM",
    "radius radius-server radius-servers radius-host radius-port radius-secret radius-shared-secret radius-config-file realms-config-file avpair radattr auth-server acct-server aaa nas-identifier nas-ip-address freeradius ldap pam active-directory ad winbind ntlm-auth sso mfa otp",
  ],
  [
    "MS-CHAPv2 is the only method: what came before it is broken by whoever listens, and MPPE takes its keys from it",
    "auth noauth require-mschap-v2 require-mschap require-chap require-pap require-eap refuse-mschap-v2 refuse-mschap refuse-chap refuse-pap refuse-eap -mschap -mschap-v2 -chap -pap +mschap +mschap-v2 +chap +pap +ua authentication auth-method chap pap mschap mschapv2 eap",
  ],
  [
    "the one who answers names the account by pptp-fleet:users; who asks for what is pppd's own, as it comes",
    "remotename usehostname chapms-strip-domain chap-interval chap-max-challenge chap-restart chap-timeout mschap-challenge mschap2-peer-challenge pap-max-authreq pap-restart pap-timeout papcrypt eap-interval eap-max-rreq eap-max-sreq eap-restart eap-timeout need-peer-eap srp-interval srp-pn-secret srp-use-pseudonym show-password hide-password -am -ac",
  ],
  [
    "EAP-TLS is not asked for: there are no certificates",
    "ca capath cert crl crl-dir key pkcs12 tls-verify-key-usage tls-verify-method max-tls-version certificate certificates tls",
  ],
  [
    "clients have a network of their own; nobody asks for them by ARP. With egress.mode routed there is a route to each",
    "proxyarp noproxyarp -proxyarp arp",
  ],
  [
    "MPPE must see each packet as it is, so nothing is compressed under it; header compression is left to the client",
    "deflate nodeflate -deflate nodeflatedraft bsdcomp nobsdcomp -bsdcomp predictor1 nopredictor1 -predictor1 novj -vj novjccomp -vjccomp vj-max-slots nopcomp noaccomp -pc -all compression compress lzs mppc noecp -ecp ccp",
  ],
  [
    "PPTP has no serial line",
    "modem local crtscts nocrtscts -crtscts cdtrcts nocdtrcts xonxoff asyncmap default-asyncmap -as escape receive-all stop-bits sync connect disconnect connect-delay init welcome lock nolock pty notty socket speed ttyname tty baud llc-encaps vc-encaps qos datarate",
  ],
  [
    "that is for who dials; on the side that answers it would keep a dead session's slot",
    "persist nopersist holdoff maxfail demand active-filter minconnect passive silent -p callback call reconnect",
  ],
  [
    "it logs each packet; journalctl -t pptpd -t pppd has every session without it, and SIGUSR1 makes one pppd tell more",
    "debug kdebug -d dump dryrun record logfile logfd nologfd nolog show-options verbose log-level logging",
  ],
  ["sessions are in the journal; wtmp is a file that nothing here reads or rotates", "logwtmp wtmp utmp"],
  [
    "IPv4 only: neither the tunnels nor what carries them are IPv6",
    "ipv6 +ipv6 -ipv6 noipv6 ipv6cp-accept-local ipv6cp-accept-remote ipv6cp-max-configure ipv6cp-max-failure ipv6cp-max-terminate ipv6cp-noremote ipv6cp-nosend ipv6cp-nosendip ipv6cp-restart ipv6cp-use-ipaddr ipv6cp-use-persistent ipv6cp-use-remotenumber defaultroute6 nodefaultroute6 -defaultroute6 ipv6-up-script ipv6-down-script ipv6-cidr enable-ipv6 dual-stack",
  ],
  [
    "a call of PPTP is one link",
    "mp multilink nomp nomultilink mpshortseq nompshortseq mrru endpoint noendpoint bundle bonding",
  ],
  [
    "what pppd repeats, and how often, is left at its own defaults",
    "lcp-max-configure lcp-max-failure lcp-max-terminate lcp-restart lcp-rtt-file ipcp-max-configure ipcp-max-failure ipcp-max-terminate ipcp-restart ipcp-no-address ipcp-no-addresses child-timeout nomagic -ip noipx",
  ],
  [
    "the server tells clients their resolvers (pptp-fleet:dns) and asks them for none",
    "usepeerdns usepeerwins noresolvconf ms-lanman resolv-conf search-domain dns-suffix dns-search",
  ],
  [
    "how pppd and pptpd run is the unit's, with its scripts and files (docs/tunings.md, fixed)",
    "option options file plugin plugins set unset privgroup unit linkname ifname ipparam noipparam pidfile fg foreground conf config keep delegate ktune noktune nodetach -detach updetach up-sdnotify enable-session ip-up ip-down ip-up-script ip-down-script ip-pre-up-script net-init-script net-pre-up-script net-down-script pass-filter map-to-ifname map-to-ttyname help version -h -v --help --version remotenumber allow-number bpf-filter vrf",
  ],
  [
    `pptpd listens on its server's one address, and PPTP's port is ${CONTROL.port}; what is dialled is pulumi stack output dial`,
    "listen bind bind-address listen-address port listen-port pptp-port freebind",
  ],
  ["broadcasts of the network behind are not sent into tunnels", "bcrelay broadcast-relay broadcast"],
  [
    "no bytes are counted against an account",
    "maxoctets mo mo-direction mo-timeout quota data-cap traffic-limit",
  ],
  [
    "PPTP is all that is served: another carrier or protocol needs another server",
    "pppoe-ac pppoe-host-uniq host-uniq pppoe-mac pppoe-padi-attempts pppoe-padi-timeout pppoe-service pppoe-sess pppoe-verbose pppol2tp l2tp ipsec ike ikev2 psk pre-shared-key openvpn wireguard sstp protocols",
  ],
  [
    "a client gets any free address of its server's pool; none belongs to an account",
    "static-ip fixed-ip framed-ip-address client-ip address-per-user fixed-addresses",
  ],
  [
    "a machine has one public address: pptp-fleet:elasticIps brings one that exists along, by its allocation ID",
    "ip-addresses secondary-ips address-pool-id public-ipv4-pool byoip byoip-pool ipam-pool",
  ],
  [
    "security groups are the stack's own: pptp-fleet:allowedCidrs, adminCidrs and egress.cidrs say what they let through",
    "security-group security-groups security-group-id security-group-ids sg-ids firewall firewall-rules nacl network-acl iptables nftables ingress-rules",
  ],
  [
    "servers have names and addresses of their own, so none is made or ended by load: pptp-fleet:servers says how many there are",
    "asg auto-scaling scaling scale spot spot-price spot-instances capacity-type warm-pool launch-template",
  ],
  [
    "a machine's disk is 8 GiB of encrypted gp3: nothing on it grows",
    "volume-size root-volume-size disk-size disk volume-type ebs ebs-optimized root-block-device storage kms-key kms-key-id",
  ],
  [
    "a server's role may read its accounts and nothing else, and is the stack's own",
    "iam-role role role-arn instance-profile iam-instance-profile policy-arns",
  ],
  [
    "user data is rendered from the settings, and a machine takes nothing beside it",
    "user-data cloud-init bootstrap packages extra-packages startup-script ansible files",
  ],
  [
    "CloudWatch has AWS's own metrics of instances and balancer; there are alarms where pptp-fleet:dialName needs them",
    "monitoring metrics alarms alarm-email sns-topic prometheus cloudwatch detailed-monitoring node-exporter",
  ],
  [
    "it is gone from today's kernels or has no effect on tunnels (docs/tunings.md, what recipes set and we do not)",
    "tcp-tw-recycle tcp-fack tcp-low-latency tcp-window-scaling tcp-sack tcp-timestamps tcp-tw-reuse rps-sock-flow-entries rfs busy-poll busy-read swappiness dirty-ratio nf-conntrack-proto-gre ip-conntrack-pptp ip-gre udp-mem tcp-mem swap",
  ],
];

/** Members that people give an account: what each stands for, or why there is none. */
export const WORDS_OF_ACCOUNTS: { name: string; password: string; none: [reason: string, words: string][] } =
  {
    name: "user username login account id client peer identity",
    password: "pass passwd pwd secret psk key user-password cleartext-password passphrase",
    none: [
      [
        "a client gets any free address of its server's pool; none belongs to an account",
        "address addresses ip ips ip-address client-ip static-ip fixed-ip remote-ip framed-ip-address allowed-ips",
      ],
      ["each account may dial every server of the stack", "server servers host realm domain"],
      [
        "a hash is of no use to pppd, which needs the password itself",
        "hash password-hash nt-hash ntlm nt-password",
      ],
      [
        "an account that is in the list may dial; one that shall not is left out",
        "enabled disabled active locked expires expiry valid-until",
      ],
      ["all accounts are equal", "group groups role roles admin"],
      [
        "a note has no place here: keep it where the list comes from",
        "comment note notes description email label",
      ],
    ],
  };
