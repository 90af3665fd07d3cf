/**
 * The field's words for what our keys decide: options of pptpd.conf(5), pptpd(8) and pppd(8), AWS's terms, and what people
 * call these things. A word is found whatever its case, hyphens, dots and underscores.
 *
 * pppd's options are those of 2.5.2, its manual page and its source; pptpd's those of 1.5.0. Sysctls, and what else a
 * tuning sets by a name of its own, are read from the tunings themselves (hints.ts).
 */

/** By key, or by group and member: several where a word stands for several. */
export const WORDS_OF_KEYS: [keys: string, words: string][] = [
  [
    "servers",
    "server count number-of-servers num-servers server-count instances instance-count nodes replicas desired-capacity min-size max-size fleet-size",
  ],
  [
    "instanceType",
    "type size machine-type server-type vm-size flavor server-instance-type ec2-instance-type",
  ],
  ["gatewayInstanceType", "gateway-type nat-instance-type gateway-size"],
  ["zones", "availability-zones availability-zone azs az zone-names"],
  ["frontDoor", "load-balancer balancer lb nlb elb alb load-balancer-type ingress front-end endpoint-type"],
  [
    "elasticIps",
    "eip eips elastic-ip eip-id eip-ids eip-allocation-id eip-allocation-ids allocation-id allocation-ids elastic-ip-allocation-ids existing-eips public-ip public-ips static-ips reserved-ips reserved-addresses",
  ],
  ["dialName", "domain domain-name hostname dns-name fqdn record-name vpn-name server-name"],
  ["hostedZoneId", "hosted-zone zone-id route53-zone route53-zone-id route53 dns-zone"],
  [
    "allowedCidrs",
    "cidrs cidr allow-list whitelist allowed-ips allowed-networks source-cidrs source-ips source-ranges client-cidrs client-networks ingress-cidrs networks permitted",
  ],
  [
    "adminCidrs",
    "ssh-cidrs ssh-allowed-cidrs ssh-access admin-ips admin-networks management-cidrs management-network bastion bastion-cidrs administrators ssh",
  ],
  [
    "sshPublicKeys",
    "ssh-keys ssh-key public-key public-keys authorized-keys ssh-authorized-keys key-name key-pair admin-keys",
  ],
  ["vpcCidr", "network-cidr vpc-cidr-block cidr-block vpc-network"],
  ["vpcId", "vpc existing-vpc vpc-name network-id"],
  ["subnetCidrs", "subnet-cidr subnet-cidr-blocks subnet-ranges carve zone-cidrs free-cidrs"],
  [
    "subnetIds",
    "subnets subnet subnet-id public-subnets public-subnet-ids vpc-subnets server-subnets server-subnet-ids",
  ],
  ["gatewaySubnetIds", "gateway-subnets gateway-subnet gateway-subnet-id"],
  [
    "balancerSubnetIds",
    "balancer-subnets balancer-subnet nlb-subnets nlb-subnet-ids lb-subnets load-balancer-subnets",
  ],
  ["defaultRouteTableIds", "default-routes default-route-tables subnet-route-tables"],
  [
    "clientPool",
    "remoteip localip ip-pool pool address-pool client-cidr client-range client-network client-subnet ip-range tunnel-cidr tunnel-network vpn-subnet dhcp dhcp-range allow-ip ipcp-accept-local ipcp-accept-remote noremoteip nosendip noipdefault noip netmask",
  ],
  [
    "sessionsPerServer",
    "connections max-connections max-sessions max-clients sessions clients tunnels max-tunnels sessions-per-node capacity call-ids",
  ],
  ["dns", "ms-dns dns-servers dns-server nameserver nameservers resolver resolvers"],
  ["pathMtu", "path-mtu-size link-mtu wan-mtu pmtu outer-mtu max-packet-size packet-size"],
  [
    "users",
    "user accounts account logins login credentials chap-secrets pap-secrets secrets srp-secrets usernames username clients-secrets password passwords passwd secret passwordfd",
  ],
  ["amiId", "ami image image-id base-image os-image"],
  [
    "packageVersions",
    "versions package-version pins pinned pinned-versions apt-pins apt-preferences debian-versions pptpd-version ppp-version kernel-version",
  ],
  [
    "terminationProtection",
    "deletion-protection delete-protection protect protected disable-api-termination prevent-destroy",
  ],
  [
    "flowLogRetentionDays",
    "flow-logs flow-log-retention log-retention log-retention-days retention retention-days retention-in-days",
  ],
  [
    "permissionsBoundary",
    "boundary permission-boundary boundary-policy boundary-arn permissions-boundary-arn role-boundary",
  ],
  ["mtu.mtu", "interface-mtu tunnel-mtu ppp-mtu inner-mtu"],
  ["mtu.mru", "default-mru -mru -mn max-receive-unit"],
  ["mtu.mss", "tcp-mss mss-clamp mss-clamping maxseg clamp-mss clamp-mss-to-pmtu set-mss"],
  [
    "keepalive.lcpEchoInterval",
    "lcp-echo echo-interval echo keepalive-interval ping-interval dpd dpd-delay heartbeat heartbeat-interval dead-peer-detection",
  ],
  [
    "keepalive.lcpEchoFailure",
    "echo-failure lcp-echo-failures lcp-echo-retries dpd-timeout max-missed missed-echoes",
  ],
  ["keepalive.nlbTcpIdle", "idle-timeout-seconds tcp-idle-timeout nlb-idle-timeout listener-idle-timeout"],
  [
    "conntrack.mode",
    "notrack untracked tracking bypass-conntrack nf-conntrack connection-tracking nf-conntrack-pptp nf-nat-pptp",
  ],
  ["conntrack.helper", "nf-conntrack-helper pptp-helper conntrack-helper ct-helper alg"],
  ["conntrack.max", "conntrack-max nf-conntrack-buckets hashsize conntrack-size"],
  ["nic.queues", "queue-count ena-queues ena-queue-count rx-queues combined multiqueue"],
  ["nic.irq", "irqbalance smp-affinity irq-affinity interrupts affinity"],
  ["nic.rps", "receive-packet-steering rps-cpus"],
  ["nic.gro nic.gso nic.tso", "offload offloads offloading hardware-offload lro"],
  ["nic.ring", "ring-size rx-ring ring-buffer"],
  ["nic.moderation", "interrupt-moderation coalesce coalescing rx-usecs"],
  ["nic.txqueuelen", "queue-length"],
  ["nic.governor", "cpu-governor scaling-governor cpufreq"],
  [
    "ppp.mppe",
    "require-mppe nomppe-128 nomppe-40 mppe-stateful nomppe-stateful mppe-stateless mppe-128 mppe-40 mppe-56 nomppe-56 -mppe -mppe-128 -mppe-40 +mppe +mppe-128 +mppe-40 encryption encrypt cipher crypto key-length mppe-strength require-encryption noccp -ccp",
  ],
  ["ppp.idleTimeout", "idle-time max-idle session-idle idle-timeout-minutes disconnect-idle"],
  ["ppp.sessionLimit", "max-session session-timeout max-session-time max-connect-time session-duration ttl"],
  ["ppp.wins", "wins-servers netbios wins-server ms-wins-servers"],
  [
    "limits.initialPacketTimeout",
    "stimeout ptimeout silent-timeout initial-timeout handshake-timeout connect-timeout",
  ],
  [
    "limits.dialsPerSecond",
    "rate-limit connection-rate dial-rate new-connections-per-second throttle fail2ban",
  ],
  ["limits.dialBurst", "burst rate-burst connection-burst"],
  [
    "limits.connectionsPerSource",
    "max-per-ip connections-per-ip per-source connlimit ct-count max-connections-per-ip",
  ],
  ["limits.halfOpen", "syn-flood syn-limit max-half-open embryonic half-open-total"],
  [
    "egress.mode",
    "nat masquerade snat ip-forward forwarding forward routing nat-gateway defaultroute -defaultroute nodefaultroute replacedefaultroute noreplacedefaultroute defaultroute-metric internet-access",
  ],
  [
    "egress.cidrs",
    "routes push-routes split-tunnel split-tunnelling destination-cidrs egress-cidrs reachable-networks route",
  ],
  ["egress.clientToClient", "client-isolation isolate isolation peer-to-peer inter-client c2c"],
  ["egress.routeTableIds", "route-table route-tables route-table-id"],
];

/** What has a key elsewhere. */
export const WORDS_ELSEWHERE: [instead: string, words: string][] = [
  [
    "the region is a key of AWS's provider: pulumi config set aws:region eu-west-1",
    "region aws-region location",
  ],
  [
    "the credentials' profile is a key of AWS's provider: pulumi config set aws:profile <name>",
    "profile aws-profile",
  ],
  [
    "tags are AWS's provider's: pulumi config set --path 'aws:defaultTags.tags.<name>' <value>",
    "tags tag default-tags labels cost-center",
  ],
  [
    "what a stack is called is its own name: pulumi stack init <name>",
    "name environment env stack stack-name prefix project name-prefix",
  ],
];
