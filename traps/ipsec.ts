/** L2TP/IPsec and IKEv2 beside PPTP: seen in trials; none of it is built here. */
import type { Topic } from "./trap.ts";

const SEEN = "strongSwan 6.0.1, xl2tpd 1.3.18, Debian 13";

export const ofIpsec = {
  "cloud-kernel-without-l2tp": {
    seen: "The cloud kernel has esp4, xfrm_user, nft_xfrm and l2tp_core, no PPP and no l2tp_ppp.",
    versions: "Debian 13",
    ahead: "IKEv2 alone needs no second kernel.",
  },
  "lock-ends-pppd-under-xl2tpd": {
    seen: "pptpd's options file cannot be shared: `lock` ends pppd under xl2tpd's plugin with exit code 2, and the client redials for ever.",
    versions: SEEN,
    ahead: "A file of its own, read in a test with the plugin loaded.",
  },
  "two-clients-behind-one-nat": {
    seen: "Two clients behind one NAT have identical policies, and the second ends the first: 0 of 5 packets and 5 of 5. The connmark plugin passes a naive test (59 of 60 each) and loses what the server begins: 0 of 20 while the other talks.",
    versions: SEEN,
    ahead:
      "Unique marks with `set_mark_in=%same`, and two stateless nft rules: mark to source port, and back.",
  },
  "answer-that-misses-the-sa": {
    seen: "With marks and without those rules, or with answers from another address than the SA's, xl2tpd's answers miss the SA.",
    versions: SEEN,
    ahead: "`udp sport 1701 rt ipsec missing drop`, and xl2tpd's `listen-addr`.",
  },
  "new-ike-sa-under-a-session": {
    seen: "A client that makes a new IKE SA instead of re-keying, under a live session, gets a new mark: the session is dead until LCP echo ends it. Marks count up and were not reused as far as seen.",
    versions: SEEN,
    ahead: "The marks' elements come and go by updown, and docs/limits.md names the end of such a session.",
  },
  "esp-is-a-word-of-nft": {
    seen: "No chain of nft may be called `esp`. `@th,0,16` turns into `th sport` and fits no raw map; `esp spi` is the form for plain ESP.",
    versions: "nft 1.1.3, Debian 13",
    ahead: "Maps of 32 bits.",
  },
  "gcm-on-the-generic-driver": {
    seen: "AES-GCM ran on the generic driver until aesni_intel was loaded, and only new SAs ran on that. There was no udev to load it.",
    versions: SEEN,
    ahead: "/proc/crypto is checked by the driver of the SA.",
  },
  "proposals-are-the-only-guard": {
    seen: "Debian's strongSwan loads OpenSSL's legacy provider: des-md5-modp768 works where it is listed; 3des, sha1 and modp1024 need no plugin. ecp256, ecp384 and x25519 work in IKEv1, chacha20poly1305 fails there.",
    versions: "strongSwan 6.0.1, Debian 13",
    ahead: "The list of proposals is the only guard, and has to be held by a test.",
  },
  "esp-overhead-is-eighty": {
    seen: "With NAT traversal and AES-GCM the outer packet is the inner one and 80 bytes, rounded up to 4. The largest inner packet on 1,500 and 1,400: GCM 1,420 and 1,320, CBC 1,404 and 1,308, IKEv2 with GCM 1,438 on 1,500. The often-read 1,440 always fragments.",
    versions: SEEN,
    ahead: "The plan computes with it.",
  },
  "rekey-moves-the-label": {
    seen: "A re-keying of IKE that the server begins would put the server's label into the initiator's SPI.",
    versions: "thought out, not tried",
    ahead: "`rekey_time = 0` on the server.",
  },
  "backlog-bounds-transport-mode": {
    seen: "net.core.netdev_max_backlog bounds the queue of decapsulated packets in transport mode.",
    versions: "the kernel's source",
    ahead: "kernel.netdevMaxBacklog bounds one queue more than RPS'.",
  },
  "charon-reads-no-chap-secrets": {
    seen: "charon does not read chap-secrets; `ntlm-NAME { secret = 0x… }` takes an NT hash.",
    versions: "strongSwan 6.0.1",
    ahead: "One source of accounts, and two files of it.",
  },
  "nlb-forgets-udp-after-120-s": {
    seen: "An NLB's UDP flow idles out after 120 s, stickiness is per target group, the client's address is always kept for UDP, and the health of UDP targets is checked by TCP or HTTP.",
    versions: "AWS's pages",
    ahead: "A chain of timers of its own, and routing by what the packet says.",
  },
} satisfies Topic;
