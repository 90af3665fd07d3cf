/** Where a stack is not as its settings say. */
import type { Config } from "../program/run.ts";
import { addresses, different } from "./asked.ts";
import { arrives, type Balancer, type Machine, type NextHop, type Reach } from "./model.ts";
import { text } from "./networks.ts";
import { settingsSay } from "./settings-say.ts";

/** What of the machines themselves is not as the settings say. */
export function wrong(config: Config, reach: Reach): string[] {
  const says = settingsSay(config, reach);
  const asked = addresses(config, reach);
  return reach.machines.flatMap((machine) =>
    different(reach, asked, (source, service) => [
      arrives(machine, source, machine.address, service) !== undefined,
      says.machine(machine, source, service),
    ]).map((each) => `${machine.name} from ${each}`),
  );
}

export const servers = ({ machines }: Reach) => machines.filter(({ kind }) => kind === "server");
export const gateways = ({ machines }: Reach) => machines.filter(({ kind }) => kind === "gateway");
export const gatewayOf = ({ nextHop }: { nextHop: NextHop }, reach: Reach) =>
  gateways(reach).find(({ interfaceId }) => interfaceId === nextHop);
export const clientOf = ({ tunnels }: Machine) => tunnels!.clients[0]![0];
/** The letter of a machine's, or of a node's, zone. */
export const letterOf = (it: Machine | Balancer["nodes"][number]) =>
  "zone" in it ? it.zone.at(-1) : it.kind === "server" ? it.name[0] : it.name.at(-1);

/** What has another way out than its zone's gateway, or the internet gateway where there is none. */
export function astray(reach: Reach): string[] {
  return [...reach.machines, ...(reach.balancer?.nodes ?? [])]
    .filter((it) => {
      const gateway = gateways(reach).find((each) => letterOf(each) === letterOf(it));
      return it.nextHop !== (gateway === undefined || it === gateway ? "internet" : gateway.interfaceId);
    })
    .map(({ address, nextHop }) => `${text(address)} by ${nextHop}`);
}
