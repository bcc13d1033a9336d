import type { sendUnaryData, ServerUnaryCall, ServiceError, UntypedServiceImplementation } from "@grpc/grpc-js";
import { type PluginAttach, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  type ConfigureRequest,
  ConfigureResponse,
  GetSchemaResponse,
  type ProviderHandshakeRequest,
  ProviderHandshakeResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { messageOf } from "../../cluster/errors";
import type { Settings } from "../../resources/clusters";
import { settingsOf } from "./config";
import { toServiceError } from "./failure";
import type { Provider } from "./provider";
import { fromWire } from "./values";

/** What the process of the plugin offers to its service. */
export interface Plugin {
  readonly version: string;
  /** The package's schema, byte for byte. */
  readonly schema: () => Promise<string>;
  /** Everything that is needed for resources: loaded when the first one comes, so that the engine need not wait for it. */
  readonly provider: () => Promise<Provider>;
  readonly configure: (settings: Settings) => void;
  /** The engine says where it is, or another one takes over. */
  readonly attach: (engineAddress: string) => void;
  readonly interrupt: () => void;
}

type Service = Partial<IResourceProviderServer> & UntypedServiceImplementation;

/** The service that Pulumi's engine talks to. What is not in it is answered with "unimplemented". */
export function serviceOf(plugin: Plugin): Service {
  return { ...processCalls(plugin), ...providerCalls(plugin) };
}

/** What the process itself can answer. */
function processCalls(plugin: Plugin): Service {
  return {
    handshake: unary((request: ProviderHandshakeRequest) => {
      plugin.attach(request.getEngineAddress());
      return handshake();
    }),
    attach: unary((request: PluginAttach) => {
      plugin.attach(request.getAddress());
      return new Empty();
    }),
    configure: unary((request: ConfigureRequest) => {
      plugin.configure(settingsOf(fromWire(request.getArgs()).props));
      return configured();
    }),
    getSchema: unary(async () => {
      const response = new GetSchemaResponse();
      response.setSchema(await plugin.schema());
      return response;
    }),
    getPluginInfo: unary(() => {
      const info = new PluginInfo();
      info.setVersion(plugin.version);
      return info;
    }),
    cancel: unary(() => {
      plugin.interrupt();
      return new Empty();
    }),
  } satisfies Service;
}

function providerCalls({ provider }: Plugin): Service {
  return {
    checkConfig: unary(async (request) => (await provider()).checkConfig(request)),
    diffConfig: unary(async (request) => (await provider()).diffConfig(request)),
    invoke: unary(async (request) => (await provider()).invoke(request)),
    check: unary(async (request) => (await provider()).resource(request.getUrn()).check(request)),
    diff: unary(async (request) => (await provider()).resource(request.getUrn()).diff(request)),
    create: unary(async (request) => (await provider()).resource(request.getUrn()).create(request)),
    read: unary(async (request) => (await provider()).resource(request.getUrn()).read(request)),
    update: unary(async (request) => (await provider()).resource(request.getUrn()).update(request)),
    delete: unary(async (request) => {
      await (await provider()).resource(request.getUrn()).delete(request);
      return new Empty();
    }),
  } satisfies Service;
}

/** Secrets and automatic names are handled here; references to resources and outputs arrive as plain values. */
function handshake(): ProviderHandshakeResponse {
  const response = new ProviderHandshakeResponse();
  response.setAcceptSecrets(true);
  response.setSupportsAutonamingConfiguration(true);
  return response;
}

/** The same again, for an engine that does not shake hands. */
function configured(): ConfigureResponse {
  const response = new ConfigureResponse();
  response.setAcceptsecrets(true);
  response.setSupportspreview(true);
  response.setSupportsAutonamingConfiguration(true);
  return response;
}

type Handler<Q, A> = (call: ServerUnaryCall<Q, A>, callback: sendUnaryData<A>) => void;

/** An error that says itself how it is to be answered. */
const isAnswer = (error: unknown): error is ServiceError => error instanceof Error && "metadata" in error;

/** Turns a promise into an answer. */
function unary<Q, A>(work: (request: Q) => Promise<A> | A): Handler<Q, A> {
  const answer = async (request: Q, callback: sendUnaryData<A>): Promise<void> => {
    try {
      callback(null, await work(request));
    } catch (error) {
      callback(isAnswer(error) ? error : toServiceError(messageOf(error)));
    }
  };
  return ({ request }, callback) => void answer(request, callback);
}
