import { request as send } from "undici";
import type { Access, Connection } from "./connect";
import { ClusterError } from "./errors";
import { repeated } from "./repeat";
import { notKubernetes, toError } from "./toError";
import { warningsOf } from "./warnings";
import { whyUnreachable } from "./whyUnreachable";

export interface Request {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly contentType?: string;
  /** What is done, for the error: `create ConfigMap default/a.job`. */
  readonly deed: string;
  /** Ends the request; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** By this name Kubernetes keeps account of who has written a field, and audits tell who has asked. */
const USER_AGENT = "pulumi-jobrun";

type Response = Awaited<ReturnType<typeof send>>;

/** Sends a request and returns the JSON of the answer. */
export async function requestJson<T>(connection: Connection, request: Request): Promise<T> {
  return parse<T>(request, await requestText(connection, request));
}

/** Sends a request and returns the text of the answer. */
export async function requestText(connection: Connection, request: Request): Promise<string> {
  return (await requestAnswer(connection, request)).text;
}

/** Sends a request and returns the JSON of the answer, and what the server warns of. */
export async function requestTold<T>(connection: Connection, request: Request): Promise<Told<T>> {
  const { text, warnings } = await requestAnswer(connection, request);
  return { body: parse<T>(request, text), warnings };
}

export interface Told<T> {
  readonly body: T;
  readonly warnings: readonly string[];
}

/** Connections at whose end there is, or was, an API server: a gateway answers 502 to 504 for one that has gone. */
const answering = new WeakSet<Connection>();

/** Whether the server of the connection has answered in this process, and the user still wants to wait for it. */
export const isAwaited = (connection: Connection): boolean =>
  answering.has(connection) && connection.interrupted?.aborted !== true;

/**
 * Anything but success rejects with a `ClusterError`.
 * What a broken connection or an overloaded server leaves undone is sent again, writes too: names are ours.
 */
function requestAnswer(connection: Connection, request: Request): Promise<{ text: string; warnings: string[] }> {
  const { signal } = request;
  return repeated({ signal, isAwaited: () => isAwaited(connection) }, async (wasRepeated) => {
    const response = await sendAs(connection, request, { pool: "requests" });
    const text = await answered(connection, request, response.body.text());
    if (response.statusCode >= 300) throw toError(request, { ...response, text, wasRepeated });
    return { text, warnings: warningsOf(response.headers["warning"]) };
  });
}

/** Opens a stream; its body is to be read or destroyed by the caller. */
export async function openStream(
  connection: Connection,
  asked: Request,
  signal: AbortSignal,
): Promise<AsyncIterable<Buffer>> {
  const request = { ...asked, signal };
  // The server sends a bookmark about once a minute; longer silence means a dead connection.
  // The server itself gives up an answer after a minute.
  const patience = { bodyTimeout: 120_000, headersTimeout: 70_000 };
  const response = await sendAs(connection, request, { pool: "streams", ...patience });
  if (response.statusCode < 300) return response.body;
  const text = await answered(connection, request, response.body.text());
  throw toError(request, { ...response, text, wasRepeated: false });
}

/** The pieces of a stream; one that ends before its time fails as a request does. */
export async function* readStream(
  connection: Connection,
  request: Request,
  body: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  const pieces = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await answered(connection, request, pieces.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await pieces.return?.();
  }
}

interface Sending {
  readonly pool: keyof Access["pools"];
  /** Longest silence within the answer, in milliseconds. */
  readonly bodyTimeout?: number;
  /** Longest time until the answer begins, in milliseconds. */
  readonly headersTimeout?: number;
}

/** Sends with credentials. When they are not accepted, new ones are got and the request is sent once more. */
async function sendAs(connection: Connection, request: Request, sending: Sending): Promise<Response> {
  const access = await connection.access();
  const response = await sendOnce(connection, request, { ...sending, access });
  if (response.statusCode !== 401) return response;
  await response.body.dump();
  const renewed = await connection.renew(access);
  if (renewed === undefined) throw refusal(connection, request, access);
  const second = await sendOnce(connection, request, { ...sending, access: renewed });
  if (second.statusCode !== 401) return second;
  await second.body.dump();
  throw refusal(connection, request, renewed);
}

function refusal(connection: Connection, { deed }: Request, access: Access): ClusterError {
  const message = `cannot ${deed}: 401 Unauthorized - ${connection.whyRefused(access)}`;
  return new ClusterError(message, { status: 401, reason: "Unauthorized" });
}

async function sendOnce(
  connection: Connection,
  request: Request,
  { access, pool, ...options }: Sending & { access: Access },
): Promise<Response> {
  const { method, path, query, body, contentType = "application/json", signal = null } = request;
  const url = new URL(connection.server.replace(/\/$/, "") + path);
  url.search = new URLSearchParams(query).toString();
  const common = { accept: "application/json, */*", "user-agent": USER_AGENT };
  const headers = { ...common, ...(body && { "content-type": contentType }), ...access.headers };
  const sent = { method, headers, signal, ...(body && { body: JSON.stringify(body) }) };
  const response = await answered(
    connection,
    request,
    send(url, { ...sent, dispatcher: access.pools[pool], ...options }),
  );
  if (response.statusCode < 500) answering.add(connection);
  return response;
}

/** An answer that did not come, or not to its end, as an error that says what was asked of whom. */
async function answered<T>(connection: Connection, { deed, signal }: Request, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    signal?.throwIfAborted();
    throw new ClusterError(`cannot ${deed}: ${whyUnreachable(error, connection)}`, { cause: error });
  }
}

function parse<T>({ deed }: Request, text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new ClusterError(`cannot ${deed}: ${notKubernetes(text)}`);
  }
}
