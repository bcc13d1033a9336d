import { request as send } from "undici";
import type { Connection } from "./connect";
import { ClusterError, messageOf } from "./errors";

export interface Request {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly contentType?: string;
  /** What is done, for the error: `create ConfigMap default/a.job`. */
  readonly deed: string;
}

/** Sends a request and returns the JSON of the answer; anything but success rejects with a `ClusterError`. */
export async function requestJson<T>(connection: Connection, request: Request): Promise<T> {
  const { requests } = await connection.pools();
  const response = await sendWith(connection, request, { dispatcher: requests });
  const text = await answered(connection, request, response.body.text());
  if (response.statusCode >= 300) throw toError(request, response.statusCode, text);
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw new ClusterError(`cannot ${request.deed}: the answer is no JSON: ${text.slice(0, 200)}`, { cause: error });
  }
}

/** Opens a stream; its body is to be read or destroyed by the caller. */
export async function openStream(
  connection: Connection,
  request: Request,
  signal: AbortSignal,
): Promise<AsyncIterable<Buffer>> {
  // The server sends a bookmark about once a minute; longer silence means a dead connection.
  const response = await sendWith(connection, request, {
    dispatcher: (await connection.pools()).streams,
    signal,
    bodyTimeout: 120_000,
  });
  if (response.statusCode < 300) return response.body;
  throw toError(request, response.statusCode, await response.body.text());
}

async function sendWith(connection: Connection, request: Request, options: object): ReturnType<typeof send> {
  const { method, path, query, body, contentType = "application/json" } = request;
  const headers = {
    accept: "application/json",
    ...(body && { "content-type": contentType }),
    ...(await connection.headers()),
  };
  const url = new URL(connection.server.replace(/\/$/, "") + path);
  url.search = new URLSearchParams(query).toString();
  return answered(
    connection,
    request,
    send(url, { method, headers, ...(body && { body: JSON.stringify(body) }), ...options }),
  );
}

/** An answer that did not come, or not to its end, as an error that says what was asked of whom. */
async function answered<T>({ server }: Connection, { deed }: Request, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const message = `cannot ${deed}: the API server ${server} does not answer: ${causeOf(error)}`;
    throw new ClusterError(message, { cause: error });
  }
}

function causeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
  return `${messageOf(error)}${code}`;
}

function toError({ deed }: Request, status: number, text: string): ClusterError {
  const { message, reason } = parseStatus(text);
  return new ClusterError(`cannot ${deed}: ${status.toString()} ${reason} - ${message}`, { status, reason });
}

/** Kubernetes answers errors with a Status object; proxies in between answer with whatever they like. */
function parseStatus(text: string): { message: string; reason: string } {
  try {
    const { message = "", reason = "" } = JSON.parse(text) as { message?: string; reason?: string };
    return { message: message === "" ? text.slice(0, 200) : message, reason };
  } catch {
    return { message: text.slice(0, 200), reason: "" };
  }
}
