/**
 * Who reaches which port of which machine, by security group and by the machine's own rules together, is what the
 * settings say: over stacks of every kind, for every address and port. Every rule is about ranges, so one address of each
 * piece that all their ends cut stands for the piece.
 *
 * Not asked: what AWS does with a packet before it comes to an interface, but for routes to clients and source/dest check.
 */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { ProgramRun } from "../../offline/program.ts";
import { Resources } from "../policy/broken.ts";
import { type Config, run } from "../program/run.ts";
import {
  arrives,
  GRE,
  ICMP,
  isClient,
  lets,
  type Machine,
  type Reach,
  reachOf,
  type Service,
  sends,
  TCP,
  UDP,
} from "./model.ts";
import { ADDRESSES, inAny, PORTS, pieces, type Range, range, text } from "./networks.ts";
import { settingsSay } from "./settings-say.ts";
import { stacks } from "./stacks.ts";

const ESP = 50;
const ECHO_REQUEST = 8;
const CONTROL: Service = { protocol: TCP, port: 1723 };

// Warnings of quotas and of open lists are other tests' subject.
beforeAll(() => {
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
});
afterAll(() => {
  vi.restoreAllMocks();
});

const runs = new Map<Config, Promise<ProgramRun>>();
const recorded = (config: Config): Promise<ProgramRun> => {
  if (!runs.has(config)) runs.set(config, run(config));
  return runs.get(config)!;
};
const worked = new Map<Config, Reach>();
const work = async (config: Config): Promise<Reach> => {
  if (!worked.has(config)) worked.set(config, reachOf(await recorded(config)));
  return worked.get(config)!;
};

/** One address of each piece of all addresses. */
function addresses(config: Config, { machines, balancer, subnets }: Reach): number[] {
  const groups = [...machines, ...(balancer === undefined ? [] : [balancer])].flatMap(({ group }) => group);
  const named = [
    ...machines.flatMap(({ rules }) => rules.networks),
    ...Object.values(subnets),
    ...["allowedCidrs", "adminCidrs", "dns"].flatMap((key) => config[key] as string[]),
    ...(config.egress as { cidrs: string[] }).cidrs,
  ];
  const own = machines.flatMap(({ address, tunnels }): Range[] => [
    [address, address],
    ...(tunnels === undefined ? [] : [[tunnels.end, tunnels.end] as Range, ...tunnels.clients]),
  ]);
  return pieces([...groups.map(({ cidr }) => cidr), ...named.map(range), ...own], ADDRESSES);
}

/** Services, one port of each piece of all ports. */
function services({ machines }: Reach): Service[] {
  const bounds = machines.flatMap(({ group, rules }) => [
    ...group.map(({ ports }) => ports),
    ...rules.ports.map((port): Range => [port, port]),
  ]);
  const ports = pieces([...bounds, [22, 22], [1723, 1723], [8723, 8723]], PORTS);
  return [
    ...[TCP, UDP].flatMap((protocol) => ports.map((port) => ({ protocol, port }))),
    ...[0, 3, ECHO_REQUEST, 11].map((port) => ({ protocol: ICMP, port })),
    // Of the first server of a zone.
    { protocol: GRE, callId: 1024 },
    { protocol: ESP },
  ];
}

const shown = ({ protocol, port }: Service) => `${protocol}${port === undefined ? "" : `/${port}`}`;

/** Where reached and said differ, by what is reached. */
function different(
  reach: Reach,
  asked: number[],
  ask: (address: number, service: Service) => [reached: boolean, said: boolean],
): string[] {
  return services(reach).flatMap((service) =>
    asked.flatMap((address) => {
      const [reached, said] = ask(address, service);
      return reached === said ? [] : [`${text(address)} ${shown(service)}: ${reached ? "open" : "closed"}`];
    }),
  );
}

/** What of the machines themselves is not as the settings say. */
function wrong(config: Config, reach: Reach): string[] {
  const says = settingsSay(config, reach);
  const asked = addresses(config, reach);
  return reach.machines.flatMap((machine) =>
    different(reach, asked, (source, service) => [
      arrives(machine, source, machine.address, service) !== undefined,
      says.machine(machine, source, service),
    ]).map((each) => `${machine.name} from ${each}`),
  );
}

const servers = ({ machines }: Reach) => machines.filter(({ kind }) => kind === "server");
const clientOf = ({ tunnels }: Machine) => tunnels!.clients[0]![0];

