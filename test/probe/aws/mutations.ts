/** Changes of a sound fleet on AWS, one at a time, each with the faults that it makes. */
import type { Inventory } from "../../../probe/aws/inventory.ts";
import { CLIENTS, is, machine, table, targets, without } from "./fleet-on-aws.ts";

/** What is changed, the faults that it makes as `id@leg`, and the change. */
export const MUTATIONS: [string, string[], (fleet: Inventory) => void][] = [
  ["47 in, servers", ["rule-servers-in-47@greOut"], (f) => without(f, "sg-servers", is("in", "47"))],
  ["47 out, servers", ["rule-servers-out-47@greBack"], (f) => without(f, "sg-servers", is("out", "47"))],
  ["1723, servers", ["rule-servers-in-tcp-1723@tcp"], (f) => without(f, "sg-servers", is("in", "tcp", 1723))],
  [
    "health port, servers",
    ["rule-servers-in-tcp-8723", "rule-servers-in-tcp-8723"],
    (f) => without(f, "sg-servers", is("in", "tcp", 8723)),
  ],
  [
    "47 from clients, gateway",
    ["rule-gateways-in-47@greOut"],
    (f) => without(f, "sg-gateways", is("in", "47", undefined, CLIENTS)),
  ],
  [
    "47 to clients, gateway",
    ["rule-gateways-out-47@greBack"],
    (f) => without(f, "sg-gateways", is("out", "47", undefined, CLIENTS)),
  ],
  [
    "47 to servers, gateway",
    ["rule-gateways-out-47@greOut", "rule-gateways-out-47@greOut"],
    (f) => without(f, "sg-gateways", is("out", "47", undefined, "10.42.0.0/20")),
  ],
  [
    "47 from servers, gateway",
    ["rule-gateways-in-47@greBack", "rule-gateways-in-47@greBack"],
    (f) => without(f, "sg-gateways", is("in", "47", undefined, "10.42.0.0/20")),
  ],
  [
    "1723 in, gateway",
    ["rule-gateways-in-tcp-1723@tcp"],
    (f) => without(f, "sg-gateways", is("in", "tcp", 1723)),
  ],
  [
    "1723 to the balancer",
    ["rule-gateways-out-tcp-1723@tcp", "rule-gateways-out-tcp-1723@tcp"],
    (f) => without(f, "sg-gateways", is("out", "tcp", 1723)),
  ],
  [
    "1723 in, balancer",
    ["rule-balancer-in-tcp-1723@tcp"],
    (f) => without(f, "sg-balancer", is("in", "tcp", 1723)),
  ],
  [
    "health check out, balancer",
    ["rule-balancer-out-tcp-8723", "rule-balancer-out-tcp-8723"],
    (f) => without(f, "sg-balancer", is("out", "tcp", 8723)),
  ],
  [
    "source/dest check",
    ["source-dest-check@tcp"],
    (f) => {
      machine(f, "gateway-a").sourceDestCheck = true;
    },
  ],
  [
    "a gateway stopped",
    ["not-running@tcp"],
    (f) => {
      machine(f, "gateway-b").state = "stopped";
    },
  ],
  ["Elastic IP on nothing", ["address-off@tcp"], (f) => void delete f.addresses[1]!.interfaceId],
  [
    "the dialled Elastic IP on nothing",
    ["address-off@tcp", "address-unused@tcp"],
    (f) => void delete f.addresses[0]!.interfaceId,
  ],
  [
    "servers' default route gone",
    ["no-default-route@greBack"],
    (f) => void delete table(f, "rtb-servers-a").defaultRoute,
  ],
  [
    "servers' default route to the internet gateway",
    ["default-route-astray@greBack"],
    (f) => {
      table(f, "rtb-servers-b").defaultRoute!.target = "igw-1";
    },
  ],
  [
    "servers' default route to the other zone's gateway",
    ["default-route-astray@greBack"],
    (f) => {
      table(f, "rtb-servers-a").defaultRoute!.target = "eni-gateway-b";
    },
  ],
  [
    "servers' default route to a gateway that is gone",
    ["default-route-dead@greBack"],
    (f) => {
      table(f, "rtb-servers-a").defaultRoute!.state = "blackhole";
    },
  ],
  [
    "balancer's default route gone",
    ["no-default-route@tcp"],
    (f) => void delete table(f, "rtb-balancer-a").defaultRoute,
  ],
  [
    "balancer's subnet on the main table",
    ["no-default-route@tcp"],
    (f) => {
      table(f, "rtb-balancer-b").subnetIds = [];
    },
  ],
  [
    "public default route gone",
    ["no-default-route@tcp", "no-default-route@tcp"],
    (f) => void delete table(f, "rtb-public").defaultRoute,
  ],
  [
    "cross-zone on the balancer",
    ["cross-zone@greOut"],
    (f) => {
      f.balancer!.crossZone = true;
    },
  ],
  [
    "cross-zone on the target group",
    ["target-cross-zone@greOut"],
    (f) => {
      targets(f).attributes["load_balancing.cross_zone.enabled"] = "true";
    },
  ],
  [
    "stickiness off",
    ["stickiness"],
    (f) => {
      targets(f).attributes["stickiness.enabled"] = "false";
    },
  ],
  [
    "client's address not kept",
    ["client-address@greOut"],
    (f) => {
      targets(f).attributes["preserve_client_ip.enabled"] = "false";
    },
  ],
  [
    "proxy protocol on",
    ["proxy-protocol@control"],
    (f) => {
      targets(f).attributes["proxy_protocol_v2.enabled"] = "true";
    },
  ],
  [
    "termination on unhealthy, which is AWS's default",
    ["unhealthy-termination"],
    (f) => void delete targets(f).attributes["target_health_state.unhealthy.connection_termination.enabled"],
  ],
  [
    "termination at the end of the delay",
    ["deregistration-termination"],
    (f) => {
      targets(f).attributes["deregistration_delay.connection_termination.enabled"] = "true";
    },
  ],
  [
    "health check on a wrong port",
    ["health-check"],
    (f) => {
      targets(f).check.port = "1723";
    },
  ],
  [
    "health check over TCP",
    ["health-check"],
    (f) => {
      targets(f).check.protocol = "TCP";
    },
  ],
  ["no target for a server", ["not-registered"], (f) => void targets(f).targets.pop()],
  [
    "no target at all",
    ["not-registered@tcp", "not-registered@tcp", "not-registered@tcp"],
    (f) => {
      targets(f).targets = [];
    },
  ],
  [
    "one dead target",
    ["unhealthy"],
    (f) => {
      targets(f).targets[0]!.state = "unhealthy";
    },
  ],
  [
    "all targets dead",
    ["unhealthy@control", "unhealthy@control", "unhealthy@control"],
    (f) => {
      for (const target of targets(f).targets) target.state = "unhealthy";
    },
  ],
  [
    "a target that drains",
    [],
    (f) => {
      targets(f).targets[0]!.state = "draining";
    },
  ],
  [
    "no listener",
    ["no-listener@tcp"],
    (f) => {
      f.balancer!.listeners = [];
    },
  ],
  [
    "an internet-facing balancer",
    ["scheme@tcp"],
    (f) => {
      f.balancer!.scheme = "internet-facing";
    },
  ],
  [
    "a balancer that is being made",
    ["balancer-state@tcp"],
    (f) => {
      f.balancer!.state = "provisioning";
    },
  ],
  ["no balancer", ["no-balancer@tcp"], (f) => void delete f.balancer],
  [
    "a zone's gateway gone",
    ["no-gateway@tcp", "default-route-astray@greBack", "default-route-astray@tcp"],
    (f) => {
      f.machines = f.machines.filter(({ name }) => name !== "gateway-a");
    },
  ],
];
