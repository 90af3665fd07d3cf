/**
 * The stand-ins for AWS around the guests, observed from network namespaces in place of guests. They have
 * namespaces of their own: the lab that the other tests share is not touched.
 *
 * Does not prove that AWS does the same: the pages that say so are named in lab/README.md.
 */

import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { run } from "../../../../lab/host/run.ts";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
// The JSON that cloud-facts.ts prints.
let facts: any;

beforeAll(async () => {
  const command = [path("../../../../lab/enter.ts"), "--", process.execPath, path("cloud-facts.ts")];
  const { stdout } = await run(process.execPath, command, { timeoutMs: 600_000 });
  facts = JSON.parse(stdout);
});

describe("instance metadata service", () => {
  test("answers a server that has a session token", () => expect(facts.imds.region).toBe("eu-west-1"));
  test("refuses a request without a token", () => expect(facts.imds.untold).toBeNull());
  test("hands out temporary credentials of the role", () => expect(facts.imds.accessKey).toMatch(/^ASIA/));
  test("its packets go one hop", () => expect(facts.imds.hops).toBe(1));
  test("the internet does not reach it", () =>
    expect([facts.imds.client, facts.imds.internet]).toEqual(["nothing", "nothing"]));
});

describe("DHCP and DNS", () => {
  test("a server is offered its own address, the router, the resolver, 9001 bytes and its name", () =>
    expect(facts.dhcp).toBe("10.42.0.5 10.42.0.1 10.42.0.2 9001 ip-10-42-0-5"));
  test("AWS's name for Secrets Manager is the stand-in", () =>
    expect(facts.dns.secretsManager).toBe("198.19.0.3"));
  test("AWS's name for a bucket is the stand-in for S3", () => expect(facts.dns.bucket).toBe("198.19.0.5"));
  test("the link-local resolver knows a server's private name", () =>
    expect(facts.dns.linkLocal).toBe("10.42.32.4"));
  test("it serves nobody on the internet", () => expect(facts.dns.client).toBeNull());
});

describe("security groups", () => {
  test("an egress rule for 443 lets a server out", () => expect(facts.groups.https).toBe("open"));
  test("without an egress rule nothing leaves", () => expect(facts.groups.ssh).toBe("nothing"));
  test("an ingress rule for 1723 lets the client reach the server itself", () =>
    expect(facts.groups.clientDials).toBe("refused"));
  test("without an ingress rule nothing enters", () => expect(facts.groups.clientSsh).toBe("nothing"));
  // A SYN may be said again after a second.
  test("what is dropped is counted", () => expect(facts.groups.refused).toBeGreaterThanOrEqual(2));
  test("two servers of one subnet are held apart", () =>
    expect(facts.neighbours.withoutRule).toBe("nothing"));
  test("what one says to the other then is counted", () =>
    expect(facts.neighbours.refused).toBeGreaterThanOrEqual(1));
  test("two servers of one subnet reach each other by rules both ways", () =>
    expect(facts.neighbours.withRule).toBe("refused"));
  test("an established connection outlives its rule", () => expect(facts.tcp.established).toBe("alive"));
  test("a new connection does not", () => expect(facts.tcp.afterwards).toBe("nothing"));
  test("a rule that comes back admits again", () => expect(facts.tcp.restored).toBe("open"));
});

describe("groups without any rule", () => {
  test("let nothing through, counted", () => expect(facts.closedGroups.refused).toBeGreaterThanOrEqual(1));
  test("do not keep metadata, resolver and DHCP from a server", () => {
    expect(facts.closedGroups.token).toMatch(/^[\w-]{56}$/);
    expect(facts.closedGroups.resolved).toBe("198.19.0.3");
    expect(facts.closedGroups.offered).toMatch(/^10\.42\.0\.5 /);
  });
  test("and a card that is no server's is offered nothing", () =>
    expect(facts.closedGroups.stranger).toBe(""));
});

