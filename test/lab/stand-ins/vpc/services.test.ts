/** What AWS offers inside of a VPC and to it: who is answered, and who is not. */

import { beforeAll, describe, expect, test } from "vitest";
import { endpointName, INTERNET, LINK_LOCAL_RESOLVER, METADATA } from "../../../../lab/network/topology.ts";
import { NET_LINK, PROGRAMS } from "../../../../lab/vpc/network/topology.ts";
import { BUCKET, rule } from "../sample-fleet.ts";
import { ADDRESS, B1_PUBLIC, type Name, sampleVpc, USER_DATA, withEni, withRoutes } from "./sample-vpc.ts";
import {
  BRIEF,
  CLIENT,
  call,
  counted,
  datagram,
  during,
  outsideDrops,
  routerCounts,
  sends,
  sharedTestbed,
} from "./shared-testbed.ts";

const RESOLVER = "10.42.0.2";
const SECRETS_MANAGER = "secretsmanager.eu-west-1.amazonaws.com";

beforeAll(async () => {
  await sharedTestbed();
});

/** What a script prints in a namespace; nothing where it fails. */
async function inside(namespace: string, script: string): Promise<string | undefined> {
  const { guest } = await sharedTestbed();
  const { code, stdout } = await guest.agent.exec(["ip", "netns", "exec", namespace, "bash", "-ec", script]);
  return code === 0 ? stdout.trim() : undefined;
}

const curl = (seconds = 20) => `curl -s --fail --max-time ${seconds}`;
const TOKEN = `token=$(${curl()} -X PUT -H "X-aws-ec2-metadata-token-ttl-seconds: 60" http://${METADATA}/latest/api/token)`;
const metadata = (namespace: string, path: string) =>
  inside(
    namespace,
    `${TOKEN}; ${curl()} -H "X-aws-ec2-metadata-token: $token" http://${METADATA}/latest/${path}`,
  );

/** Addresses of a name, as one name server says; nothing where it says none, or nothing. */
const resolved = (namespace: string, nameServer: string, name: string, seconds = 20) =>
  inside(namespace, `python3 - <<'END'\n${LOOK_UP(nameServer, name, seconds)}\nEND`);
const LOOK_UP = (nameServer: string, name: string, seconds: number) => `import socket, struct
asked = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asked.settimeout(${seconds})
name = b"".join(bytes([len(part)]) + part for part in b"${name}".split(b".")) + bytes(1)
asked.sendto(struct.pack(">6H", 7, 0x0100, 1, 0, 0, 0) + name + struct.pack(">2H", 1, 1), ("${nameServer}", 53))
answer = asked.recv(512)
count, at = struct.unpack(">H", answer[6:8])[0], 12 + len(name) + 4
print(*(socket.inet_ntoa(answer[at + 16 * i + 12 : at + 16 * i + 16]) for i in range(count)))`;

const closed = (name: Name) => withEni(name, { ingress: [], egress: [] });

describe("the metadata service", () => {
  test("tells a machine what is its own, past groups that let nothing through", () =>
    during([closed("a-1")], async () => {
      const counts = await counted("a-1", async () => {
        expect(await metadata("a-1", "meta-data/local-ipv4")).toBe(ADDRESS["a-1"]);
        expect(await call({ from: "a-1", to: ADDRESS["a-2"], patience: BRIEF })).toEqual(["nothing"]);
      });
      expect(counts.refused).toBeGreaterThanOrEqual(1);
      expect(await metadata("b-1", "meta-data/local-ipv4")).toBe(ADDRESS["b-1"]);
    }));

  test("hands out user data to the byte", async () => {
    const script = `${TOKEN}; ${curl()} -H "X-aws-ec2-metadata-token: $token" http://${METADATA}/latest/user-data | base64`;
    expect(await inside("a-1", script)).toBe(USER_DATA.toString("base64"));
  });

  test("knows the machines that it was told of, and no other", async () => {
    expect(await metadata("a-2", "meta-data/local-ipv4")).toBeUndefined();
    const { host } = await sharedTestbed();
    const vpc = sampleVpc();
    await host.knowMachines({
      ...vpc,
      machines: vpc.machines.map((each) => ({ ...each, name: "a-2" })).slice(1),
    });
    try {
      expect(await metadata("a-2", "meta-data/local-ipv4")).toBe(ADDRESS["a-2"]);
      expect(await metadata("a-1", "meta-data/local-ipv4")).toBeUndefined();
    } finally {
      await host.knowMachines(vpc);
    }
  });

  test("its answers go one hop, and others' go on", async () => {
    expect(await hops("a-1", METADATA)).toEqual([1]);
    expect((await hops("a-1", RESOLVER))[0]).toBeGreaterThan(1);
  });

  test("is nothing that the internet reaches: what is sent to it is dropped and counted", async () => {
    const before = await outsideDrops();
    expect(await call({ from: "client", to: METADATA, port: 80, patience: BRIEF })).toEqual(["nothing"]);
    expect((await outsideDrops()) - before).toBeGreaterThanOrEqual(1);
  });

  test("is nobody on the internet: a machine's groups do not let such a packet by", async () => {
    const before = await routerCounts();
    const packets = [METADATA, ADDRESS["a-1"], CLIENT].map((source) => datagram(source, B1_PUBLIC));
    const [seen] = await sends("client", packets, "b-1");
    expect(seen!.map(({ source }) => source)).toEqual([CLIENT]);
    expect((await routerCounts()).private_source! - before.private_source!).toBe(2);
  });
});

