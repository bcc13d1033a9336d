import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { KubeObject } from "../../provider/core/kube/types";

/** An answer that is not the ordinary one. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, unless it is a text. */
  readonly body?: unknown;
  /** The connection breaks instead, before anything or after half of the body. */
  readonly breaks?: "before" | "inBody";
  /** No answer comes at all. */
  readonly hangs?: boolean;
  /** Called before the answer is sent. */
  readonly before?: () => void;
}

/** A request as it came in. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
  /** Name in the client certificate. */
  readonly certificate: string | undefined;
}

/** An error as Kubernetes words it. */
export function refusal(status: number, reason: string, message: string, retryAfter?: string): Answer {
  return {
    status,
    headers: retryAfter === undefined ? {} : { "retry-after": retryAfter },
    body: { kind: "Status", status: "Failure", code: status, reason, message },
  };
}

/** An API server of scripted answers: each request gets the next one; collections answer lists and watches by themselves. */
export interface FakeApiServer {
  readonly url: string;
  /** Everything that was asked, in order. */
  readonly requests: Received[];
  /** Answers for the next requests, before anything else is looked at. */
  readonly answers: Answer[];
  /** Whose requests are answered; all others get 401. */
  accepts: (request: Received) => boolean;
  collection(path: string): Collection;
  close(): Promise<void>;
}