describe("GRE", () => {
  test("rules for 47 both ways let it pass both ways", () =>
    expect([facts.gre.explicit.in?.length, facts.gre.explicit.out?.length]).toEqual([40, 40]));
  test("with an egress rule only, the client's first packet is refused", () =>
    expect(facts.gre.unasked).toBeNull());
  test("with an egress rule only, the server's own packet lets the client's in", () =>
    expect(facts.gre.answered?.source).toBe("100.64.9.1"));
  test("and nobody else's", () => expect(facts.greFlows.stranger).toBeNull());
  test("and no other protocol", () => expect(facts.greFlows.protocol).toBeNull());
  test("for 600 s of quiet, and not after them", () => {
    expect(facts.greFlows.timeout).toBe(600);
    expect(facts.greFlows.before?.source).toBe("100.64.9.1");
    expect(facts.greFlows.afterQuiet).toBeNull();
  });
  test("with an ingress rule only, the server's packets are let out once the client has spoken", () => {
    expect(facts.greFlows.unasked).toBeNull();
    expect(facts.greFlows.answered?.source).toBe("198.18.0.1");
  });
  test("with no rule for 47, none passes", () => expect(facts.gre.closed).toEqual({ in: null, out: null }));
  test("what is refused is counted", () => expect(facts.gre.refused).toBe(2));
  test("rules that come back let it pass again", () => expect(facts.gre.again?.length).toBe(40));
  test("its fragments are counted before they are joined", () => expect(facts.fragments).toBe(2));
});

describe("internet gateway", () => {
  test("what is sent to the Elastic IP arrives at the private address", () =>
    expect(facts.gre.explicit.in?.destination).toBe("10.42.0.4"));
  test("the client keeps its address", () => expect(facts.tcp.seenAs).toBe("100.64.9.1"));
  test("what a server sends arrives from its Elastic IP", () =>
    expect(facts.gre.explicit.out?.source).toBe("198.18.0.1"));
  test("both ways for a protocol that it knows nothing of", () => {
    expect(facts.everyProtocol.in).toMatchObject({ source: "100.64.9.1", destination: "10.42.0.4" });
    expect(facts.everyProtocol.out).toMatchObject({ source: "198.18.0.1", destination: "100.64.9.1" });
  });
  test("an address that nobody owns leads to no server", () =>
    expect(facts.everyProtocol.nobodys).toBeNull());
  test("what is larger than 1500 bytes goes out in pieces, and arrives whole", () => {
    expect(facts.large.pieces).toBeGreaterThanOrEqual(1);
    expect(facts.large.whole?.length).toBe(2920);
  });
  test("where it may not be cut it is dropped, and the server told what fits", () => {
    expect(facts.large.uncut).toBeNull();
    expect(facts.large.answer?.source).toBe("10.42.0.1");
  });
  test("a source that owns no Elastic IP is dropped and counted", () =>
    expect(facts.elasticIp).toEqual({ foreignSource: null, counted: 1 }));
  test("a private address is not reached from outside", () =>
    expect(facts.groups.clientToPrivate).toBe("nothing"));
  test("the client and the far host meet through a tunnel only", () =>
    expect(facts.groups.clientToInternet).toBe("nothing"));
  test("bulk TCP passes the translation both ways", () => {
    expect(facts.throughput.up).toBeGreaterThan(1_000_000);
    expect(facts.throughput.down).toBeGreaterThan(1_000_000);
  });
});

describe("Secrets Manager", () => {
  test("answers a signed request with the role's credentials", () =>
    expect(facts.secrets.first).toBe("first value"));
  test("gives the current value", () => expect(facts.secrets.second).toBe("second value"));
  test("is trusted by its authority only", () => expect(facts.secrets.untrusted).toBeNull());
  test("is reached by the rule for 443 only", () => expect(facts.secrets.closed).toBeNull());
  test("can be made unreachable", () => expect(facts.secrets.stopped).toBeNull());
  test("comes back with the values it had", () => expect(facts.secrets.restarted).toBe("second value"));
});
