import { connectivityState, credentials, Metadata } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { GetRootResourceRequest, LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import type { HookLog } from "../resources/contract";

/** The engine's own service: takes messages, and its absence means that nobody waits any more. */
export interface Engine {
  logFor(urn: string): HookLog;
  /** Asks the engine for a sign of life. */
  isThere(): Promise<boolean>;
  /** Calls back once when the engine has gone without a word, as after SIGKILL. */
  onGone(callback: () => void): void;
}

/** The address of the engine is the host's first argument that is not a flag. */
export function engineAddress(args: readonly string[]): string | undefined {
  const tracing = args.indexOf("--tracing");
  return args.find((arg, i) => !arg.startsWith("-") && (tracing === -1 || i !== tracing + 1));
}

/** Connects to the engine. Without an address, as in a test, nobody is told anything. */
export function connectEngine(address: string | undefined): Engine {
  if (address === undefined) return silent;
  const client = new EngineClient(address, credentials.createInsecure());
  return {
    logFor: (urn) => logTo(client, urn),
    isThere: () => isThere(client),
    onGone: (callback) => {
      client.getChannel().getConnectivityState(true);
      watchChannel(client, callback);
    },
  };
}

const silent: Engine = {
  isThere: () => Promise.resolve(true),
  logFor: () => ({ status: () => undefined, info: () => undefined, warn: () => undefined }),
  onGone: () => undefined,
};

function logTo(client: EngineClient, urn: string): HookLog {
  const send = (message: string, { severity, ephemeral }: { severity: LogSeverity; ephemeral: boolean }): void => {
    const request = new LogRequest();
    request.setSeverity(severity);
    request.setUrn(urn);
    request.setMessage(message);
    request.setEphemeral(ephemeral);
    // A lost message is no reason to fail a deployment; a lost engine is noticed by its channel.
    client.log(request, () => undefined);
  };
  return {
    status: (message) => {
      send(message, { severity: LogSeverity.INFO, ephemeral: true });
    },
    info: (message) => {
      send(message, { severity: LogSeverity.INFO, ephemeral: false });
    },
    warn: (message) => {
      send(message, { severity: LogSeverity.WARNING, ephemeral: false });
    },
  };
}

function isThere(client: EngineClient): Promise<boolean> {
  return new Promise((resolve) => {
    const deadline = Date.now() + GONE_MS;
    client.getRootResource(new GetRootResourceRequest(), new Metadata(), { deadline }, (error) =>
      resolve(error === null),
    );
  });
}

/** How long a connection may be away before the engine counts as gone. */
const GONE_MS = 3_000;

function watchChannel(client: EngineClient, callback: () => void): void {
  const channel = client.getChannel();
  const state = channel.getConnectivityState(true);
  channel.watchConnectivityState(state, Infinity, () => {
    if (state !== connectivityState.READY) {
      watchChannel(client, callback);
      return;
    }
    // It was ready and is no more: an idle channel reconnects at once when the engine is still there.
    client.waitForReady(Date.now() + GONE_MS, (error) => {
      if (error === undefined) watchChannel(client, callback);
      else callback();
    });
  });
}
