import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { letter } from "../../plan/place/identity.ts";
import type { NetworkOutputs } from "./subnets.ts";

/** By a name that stays: a zone's table, and the target of its default route. */
export type Routes = Record<string, { routeTableId: pulumi.Input<string>; target: Target }>;

/** An internet gateway, which AWS calls the gateway, or the network interface of one of ours. */
type Target = { gatewayId: pulumi.Input<string> } | { networkInterfaceId: pulumi.Input<string> };

export interface DefaultRoutesArgs {
  routes: Routes;
  /** What the targets need before they lead anywhere. */
  after: pulumi.Resource[];
}

/** Of the servers' subnets to the internet gateway; none where the subnets exist, whose own routes lead there. */
export function toInternet({ serverTableIds, internetGatewayId: gatewayId }: NetworkOutputs): Routes {
  return gatewayId === undefined ? {} : routes(serverTableIds, "", () => ({ gatewayId }));
}

/** Of the servers' and the balancer's subnets to their zone's gateway. */
export function toGateways(
  { serverTableIds, balancerTableIds }: NetworkOutputs,
  byZone: Record<string, { interfaceId: pulumi.Output<string> }>,
): Routes {
  const target = (zone: string) => ({ networkInterfaceId: byZone[zone]!.interfaceId });
  return { ...routes(serverTableIds, "", target), ...routes(balancerTableIds, "balancer-", target) };
}

/** @param tables By zone's name. */
function routes(
  tables: NetworkOutputs["serverTableIds"],
  role: string,
  target: (zone: string) => Target,
): Routes {
  return Object.fromEntries(
    Object.entries(tables).map(([zone, routeTableId]) => [
      `${role}${letter(zone)}`,
      { routeTableId, target: target(zone) },
    ]),
  );
}

/**
 * The default routes that the front door decides. Under either front door they are the same resources, so that
 * another one turns them in place: a table has no second default route to be made first.
 */
export class DefaultRoutes extends pulumi.ComponentResource {
  readonly all: pulumi.Resource[];

  constructor(name: string, args: DefaultRoutesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pptp-fleet:network:DefaultRoutes", name, {}, opts);
    this.all = Object.entries(args.routes).map(
      ([table, { routeTableId, target }]) =>
        new aws.ec2.Route(
          `${name}-${table}`,
          { routeTableId, destinationCidrBlock: "0.0.0.0/0", ...target },
          { parent: this, dependsOn: args.after, deleteBeforeReplace: true },
        ),
    );
    this.registerOutputs();
  }
}