describe.each(stacks.map((config, i) => [i + 1, JSON.stringify(config), config] as const))(
  "stack %d, %s",
  (_, __, config) => {
    test("opens its machines to whom the settings name, and to nobody else", async () => {
      expect(wrong(config, await work(config))).toEqual([]);
    });

    test("opens its clients to egress.cidrs where it is routed, and to nobody else", async () => {
      const reach = await work(config);
      const says = settingsSay(config, reach);
      const asked = addresses(config, reach);
      for (const server of servers(reach)) {
        const found = different(reach, asked, (source, service) => [
          arrives(server, source, clientOf(server), service)?.at === "beyond",
          says.client(source, service),
        ]);
        expect(found).toEqual([]);
        // The server's end of the tunnels is the server itself, under an address that routes may lead to.
        const more = different(reach, asked, (source, service) => [
          arrives(server, source, server.tunnels!.end, service) !== undefined &&
            !says.machine(server, source, service),
          false,
        ]);
        expect(more).toEqual([]);
      }
    });

    test("lets clients reach egress.cidrs, and nothing of their server but an answer to ping", async () => {
      const reach = await work(config);
      const says = settingsSay(config, reach);
      const { clientToClient } = config.egress as { clientToClient: boolean };
      for (const server of servers(reach)) {
        const found = different(reach, addresses(config, reach), (destination, service) => {
          const end = sends(server, clientOf(server) + 1, destination, service);
          if (destination === server.address || destination === server.tunnels!.end)
            return [end !== undefined, service.protocol === ICMP && service.port === ECHO_REQUEST];
          return [
            end?.at === "beyond",
            isClient(server, destination) ? clientToClient : says.beyond(destination, service),
          ];
        });
        expect(found).toEqual([]);
      }
    });

    test.runIf(config.frontDoor === "nlb")(
      "leads whom allowedCidrs names to servers, by both flows",
      async () => {
        const reach = await work(config);
        const says = settingsSay(config, reach);
        const asked = addresses(config, reach);
        const dials = (source: number) => inAny(source, config.allowedCidrs as string[]);
        const balancer = reach.balancer!;
        expect(
          different(reach, asked, (source, service) => [
            lets(balancer.group, "in", source, service),
            says.balancer(balancer, source, service),
          ]),
        ).toEqual([]);
        for (const gateway of reach.machines.filter(({ kind }) => kind === "gateway")) {
          const zone = servers(reach).filter(({ name }) => name[0] === gateway.name.at(-1));
          const wrongly = asked.filter((source) => {
            const toBalancer = arrives(gateway, source, gateway.address, CONTROL);
            const node = toBalancer?.at === "beyond" && balancer.nodes.includes(toBalancer.destination);
            const control = zone.map(
              ({ address }, i) =>
                node &&
                lets(balancer.group, "in", source, CONTROL) &&
                arrives(zone[i]!, source, address, CONTROL),
            );
            const tunnels = zone.map((server) => {
              const callId = Number(server.name.split("-")[1]) * 1024 + 7;
              const end = arrives(gateway, source, gateway.address, { protocol: GRE, callId });
              return (
                end?.at === "beyond" &&
                end.destination === server.address &&
                arrives(server, source, server.address, { protocol: GRE, callId })
              );
            });
            return [...control, ...tunnels].some((each) => Boolean(each) !== dials(source));
          });
          expect(wrongly.map(text)).toEqual([]);
        }
      },
    );
  },
);

describe("the stacks", () => {
  test("are of every kind", () => {
    const kinds = (of: (config: Config) => string) => [...new Set(stacks.map(of))].sort();
    expect(
      kinds(({ frontDoor, vpcId, egress }) =>
        [frontDoor, vpcId && "existing", (egress as { mode: string }).mode].join(" "),
      ),
    ).toEqual([
      "eip  nat",
      "eip  none",
      "eip  routed",
      "eip existing nat",
      "eip existing none",
      "eip existing routed",
      "nlb  nat",
      "nlb  none",
      "nlb  routed",
    ]);
    expect(kinds(({ adminCidrs }) => String((adminCidrs as string[]).length > 0))).toEqual(["false", "true"]);
  });
});

describe("a mistake is found", () => {
  const config: Config = {
    servers: 1,
    zones: ["eu-west-1a"],
    vpcCidr: "10.42.0.0/16",
    allowedCidrs: ["198.51.100.0/24"],
    adminCidrs: [],
    dns: [],
    egress: { mode: "routed", cidrs: ["10.9.0.0/16"], clientToClient: false },
  };
  const broken = async (breaks: (resources: Resources) => void): Promise<string[]> => {
    const fleet = await recorded(config);
    const resources = new Resources(fleet.resources);
    breaks(resources);
    return wrong(config, reachOf({ ...fleet, resources: resources.list }));
  };

  test("in none of what the program made", async () => {
    expect(await broken(() => undefined)).toEqual([]);
  });

  test("in a server that closes nothing to those who reach its clients", async () => {
    const found = await broken((resources) =>
      resources.rewriteFile("pptp-fleet-a-1", "/etc/nftables.conf", (rules) =>
        rules.replace(/^.*routed to the server itself.*$/m, ""),
      ),
    );
    expect(found).toEqual(
      [`${TCP}/1723`, `${TCP}/8723`, `${ICMP}/${ECHO_REQUEST}`].map(
        (what) => `a-1 from 10.9.0.0 ${what}: open`,
      ),
    );
  });

  test("in a gateway that closes nothing to the VPC", async () => {
    const path = "/etc/pptp-fleet/gateway.nft";
    const found = await broken((resources) =>
      resources.rewriteFile("pptp-fleet-gateway-a", path, (rules) =>
        rules.replaceAll(/^\s+(tcp dport 1723 )?ip saddr \{.*not_pptp" drop$/gm, ""),
      ),
    );
    expect(found).toContain(`gateway-a from 10.42.0.0 ${TCP}/1723: open`);
    expect(found).toContain(`gateway-a from 10.64.0.0 ${ICMP}/${ECHO_REQUEST}: open`);
  });

  test("in a rule of the group that nobody asked for, and in one that is gone", async () => {
    const more = await broken((resources) =>
      resources.change("SecurityGroupIngressRule", /^pptp-fleet-in-clients-tcp-/, (rule) => {
        rule.cidrIpv4 = "10.8.0.0/15";
      }),
    );
    expect(more).toEqual([`a-1 from 10.8.0.0 ${TCP}/1723: open`, `a-1 from 10.8.0.0 ${TCP}/8723: open`]);
    const less = await broken((resources) =>
      resources.remove("SecurityGroupIngressRule", "pptp-fleet-in-gre-198.51.100.0/24"),
    );
    expect(less).toEqual([`a-1 from 198.51.100.0 ${GRE}: closed`]);
  });
});