/** Starts the server on a free port of loopback; with certificate and key, it speaks TLS. */
export async function startFakeApiServer(tls?: ServerOptions): Promise<FakeApiServer> {
  const requests: Received[] = [];
  const answers: Answer[] = [];
  const collections = new Map<string, Collection>();
  const door: Pick<FakeApiServer, "accepts"> = { accepts: () => true };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    void receive(request).then((received) => {
      requests.push(received);
      const answer = door.accepts(received) ? answers.shift() : refusal(401, "Unauthorized", "Unauthorized");
      if (answer !== undefined) send(response, answer);
      else (collections.get(received.path) ?? nothing).answer(received, response);
    });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(door, {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answers,
    collection: (path: string) => {
      const collection = collections.get(path) ?? new Collection();
      collections.set(path, collection);
      return collection;
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  });
}

interface Event {
  readonly type: string;
  readonly object: KubeObject;
  readonly version: number;
}

/** The objects of one kind in one namespace. Every change moves the version and reaches the open watches. */
export class Collection {
  /** Objects a page of a list. */
  pageSize = Infinity;
  /** Answers for the next lists and watches, before the ordinary ones. */
  readonly listAnswers: Answer[] = [];
  readonly watchAnswers: Answer[] = [];
  readonly lists: Received[] = [];
  readonly watches: Received[] = [];
  readonly #objects = new Map<string, KubeObject>();
  readonly #open = new Set<ServerResponse>();
  #history: Event[] = [];
  #version = 100;
  #oldest = 100;

  /** Watches that are connected now. */
  get openWatches(): number {
    return this.#open.size;
  }

  get version(): string {
    return this.#version.toString();
  }

  /** Adds or changes objects; the watches get all of it in one piece. */
  put<O extends KubeObject>(...objects: O[]): void {
    this.#send(
      objects.map((object) => this.#store(this.#objects.has(object.metadata.name) ? "MODIFIED" : "ADDED", object)),
    );
  }

  remove(name: string): void {
    const object = this.#objects.get(name);
    if (object === undefined) throw new Error(`there is no ${name}`);
    this.#send([this.#store("DELETED", object)]);
  }

  /** Moves the version although nothing has changed here, and says so. */
  bookmark(): void {
    this.#version++;
    this.raw(`${JSON.stringify({ type: "BOOKMARK", object: { metadata: { resourceVersion: this.version } } })}\n`);
  }

  /** Sends an error within the stream. */
  error(code: number, message = "no more"): void {
    this.raw(`${JSON.stringify({ type: "ERROR", object: { kind: "Status", code, message } })}\n`);
  }

  /** Sends text or bytes as they are. */
  raw(text: string | Buffer): void {
    for (const response of this.#open) response.write(text);
  }

  /** Ends the watches as the server does after `timeoutSeconds`. */
  end(): void {
    for (const response of this.#open) response.end();
    this.#open.clear();
  }

  /** Breaks the connections of the watches, after some text where one is given. */
  cut(text = ""): void {
    for (const response of this.#open)
      response.write(text, () => {
        response.destroy();
      });
    this.#open.clear();
  }

  /** Changes objects while the watches only get the first half of the line that says so, and then break. */
  putAndCut(object: KubeObject): void {
    const line = lineOf(this.#store("MODIFIED", object));
    this.cut(line.slice(0, line.length / 2));
  }

  /** Removes an object, and forgets that it did: to watch from an older version is answered with 410. */
  forget(name: string): void {
    this.#objects.delete(name);
    this.#history = [];
    this.#oldest = ++this.#version;
  }

  answer(received: Received, response: ServerResponse): void {
    const isWatch = received.query["watch"] === "true";
    (isWatch ? this.watches : this.lists).push(received);
    const scripted = (isWatch ? this.watchAnswers : this.listAnswers).shift();
    if (scripted !== undefined) send(response, scripted);
    else if (isWatch) this.#watch(Number(received.query["resourceVersion"]), response);
    else send(response, { status: 200, body: this.#page(received.query) });
  }

  #store(type: string, object: KubeObject): Event {
    const version = ++this.#version;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: version.toString() } };
    if (type === "DELETED") this.#objects.delete(object.metadata.name);
    else this.#objects.set(object.metadata.name, stored);
    const event = { type, object: stored, version };
    this.#history.push(event);
    return event;
  }

  #send(events: readonly Event[]): void {
    this.raw(events.map(lineOf).join(""));
  }

  #page({ continue: from = "0" }: Received["query"]): object {
    const all = [...this.#objects.values()];
    const end = Number(from) + this.pageSize;
    const more = end < all.length ? { continue: end.toString() } : {};
    return { metadata: { resourceVersion: this.version, ...more }, items: all.slice(Number(from), end) };
  }

  #watch(from: number, response: ServerResponse): void {
    if (from < this.#oldest) {
      send(response, refusal(410, "Expired", "too old resource version"));
      return;
    }
    response.writeHead(200, { "content-type": "application/json" });
    response.write(
      this.#history
        .filter(({ version }) => version > from)
        .map(lineOf)
        .join(""),
    );
    response.flushHeaders();
    this.#open.add(response);
    response.on("close", () => this.#open.delete(response));
  }
}

const lineOf = ({ type, object }: Event): string => `${JSON.stringify({ type, object })}\n`;

const nothing = {
  answer: (_received: Received, response: ServerResponse): void => {
    send(response, refusal(404, "NotFound", "the server could not find the requested resource"));
  },
};

async function receive(request: IncomingMessage): Promise<Received> {
  const { method = "", url = "", headers } = request;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const { pathname, searchParams } = new URL(url, "http://server");
  const body: unknown = text === "" ? undefined : JSON.parse(text);
  const query = Object.fromEntries(searchParams);
  return { method, path: pathname, query, headers, body, certificate: nameOf(request.socket) };
}

function nameOf(socket: Socket): string | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const certificate = socket.getPeerCertificate();
  return "subject" in certificate ? certificate.subject.CN?.toString() : undefined;
}

function send(response: ServerResponse, { status, headers = {}, body = {}, ...more }: Answer): void {
  const { breaks, hangs = false, before } = more;
  before?.();
  if (hangs) return;
  if (breaks === "before") {
    response.destroy();
    return;
  }
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    ...headers,
  });
  if (breaks === undefined) response.end(text);
  else
    response.write(text.slice(0, text.length / 2), () => {
      response.destroy();
    });
}
