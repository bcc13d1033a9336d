import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import { asked, type Exchange, isWrite, parsed } from "./exchange.ts";
import type { ActiveRule, Fault, Reply } from "./faults.ts";
import type { History } from "./history.ts";
import { restamp } from "./restamp.ts";
import type { Upstream } from "./target.ts";
import { WatchStream } from "./watchStream.ts";

/** What all requests of a proxy share. */
export interface Surroundings {
  readonly history: History;
  readonly rules: ReadonlySet<ActiveRule>;
  /** The open ones. */
  readonly watches: Map<Exchange, WatchStream>;
  readonly upstream: Upstream;
}

type Does<D extends Fault["does"]> = ActiveRule & { readonly fault: Extract<Fault, { does: D }> };

/** One request on its way to the server and back. */
export class Handling {
  readonly #around: Surroundings;
  readonly #client: string;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  /** Aborted when the client has gone. */
  readonly #gone = new AbortController();
  #rules: readonly ActiveRule[] = [];

  constructor(around: Surroundings, client: string, http: { request: IncomingMessage; response: ServerResponse }) {
    this.#around = around;
    this.#client = client;
    this.#request = http.request;
    this.#response = http.response;
    this.#response.on("close", () => this.#gone.abort());
  }

  /** What breaks on the way breaks the client's connection, as it would without the proxy. */
  async run(): Promise<void> {
    let exchange: Exchange | undefined;
    try {
      const body = await buffer(this.#request);
      exchange = this.#note(body);
      await this.#serve(exchange, body);
    } catch {
      this.#response.destroy();
    }
    if (exchange === undefined) return;
    exchange.endedAt = Date.now();
    if (!this.#response.writableFinished) exchange.abandoned = true;
  }

  #note(body: Buffer): Exchange {
    const { method = "", url = "", headers, rawHeaders } = this.#request;
    const sent = body.toString();
    const exchange = this.#around.history.add({
      ...asked(this.#request, sent),
      client: this.#client,
      token: (headers.authorization ?? "").replace(/^Bearer /, ""),
      path: url,
      sent,
      sentBytes: headSize(`${method} ${url} HTTP/1.1`, rawHeaders) + body.length,
    });
    this.#rules = [...this.#around.rules].filter((rule) => rule.takes(exchange));
    return exchange;
  }

