import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Where a zone's packets to the rest of the world go. */
export type WayOut =
  | { internetGatewayId: pulumi.Input<string> }
  | { gatewayInterfaceId: pulumi.Input<string> };

export interface DefaultRoutesArgs {
  /** By a name that stays: the table, and its way out. */
  routes: Record<string, { routeTableId: pulumi.Input<string>; wayOut: WayOut }>;
  /** What the ways out need before they lead anywhere. */
  after: pulumi.Resource[];
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
      ([table, { routeTableId, wayOut }]) =>
        new aws.ec2.Route(
          `${name}-${table}`,
          { routeTableId, destinationCidrBlock: "0.0.0.0/0", ...target(wayOut) },
          { parent: this, dependsOn: args.after, deleteBeforeReplace: true },
        ),
    );
    this.registerOutputs();
  }
}

function target(wayOut: WayOut): Pick<aws.ec2.RouteArgs, "gatewayId" | "networkInterfaceId"> {
  return "internetGatewayId" in wayOut
    ? { gatewayId: wayOut.internetGatewayId }
    : { networkInterfaceId: wayOut.gatewayInterfaceId };
}
