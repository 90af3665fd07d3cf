/**
 * Who reaches which port of which machine, by security group and by the machine's own rules together, is what the
 * settings say: over stacks of every kind, for every address and port. Every rule is about ranges, so one address of each
 * piece that all their ends cut stands for the piece.
 *
 * Not asked: what AWS does with a packet before it comes to an interface, but for routes to clients, default routes and
 * source/dest check.
 */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Config, run } from "../program/run.ts";
import { addresses, different, ECHO_REQUEST } from "./asked.ts";
import { astray, clientOf, gatewayOf, gateways, letterOf, servers, wrong } from "./faults.ts";
import {
  arrives,
  GRE,
  ICMP,
  isClient,
  lets,
  passesOn,
  type Reach,
  type Service,
  sends,
  TCP,
} from "./model.ts";
import { inAny, text } from "./networks.ts";
import { reachOf } from "./read.ts";
import { settingsSay, vpcOf } from "./settings-say.ts";
import { type Stack, stacks } from "./stacks.ts";

const CONTROL: Service = { protocol: TCP, port: 1723 };

// Warnings of quotas and of open lists are other tests' subject.
beforeAll(() => {
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
});
afterAll(() => {
  vi.restoreAllMocks();
});

const worked = new Map<Config, Promise<Reach>>();
const work = (config: Config): Promise<Reach> => {
  if (!worked.has(config)) worked.set(config, run(config).then(reachOf));
  return worked.get(config)!;
};

/** With what a failure says of the stack. */
const nothing = (found: string[], config: Config) => expect(found, JSON.stringify(config)).toEqual([]);

describe.each(stacks)("stack $number, $frontDoor in $place, $mode", ({ config }) => {
  test("has a way out for every machine: the internet gateway, or where there is one the zone's gateway", async () => {
    nothing(astray(await work(config)), config);
  });

  test("opens its machines to whom the settings name, and to nobody else", async () => {
    nothing(wrong(config, await work(config)), config);
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
      nothing(found, config);
      // The server's end of the tunnels is the server itself, under an address that routes may lead to.
      const more = different(reach, asked, (source, service) => [
        arrives(server, source, server.tunnels!.end, service) !== undefined &&
          !says.machine(server, source, service),
        false,
      ]);
      nothing(more, config);
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
      nothing(found, config);
    }
  });
});

describe.each(stacks.filter(({ frontDoor }) => frontDoor === "nlb"))(
  "stack $number, $frontDoor in $place, $mode",
  ({ config, mode }) => {
    test("leads whom allowedCidrs names to servers, by both flows", async () => {
      const reach = await work(config);
      const says = settingsSay(config, reach);
      const asked = addresses(config, reach);
      const dials = (source: number) => inAny(source, config.allowedCidrs as string[]);
      const balancer = reach.balancer!;
      nothing(
        different(reach, asked, (source, service) => [
          lets(balancer.group, "in", source, service),
          says.balancer(balancer, source, service),
        ]),
        config,
      );
      for (const gateway of gateways(reach)) {
        const zone = servers(reach).filter((server) => gatewayOf(server, reach) === gateway);
        const node = balancer.nodes.find((each) => letterOf(each) === letterOf(gateway))!;
        const wrongly = asked.filter((source) => {
          const balanced =
            passesOn(gateway, source, gateway.address, CONTROL) === node.address &&
            lets(balancer.group, "in", source, CONTROL);
          const control = zone.map(
            (server) =>
              balanced &&
              lets(balancer.group, "out", server.address, CONTROL) &&
              arrives(server, source, server.address, CONTROL),
          );
          const tunnels = zone.map((server) => {
            const tunnel = { protocol: GRE, callId: Number(server.name.split("-")[1]) * 1024 + 7 };
            return (
              passesOn(gateway, source, gateway.address, tunnel) === server.address &&
              arrives(server, source, server.address, tunnel)
            );
          });
          return [...control, ...tunnels].some((each) => Boolean(each) !== dials(source));
        });
        nothing(wrongly.map(text), config);
      }
    });

    test("lets clients out by their zone's gateway, to egress.cidrs and nowhere else", async () => {
      const reach = await work(config);
      const says = settingsSay(config, reach);
      const asked = addresses(config, reach).filter((address) => !inAny(address, vpcOf(config)));
      for (const server of servers(reach)) {
        const client = clientOf(server);
        const gateway = gatewayOf(server, reach)!;
        const source = mode === "routed" ? client : server.address;
        const beyond = asked.filter(
          (address) => !isClient(server, address) && address !== server.tunnels!.end,
        );
        const found = different(reach, beyond, (destination, service) => [
          sends(server, client, destination, service)?.at === "beyond" &&
            passesOn(gateway, source, destination, service) === destination,
          // A gateway has GRE of servers only: under their own addresses clients' ends there.
          says.beyond(destination, service) && (service.protocol !== GRE || mode === "nat"),
        ]);
        nothing(found, config);
      }
    });
  },
);

describe("the stacks", () => {
  test("have every front door, place and mode, one zone and more; and in a VPC that exists each setting both ways", () => {
    const kinds = (of: (stack: Stack) => unknown) => [...new Set(stacks.map(of))].sort();
    expect(kinds(({ frontDoor, place, mode }) => `${frontDoor} in ${place}, ${mode}`)).toHaveLength(18);
    const zones = ({ zones, subnetIds }: Config) => ((zones ?? subnetIds) as string[]).length;
    expect(kinds(({ place, config }) => `${place}: ${zones(config)}`)).toEqual([
      ...["a VPC of its own: 1", "a VPC of its own: 2", "a VPC of its own: 3"],
      ...["free CIDRs: 1", "free CIDRs: 2", "named subnets: 1", "named subnets: 2"],
    ]);
    const existing = stacks.filter(({ place }) => place !== "a VPC of its own");
    for (const door of ["nlb", "eip"])
      for (const said of [
        ({ adminCidrs }: Config) => (adminCidrs as string[]).length > 0,
        ({ egress }: Config) => (egress as { cidrs: string[] }).cidrs.length > 0,
        ({ dns }: Config) => (dns as string[]).length > 0,
        ({ conntrack }: Config) => (conntrack as { mode: string }).mode === "bypass",
      ])
        expect(
          new Set(existing.filter(({ frontDoor }) => frontDoor === door).map(({ config }) => said(config)))
            .size,
        ).toBe(2);
  });
});