  async #serve(exchange: Exchange, body: Buffer): Promise<void> {
    for (const { fault } of this.#that("delays"))
      if (fault.when === "before") await delay(fault.ms, undefined, { signal: this.#gone.signal });
    const refusing = this.#that("answers")[0];
    const broken = this.#that("breaks")[0];
    if (refusing !== undefined) {
      refusing.reach(exchange);
      return this.#reply(exchange, refusing.fault.reply);
    }
    if (broken?.fault.when === "before") {
      broken.reach(exchange);
      this.#response.destroy();
      return;
    }
    const isStream = exchange.verb === "watch" || exchange.query["follow"] === "true";
    // A write goes through even when the one who asked for it dies meanwhile, as on the way to a real server.
    const signal = isWrite(exchange) ? new AbortController().signal : this.#gone.signal;
    const { method = "", url = "" } = this.#request;
    const answer = await this.#around.upstream.ask({ method, path: url, headers: this.#headers(), body, signal });
    exchange.status = answer.statusCode ?? 0;
    if (isStream && exchange.status < 300) await this.#stream(exchange, answer);
    else await this.#whole(exchange, answer);
  }

  async #whole(exchange: Exchange, answer: IncomingMessage): Promise<void> {
    const body = await buffer(answer);
    if (isWrite(exchange)) exchange.answer = jsonOf(answer, body);
    for (const rule of this.#rules) rule.reach(exchange);
    for (const { released } of this.#that("holds")) await Promise.race([released, aborted(this.#gone.signal)]);
    for (const { fault } of this.#that("delays"))
      if (fault.when === "after") await delay(fault.ms, undefined, { signal: this.#gone.signal });
    if (this.#response.destroyed) return;
    if (this.#that("breaks").length > 0) {
      this.#response.destroy();
      return;
    }
    exchange.told = exchange.status ?? 0;
    const told = this.#restamped(answer, body);
    await this.#send(exchange, [...passedOn(answer), "content-length", told.length.toString()], told);
  }

  async #stream(exchange: Exchange, answer: IncomingMessage): Promise<void> {
    const { history, watches } = this.#around;
    const headers = passedOn(answer);
    this.#response.writeHead(exchange.status ?? 0, headers);
    this.#response.flushHeaders();
    exchange.told = exchange.status ?? 0;
    exchange.receivedBytes += headSize("HTTP/1.1 200 OK", headers);
    const count = (bytes: number): void => void (exchange.receivedBytes += bytes);
    for (const rule of this.#rules) rule.reach(exchange);
    // Protobuf, and logs, have no lines of ours.
    if (exchange.verb !== "watch" || !/json/.test(answer.headers["content-type"] ?? "")) {
      answer.on("data", (chunk: Buffer) => count(chunk.length)).on("error", () => this.#response.destroy());
      answer.pipe(this.#response);
      await aborted(this.#gone.signal);
      answer.destroy();
      return;
    }
    const stream = new WatchStream(answer, this.#response, { count, edit: this.#edit });
    for (const { fault } of this.#that("disturbs")) stream.disturb(fault.events, fault.disturbance);
    watches.set(exchange, stream);
    history.watching(this.#client, 1);
    await stream.pass();
    watches.delete(exchange);
    history.watching(this.#client, -1);
  }

  readonly #edit = (text: string): string =>
    this.#that("restamps").reduce((edited, { fault }) => restamp(edited, fault.seconds), text);

  #restamped(answer: IncomingMessage, body: Buffer): Buffer {
    if (this.#that("restamps").length === 0) return body;
    const isZipped = answer.headers["content-encoding"] === "gzip";
    const edited = this.#edit((isZipped ? gunzipSync(body) : body).toString());
    return isZipped ? gzipSync(edited) : Buffer.from(edited);
  }

  #reply(exchange: Exchange, { status, headers = {}, body }: Reply): Promise<void> {
    const text = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
    const all = { "content-type": "application/json", "content-length": text.length.toString(), ...headers };
    exchange.told = status;
    return this.#send(exchange, Object.entries(all).flat(), text);
  }

  async #send(exchange: Exchange, headers: string[], body: Buffer): Promise<void> {
    const { told: status = 0 } = exchange;
    exchange.receivedBytes += headSize("HTTP/1.1 200 OK", headers) + body.length;
    this.#response.writeHead(status, headers);
    this.#response.end(body);
    await aborted(this.#gone.signal);
  }

  /** A client that shows a token is asked for by that token. */
  #headers(): NodeJS.Dict<string | string[]> {
    const { host: _host, connection: _connection, "transfer-encoding": _encoding, ...headers } = this.#request.headers;
    return headers;
  }

  #that<D extends Fault["does"]>(does: D): Does<D>[] {
    return this.#rules.filter((rule): rule is Does<D> => rule.fault.does === does);
  }
}

const OF_THE_CONNECTION = ["connection", "keep-alive", "transfer-encoding", "content-length"];

/** The headers of an answer, each as often as it came. */
function passedOn({ rawHeaders }: IncomingMessage): string[] {
  return rawHeaders.filter((_, i) => !OF_THE_CONNECTION.includes((rawHeaders[i - (i % 2)] ?? "").toLowerCase()));
}

/** Bytes of a first line and headers. */
function headSize(first: string, rawHeaders: readonly string[]): number {
  // Two for `: ` or the end of the line behind each of them.
  return rawHeaders.reduce((sum, text) => sum + Buffer.byteLength(text) + 2, first.length + 4);
}

function jsonOf({ headers }: IncomingMessage, body: Buffer): unknown {
  return parsed((headers["content-encoding"] === "gzip" ? gunzipSync(body) : body).toString());
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
