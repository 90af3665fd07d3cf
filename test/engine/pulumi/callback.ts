/** A function of the program's, as it hands it to the engine: called over gRPC, at an address of its own. */
import { createRequire } from "node:module";
import type { Hook, Occasion } from "./hooks.ts";

const require = createRequire(import.meta.url);
const pulumiRequire = createRequire(require.resolve("@pulumi/pulumi"));
const grpc = pulumiRequire("@grpc/grpc-js");
const { Struct } = pulumiRequire("google-protobuf/google/protobuf/struct_pb.js");
const resources = require("@pulumi/pulumi/proto/resource_pb.js");
const callbacks = require("@pulumi/pulumi/proto/callback_pb.js");
const { CallbacksClient } = require("@pulumi/pulumi/proto/callback_grpc_pb.js");

/** A hook that the program registers. */
export function hookOf(request: any): Hook {
  const callback = request.getCallback();
  return {
    name: request.getName(),
    onDryRun: request.getOnDryRun(),
    ignoreErrors: request.getIgnoreErrors(),
    call: async (occasion) => {
      const answer = await invoke(callback.getTarget(), callback.getToken(), told(occasion));
      return resources.ResourceHookResponse.deserializeBinary(answer).getError();
    },
  };
}

function told(occasion: Occasion): Uint8Array {
  const request = new resources.ResourceHookRequest();
  request.setUrn(occasion.urn);
  request.setId(occasion.id);
  request.setName(occasion.name);
  request.setType(occasion.type);
  for (const which of ["OldInputs", "NewInputs", "OldOutputs", "NewOutputs"] as const) {
    const properties = occasion[`${which[0]!.toLowerCase()}${which.slice(1)}` as keyof Occasion];
    if (properties !== undefined) request[`set${which}`](Struct.fromJavaScript(properties));
  }
  return request.serializeBinary();
}

async function invoke(target: string, token: string, request: Uint8Array): Promise<Uint8Array> {
  const client = new CallbacksClient(target, grpc.credentials.createInsecure());
  const message = new callbacks.CallbackInvokeRequest();
  message.setToken(token);
  message.setRequest(request);
  try {
    return await new Promise((resolve, reject) =>
      client.invoke(message, (error: unknown, response: any) =>
        error ? reject(error) : resolve(response.getResponse_asU8()),
      ),
    );
  } finally {
    client.close();
  }
}