/** TTLs of the answers to a ping. */
async function hops(namespace: string, address: string): Promise<number[]> {
  const said = await inside(namespace, `ping -c 1 -W 20 ${address}`);
  return [...(said ?? "").matchAll(/ ttl=(\d+) /g)].map(([, ttl]) => Number(ttl));
}

describe("the resolver", () => {
  test.each([RESOLVER, LINK_LOCAL_RESOLVER])(
    "at %s answers past groups that let nothing through",
    (address) =>
      during([closed("a-1")], async () => {
        const name = "ip-10-42-32-4.eu-west-1.compute.internal";
        expect(await resolved("a-1", address, name)).toBe(ADDRESS["b-1"]);
        expect(await resolved("a-1", address, SECRETS_MANAGER)).toBe(INTERNET.secretsManager);
      }),
  );

  test("has a name's addresses as they are now, in the VPC and for clients, and none for any other name", async () => {
    const { host } = await sharedTestbed();
    for (const addresses of [["198.18.0.1", "198.18.0.2"], ["198.18.0.2"], []]) {
      host.resolve("pptp.example.com", addresses);
      for (const [namespace, server] of [
        ["a-1", RESOLVER],
        ["client", NET_LINK.host],
      ] as const)
        await expect
          .poll(
            async () =>
              (await resolved(namespace, server, "pptp.example.com"))!.split(" ").toSorted().join(" "),
            {
              timeout: 120_000,
            },
          )
          .toBe(addresses.join(" "));
    }
    expect(await resolved("a-1", RESOLVER, "www.example.com")).toBe("");
  });

  test.each([RESOLVER, LINK_LOCAL_RESOLVER])("at %s is nobody's on the internet", async (address) => {
    const before = await outsideDrops();
    expect(await resolved("client", address, SECRETS_MANAGER, BRIEF)).toBeUndefined();
    expect((await outsideDrops()) - before).toBe(1);
  });
});

describe("what lies on the internet", () => {
  const packages = (namespace: string, seconds?: number) =>
    inside(namespace, `${curl(seconds)} http://${INTERNET.packages}/Release | head -n 1`);
  const secrets = (namespace: string, options: string, seconds = 20, name = SECRETS_MANAGER) =>
    inside(
      namespace,
      `curl -s -o /dev/null -w '%{http_code}' --max-time ${seconds} --resolve ${name}:443:${INTERNET.secretsManager} ${options} https://${name}/`,
    );
  const TRUSTED = `--cacert ${PROGRAMS}/ca.crt`;

  test("the archive of packages answers who has a way out, and nobody else", async () => {
    expect(await packages("b-1")).toBe("Origin: lab");
    expect(await packages("b-2", BRIEF)).toBe("");
    await during([withEni("b-2", { publicAddress: "198.18.0.3" })], async () =>
      expect(await packages("b-2")).toBe("Origin: lab"),
    );
    await during([withEni("b-1", { egress: [rule("tcp", "0.0.0.0/0", 443)] })], async () => {
      const counts = await counted("b-1", async () => expect(await packages("b-1", BRIEF)).toBe(""));
      expect(counts.refused).toBeGreaterThanOrEqual(1);
    });
  });

  test("S3 answers by the VPC's endpoint who has no other way out, under its own address, and the VPC only", async () => {
    const name = `${BUCKET}.${endpointName("s3", "eu-west-1")}`;
    const asked = (namespace: string, source: string, seconds?: number) =>
      inside(
        namespace,
        `curl -s -o /dev/null -w '%{http_code}' --max-time ${seconds ?? 20} --interface ${source} --resolve ${name}:443:${INTERNET.s3} ${TRUSTED} https://${name}/`,
      );
    expect(await resolved("b-2", RESOLVER, name)).toBe(INTERNET.s3);
    expect(await asked("b-2", ADDRESS["b-2"], BRIEF)).toBeUndefined();
    expect(await asked("b-1", ADDRESS["b-1"])).toBe("403");
    const endpoint = { destination: `${INTERNET.s3}/32`, via: { s3Endpoint: true } } as const;
    await during([withRoutes("by-internet", endpoint)], async () => {
      expect(await asked("b-2", ADDRESS["b-2"])).toBe("403");
      const { guest } = await sharedTestbed();
      const client = "10.64.0.2";
      await guest.agent.sh(`ip -n b-2 address add ${client}/32 dev lo && ip -n b-2 link set lo up`);
      expect(await asked("b-2", client, BRIEF)).toBeUndefined();
      await guest.agent.sh(`ip -n b-2 address delete ${client}/32 dev lo`);
    });
  });

  test("Secrets Manager answers by TLS under AWS's name, to who trusts the lab's authority and may leave by 443", async () => {
    expect(await secrets("b-1", TRUSTED)).toMatch(/^[1-5]\d\d$/);
    expect(await secrets("b-1", "")).toBeUndefined();
    expect(await secrets("b-1", TRUSTED, 20, "secretsmanager.eu-west-2.amazonaws.com")).toBeUndefined();
    await during([withEni("b-1", { egress: [rule("tcp", "0.0.0.0/0", 80)] })], async () => {
      const counts = await counted("b-1", async () =>
        expect(await secrets("b-1", TRUSTED, BRIEF)).toBeUndefined(),
      );
      expect(counts.refused).toBeGreaterThanOrEqual(1);
    });
  });
});
