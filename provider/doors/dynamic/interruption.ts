import type { Http2Server } from "node:http2";

/** Operations in flight, to be ended when the user interrupts or the engine is gone. */
export interface Interruption {
  /** Runs an operation with a signal that an interruption aborts. */
  during<T>(operation: (signal: AbortSignal) => Promise<T>): Promise<T>;
  readonly interrupt: () => void;
}

/** Interruption of whatever is in flight at the moment; with nothing in flight it does nothing. */
export function interruption(): Interruption {
  const inFlight = new Set<AbortController>();
  return {
    during: async (operation) => {
      const controller = new AbortController();
      inFlight.add(controller);
      try {
        return await operation(controller.signal);
      } finally {
        inFlight.delete(controller);
      }
    },
    interrupt: () => {
      for (const controller of inFlight) controller.abort();
    },
  };
}

/**
 * Pulumi's dynamic host answers the engine's `Cancel` and tells nobody. The call can be seen on the host's own HTTP/2 server.
 * Where the server is not found, an interrupted wait simply goes on to its end. The engine sends `Cancel` at every normal end, too.
 */
export function onCancel(callback: () => void): void {
  const server = activeHandles().find(isHttp2Server);
  server?.on("stream", (_stream, headers) => {
    if (headers[":path"] === "/pulumirpc.ResourceProvider/Cancel") callback();
  });
}

function activeHandles(): unknown[] {
  const { _getActiveHandles: list } = process as unknown as { _getActiveHandles?: () => unknown[] };
  return list?.call(process) ?? [];
}

function isHttp2Server(handle: unknown): handle is Http2Server {
  return (
    typeof handle === "object" &&
    handle !== null &&
    (handle.constructor as { name?: string } | undefined)?.name === "Http2Server"
  );
}
