import { Server, ServerCredentials, type ServiceDefinition, type UntypedServiceImplementation } from "@grpc/grpc-js";
import * as services from "@pulumi/pulumi/proto/engine_grpc_pb";
import { GetRootResourceResponse, type LogRequest } from "@pulumi/pulumi/proto/engine_pb";

const { EngineService } = services as unknown as {
  EngineService: ServiceDefinition & { readonly log: { readonly responseType: new () => object } };
};

/** What a provider has told the engine. */
interface Message {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly severity: number;
  readonly urn: string;
  readonly message: string;
  readonly ephemeral: boolean;
}

/** The part of the engine that a provider talks to. */
export async function startEngine() {
  const messages: Message[] = [];
  const server = new Server();
  const implementation: UntypedServiceImplementation = {
    log: ({ request }: { request: LogRequest }, answer: (error: null, value: object) => void) => {
      messages.push({
        at: Date.now(),
        severity: request.getSeverity(),
        urn: request.getUrn(),
        message: request.getMessage(),
        ephemeral: request.getEphemeral(),
      });
      answer(null, new EngineService.log.responseType());
    },
    getRootResource: (_call: unknown, answer: (error: null, value: GetRootResourceResponse) => void) => {
      answer(null, new GetRootResourceResponse());
    },
    setRootResource: () => undefined,
    startDebugging: () => undefined,
    requirePulumiVersion: () => undefined,
  };
  server.addService(EngineService, implementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { messages, address: `127.0.0.1:${port}`, kill: () => server.forceShutdown() };
}
