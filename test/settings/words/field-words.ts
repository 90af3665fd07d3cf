/** Options as the field's programs have them: what people bring along from their configs. */

/** pppd(8) 2.5.2: those of its manual page, and those of its source and its plugins' that are not on it. */
export const PPPD = `
  +chap +ipv6 +mppe +mppe-128 +mppe-40 +mschap +mschap-v2 +pap +ua -ac -all -am -as -bsdcomp -ccp -chap -crtscts
  -d -defaultroute -defaultroute6 -deflate -detach -ecp -h -ip -ipv6 -mn -mppe -mppe-128 -mppe-40 -mru -mschap
  -mschap-v2 -p -pap -pc -predictor1 -proxyarp -v -vj -vjccomp active-filter allow-ip allow-number asyncmap auth
  avpair bsdcomp bundle ca call callback capath cdtrcts cert chap-interval chap-max-challenge chap-restart
  chap-secrets chap-timeout chapms-strip-domain child-timeout connect connect-delay crl crl-dir crtscts datarate
  debug default-asyncmap default-mru defaultroute defaultroute-metric defaultroute6 deflate demand disconnect
  domain dryrun dump eap-interval eap-max-rreq eap-max-sreq eap-restart eap-timeout enable-session endpoint
  escape file hide-password holdoff host-uniq idle ifname init ip-down-script ip-pre-up-script ip-up-script
  ipcp-accept-local ipcp-accept-remote ipcp-max-configure ipcp-max-failure ipcp-max-terminate ipcp-no-address
  ipcp-no-addresses ipcp-restart ipparam ipv6 ipv6-down-script ipv6-up-script ipv6cp-accept-local
  ipv6cp-accept-remote ipv6cp-max-configure ipv6cp-max-failure ipv6cp-max-terminate ipv6cp-noremote
  ipv6cp-nosend ipv6cp-nosendip ipv6cp-restart ipv6cp-use-ipaddr ipv6cp-use-persistent ipv6cp-use-remotenumber
  kdebug key ktune lcp-echo-adaptive lcp-echo-failure lcp-echo-interval lcp-max-configure lcp-max-failure
  lcp-max-terminate lcp-restart lcp-rtt-file linkname llc-encaps local lock logfd logfile login map-to-ifname
  map-to-ttyname max-tls-version maxconnect maxfail maxoctets minconnect mo mo-direction mo-timeout modem mp
  mppe-stateful mpshortseq mrru mru ms-dns ms-lanman ms-wins mschap-challenge mschap2-peer-challenge mtu
  multilink name need-peer-eap net-down-script net-init-script net-pre-up-script netmask noaccomp noauth
  nobsdcomp noccp nocdtrcts nocrtscts nodefaultroute nodefaultroute6 nodeflate nodeflatedraft nodetach noecp
  noendpoint noip noipdefault noipv6 noipx noktune nolock nolog nologfd nomagic nomp nomppe nomppe-128 nomppe-40
  nomppe-stateful nompshortseq nomultilink nopcomp nopersist nopredictor1 noproxyarp noremoteip
  noreplacedefaultroute noresolvconf nosendip notty novj novjccomp pap-max-authreq pap-restart pap-secrets
  pap-timeout papcrypt pass-filter passive password passwordfd persist pkcs12 plugin pppoe-ac pppoe-host-uniq
  pppoe-mac pppoe-padi-attempts pppoe-padi-timeout pppoe-service pppoe-sess pppoe-verbose pppol2tp predictor1
  privgroup proxyarp pty qos radius-config-file realms-config-file receive-all record refuse-chap refuse-eap
  refuse-mschap refuse-mschap-v2 refuse-pap remotename remotenumber replacedefaultroute require-chap require-eap
  require-mppe require-mppe-128 require-mppe-40 require-mschap require-mschap-v2 require-pap set show-options
  show-password silent socket srp-interval srp-pn-secret srp-use-pseudonym stop-bits sync tls-verify-key-usage
  tls-verify-method unit unset up_sdnotify updetach usehostname usepeerdns usepeerwins user vc-encaps
  vj-max-slots welcome xonxoff
`;

/** pptpd.conf(5), Debian's pptpd.conf and pptpd(8), 1.5.0. */
export const PPTPD = `
  bcrelay conf connections debug delegate fg help keep listen localip logwtmp noipparam option pidfile ppp ptimeout
  remoteip speed stimeout version vrf
`;

/** Sysctls and modules of the recipes. */
export const KERNEL = `
  fs.file-max net.core.busy_poll net.core.busy_read net.core.default_qdisc net.core.netdev_max_backlog
  net.core.rmem_default net.core.rmem_max net.core.rps_sock_flow_entries net.core.somaxconn net.core.wmem_default
  net.core.wmem_max net.ipv4.ip_forward net.ipv4.ip_local_port_range net.ipv4.tcp_congestion_control net.ipv4.tcp_fack
  net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes net.ipv4.tcp_keepalive_time net.ipv4.tcp_low_latency
  net.ipv4.tcp_max_syn_backlog net.ipv4.tcp_mtu_probing net.ipv4.tcp_rmem net.ipv4.tcp_sack net.ipv4.tcp_timestamps
  net.ipv4.tcp_tw_recycle net.ipv4.tcp_tw_reuse net.ipv4.tcp_window_scaling net.ipv4.tcp_wmem
  net.netfilter.nf_conntrack_gre_timeout net.netfilter.nf_conntrack_gre_timeout_stream
  net.netfilter.nf_conntrack_helper net.netfilter.nf_conntrack_max
  net.netfilter.nf_conntrack_tcp_timeout_established vm.dirty_ratio vm.swappiness nf_conntrack_pptp nf_nat_pptp
  nf_conntrack_proto_gre ip_conntrack_pptp ip_gre
`;

export const wordsOf = (text: string): string[] => text.trim().split(/\s+/);
