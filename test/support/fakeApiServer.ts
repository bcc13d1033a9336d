import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { promisify } from "node:util";
import type { KubeObject } from "../../provider/core/kube/types";
import { type Event, FakeObjects, Refused, seenBy } from "./fakeObjects";

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
  /** Answers what it knows better, such as a log that goes on; true when it does. */
  answersItself: (request: Received, response: ServerResponse) => boolean;
  collection(path: string): Collection;
  /** How many sockets are open. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

/** Starts the server on a free port of loopback; with certificate and key, it speaks TLS. */
export async function startFakeApiServer(tls?: ServerOptions): Promise<FakeApiServer> {
  const requests: Received[] = [];
  const answers: Answer[] = [];
  const collections = new Map<string, Collection>();
  const door: Pick<FakeApiServer, "accepts" | "answersItself"> = { accepts: () => true, answersItself: () => false };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    void receive(request).then((received) => {
      requests.push(received);
      if (door.accepts(received) && door.answersItself(received, response)) return;
      const answer = door.accepts(received) ? answers.shift() : refusal(401, "Unauthorized", "Unauthorized");
      if (answer !== undefined) send(response, answer);
      else answerAt(collections, received, response);
    });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(door, {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answers,
    collection: (path: string) => {
      const collection = collections.get(path) ?? new Collection(path);
      collections.set(path, collection);
      return collection;
    },
    connections: () => promisify<number>((done) => server.getConnections(done))(),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  });
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
  readonly #objects: FakeObjects;
  /** The open watches with their selectors. */
  readonly #open = new Map<ServerResponse, string>();
  readonly #silent = new Set<ServerResponse>();
  #held: (() => void) | undefined;

  constructor(path = "") {
    this.#objects = new FakeObjects(/[/]namespaces[/]([^/]+)[/]/.exec(path)?.[1]);
  }

  /** Watches that are connected now. */
  get openWatches(): number {
    return this.#open.size;
  }

  get version(): string {
    return this.#objects.version;
  }

  /** Adds or changes objects; the watches get all of it in one piece. */
  put<O extends KubeObject>(...objects: O[]): void {
    this.#send(objects.map((object) => this.#objects.put(object)));
  }

  remove(name: string): void {
    this.#send([this.#objects.remove(name)]);
  }

  /** Moves the version although nothing has changed here, and says so. */
  bookmark(): void {
    this.#objects.advance();
    this.raw(this.#bookmark());
  }

  /** Sends an error within the stream. */
  error(code: number, message = "no more"): void {
    this.raw(`${JSON.stringify({ type: "ERROR", object: { kind: "Status", code, message } })}\n`);
  }

  /** Sends text or bytes as they are. */
  raw(text: string | Buffer): void {
    for (const response of this.#open.keys()) response.write(text);
  }

  /** Ends the watches as the server does after `timeoutSeconds`. */
  end(): void {
    for (const response of this.#open.keys()) response.end();
    this.#open.clear();
  }

  /** Breaks the connections of the watches, after some text where one is given. */
  cut(text = ""): void {
    for (const response of this.#open.keys())
      response.write(text, () => {
        response.destroy();
      });
    this.#open.clear();
  }

  /** The watches that are open now get nothing any more, and are not ended either: a dead connection. */
  silence(): void {
    for (const response of this.#open.keys()) this.#silent.add(response);
    this.#open.clear();
  }

  /** Ends the silent watches after all. */
  endSilent(): void {
    for (const response of this.#silent) response.end();
    this.#silent.clear();
  }

  /** Changes an object while the watches only get a part of the line that says so, half of it by default, and then break. */
  putAndCut(object: KubeObject, end?: number): void {
    const line = lineOf(this.#objects.put(object));
    this.cut(line.slice(0, end ?? line.length / 2));
  }

  /** Changes an object and removes it; the watches get both in one piece. */
  putAndRemove(object: KubeObject): void {
    this.#send([this.#objects.put(object), this.#objects.remove(object.metadata.name)]);
  }

  /** Forgets how things came to be as they are: to watch from an older version is answered with 410. */
  compact(): void {
    this.#objects.compact();
  }

  /** Removes an object, and forgets that it did: to watch from an older version is answered with 410. */
  forget(name: string): void {
    this.#objects.forget(name);
  }

  /** Leaves the next list without an answer; resolves when the one who asked has gone. */
  hold(): Promise<void> {
    return new Promise((resolve) => (this.#held = resolve));
  }

  /** Answers for the collection, or for the object of that name. */
  answer(received: Received, response: ServerResponse, name?: string): void {
    try {
      if (name === undefined && received.method === "GET") this.#answerAll(received, response);
      else send(response, { status: received.method === "POST" ? 201 : 200, body: this.#done(received, name) });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      send(response, refusal(error.status, error.reason, error.message));
    }
  }

  #answerAll(received: Received, response: ServerResponse): void {
    const isWatch = received.query["watch"] === "true";
    (isWatch ? this.watches : this.lists).push(received);
    const scripted = (isWatch ? this.watchAnswers : this.listAnswers).shift();
    if (scripted !== undefined) send(response, scripted);
    else if (this.#held !== undefined) {
      response.on("close", this.#held);
      this.#held = undefined;
    } else if (isWatch) this.#watch(received, response);
    else send(response, { status: 200, body: this.#page(received.query) });
  }

  /** Does what a request for one object asks for, or removes all; the answer. */
  #done({ method, query, body }: Received, name: string | undefined): object {
    if (name === undefined && method === "DELETE") return this.#removeAll(query["labelSelector"]);
    if (name === undefined) return this.#told(this.#objects.create(body as KubeObject));
    if (method === "PUT") return this.#told(this.#objects.replace(name, body as KubeObject));
    if (method === "PATCH") return this.#told(this.#objects.patch(name, body));
    if (method === "GET") return this.#objects.get(name);
    const { preconditions } = (body ?? {}) as { preconditions?: { uid?: string } };
    return this.#told(this.#objects.remove(name, preconditions?.uid));
  }

  #removeAll(selector: string | undefined): object {
    const items = this.#objects.all(selector);
    this.#send(items.map(({ metadata }) => this.#objects.remove(metadata.name)));
    return { items };
  }

  #told(event: Event): KubeObject {
    this.#send([event]);
    return event.object;
  }

  #send(events: readonly Event[]): void {
    for (const [response, selector] of this.#open)
      response.write(events.map((event) => lineFor(selector, event)).join(""));
  }

  #bookmark(): string {
    return `${JSON.stringify({ type: "BOOKMARK", object: { metadata: { resourceVersion: this.version } } })}\n`;
  }

  #page({ continue: from = "0", limit = "Infinity", labelSelector }: Received["query"]): object {
    const all = this.#objects.all(labelSelector);
    const end = Number(from) + Math.min(this.pageSize, Number(limit));
    const more = end < all.length ? { continue: end.toString() } : {};
    return { metadata: { resourceVersion: this.version, ...more }, items: all.slice(Number(from), end) };
  }

  #watch({ query }: Received, response: ServerResponse): void {
    const { labelSelector = "", allowWatchBookmarks, resourceVersion, timeoutSeconds = "3600" } = query;
    const missed = this.#objects.since(Number(resourceVersion));
    response.writeHead(200, { "content-type": "application/json" });
    response.write(missed.map((event) => lineFor(labelSelector, event)).join(""));
    response.flushHeaders();
    this.#open.set(response, labelSelector);
    const timer = setTimeout(
      () => {
        response.end(allowWatchBookmarks === "true" ? this.#bookmark() : "");
        this.#open.delete(response);
      },
      Number(timeoutSeconds) * 1_000,
    );
    response.on("close", () => {
      clearTimeout(timer);
      this.#open.delete(response);
    });
  }
}

function lineFor(selector: string, event: Event): string {
  const seen = seenBy(selector, event);
  return seen === undefined ? "" : lineOf(seen);
}

const lineOf = ({ type, object }: Pick<Event, "type" | "object">): string => `${JSON.stringify({ type, object })}\n`;

/** The path is that of a collection, or of an object in one. */
function answerAt(collections: ReadonlyMap<string, Collection>, received: Received, response: ServerResponse): void {
  const [, parent = "", name = ""] = /^(.*)\/([^/]+)$/.exec(received.path) ?? [];
  const collection = collections.get(received.path);
  if (collection !== undefined) collection.answer(received, response);
  else if (collections.has(parent)) collections.get(parent)?.answer(received, response, name);
  else send(response, refusal(404, "NotFound", "the server could not find the requested resource"));
}

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
