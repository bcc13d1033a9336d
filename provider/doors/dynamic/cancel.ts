import type { Http2Server } from "node:http2";

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
