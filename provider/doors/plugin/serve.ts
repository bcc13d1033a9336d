import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { type Plugin, serviceOf } from "./service";

/** Pulumi's own limit for one message. */
const MOST_BYTES = 400 * 1_024 * 1_024;
/** An operation may last as long as its run. */
const NEVER = 2_147_483_647;

/** Serves the plugin on a port of this machine that the system chooses, and returns the port. */
export async function serve(plugin: Plugin): Promise<number> {
  const server = new Server({
    "grpc.max_receive_message_length": MOST_BYTES,
    "grpc.max_send_message_length": MOST_BYTES,
    "grpc.server_max_unrequested_time_in_server": NEVER,
  });
  server.addService(ResourceProviderService, serviceOf(plugin));
  const bound = Promise.withResolvers<number>();
  server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
    if (error === null) bound.resolve(port);
    else bound.reject(error);
  });
  return bound.promise;
}
