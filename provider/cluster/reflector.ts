import { setTimeout as delay } from "node:timers/promises";
import type { KubeObject } from "../core/kube/types";
import type { Connection } from "./connect";
import { ClusterError, isGone, isRefused } from "./errors";
import { listAll } from "./list";
import { openStream, requestJson } from "./request";

/** What a reflector keeps of an object. */
interface View {
  readonly uid: string;
  readonly runUid: string;
}

interface Options<O extends KubeObject, V extends View> {
  readonly connection: Connection;
  readonly path: string;
  readonly selector: string;
  /** Called when an object is parsed: whole objects are not kept. */
  readonly reduce: (object: O) => V;
}

/** A watch lasts minutes unless something is wrong. */
const SHORTEST_WATCH_MS = 1_000;

type Listener = (error?: ClusterError) => void;

interface WatchEvent<O> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: O & { readonly code?: number; readonly message?: string };
}

/** Mirrors the objects of one kind by list and watch, for all runs of a namespace, while anybody listens. */
export class Reflector<O extends KubeObject, V extends View> {
  readonly #options: Options<O, V>;
  readonly #byRun = new Map<string, Map<string, V>>();
  readonly #listeners = new Map<Listener, string>();
  #version: string | undefined;
  #synced = false;
  #failures = 0;
  #stop: AbortController | undefined;

  constructor(options: Options<O, V>) {
    this.#options = options;
  }

  get synced(): boolean {
    return this.#synced;
  }

  views(runUid: string): V[] {
    return [...(this.#byRun.get(runUid)?.values() ?? [])];
  }

  /** Calls the listener after every change of the run's objects, until the returned function is called. */
  listen(runUid: string, listener: Listener): () => void {
    this.#listeners.set(listener, runUid);
    if (this.#stop === undefined) this.#start();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#end();
    };
  }

  #start(): void {
    this.#stop = new AbortController();
    void this.#run(this.#stop.signal);
  }

  #end(): void {
    this.#stop?.abort();
    this.#stop = undefined;
    this.#synced = false;
    this.#version = undefined;
    this.#byRun.clear();
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const start = performance.now();
      try {
        if (this.#version === undefined) await this.#list(signal);
        await this.#watch(signal);
        // A server or proxy that ends every watch at once must not be asked without pause.
        if (performance.now() - start < SHORTEST_WATCH_MS) await this.#pause(signal);
      } catch (error) {
        this.#note(error);
        if (this.#version !== undefined || !isGone(error)) await this.#pause(signal);
      }
    }
  }

  /** A version that is too old means a new list; a missing right is told; everything else is tried again, for ever. */
  #note(error: unknown): void {
    if (isGone(error)) this.#version = undefined;
    if (isRefused(error)) this.#notifyAll(error);
  }

  async #pause(signal: AbortSignal): Promise<void> {
    this.#failures = Math.min(this.#failures + 1, 6);
    const seconds = (0.5 + Math.random() / 2) * 0.5 * 2 ** this.#failures;
    // The delay rejects when the signal ends it; the loop looks at the signal itself.
    await delay(seconds * 1_000, undefined, { signal }).catch(() => undefined);
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { connection, path, selector, reduce } = this.#options;
    const { items, version } = await listAll((request) => requestJson(connection, request), { path, selector, reduce });
    if (!signal.aborted) this.#replaceAll(items, version);
  }

  #replaceAll(found: readonly V[], version: string): void {
    this.#byRun.clear();
    for (const view of found) this.#store(view);
    this.#version = version;
    this.#synced = true;
    this.#failures = 0;
    this.#notifyAll();
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { connection, path, selector } = this.#options;
    const query = {
      watch: "true",
      labelSelector: selector,
      resourceVersion: this.#version ?? "",
      allowWatchBookmarks: "true",
      timeoutSeconds: Math.round(300 + Math.random() * 300).toString(),
    };
    const stream = await openStream(connection, { method: "GET", path, query, deed: `watch ${path}` }, signal);
    for await (const line of lines(stream)) {
      // The last listener may have gone between two lines of one chunk: the next one starts from a list.
      if (signal.aborted) return;
      this.#receive(JSON.parse(line) as WatchEvent<O>);
    }
  }

  #receive({ type, object }: WatchEvent<O>): void {
    if (type === "ERROR")
      throw new ClusterError(`the watch of ${this.#options.path} ended: ${object.message ?? "no reason given"}`, {
        status: object.code ?? 0,
      });
    this.#version = object.metadata.resourceVersion;
    this.#failures = 0;
    if (type !== "BOOKMARK") this.#change(type, this.#options.reduce(object));
  }

  #change(type: "ADDED" | "MODIFIED" | "DELETED", view: V): void {
    if (type === "DELETED") this.#byRun.get(view.runUid)?.delete(view.uid);
    else this.#store(view);
    for (const [listener, runUid] of this.#listeners) if (runUid === view.runUid) listener();
  }

  #store(view: V): void {
    const ofRun = this.#byRun.get(view.runUid) ?? new Map<string, V>();
    this.#byRun.set(view.runUid, ofRun.set(view.uid, view));
  }

  #notifyAll(error?: ClusterError): void {
    for (const listener of this.#listeners.keys()) listener(error);
  }
}

/** The complete lines of a stream. A half line at the end is a broken connection: it is dropped, and the watch goes on from the last version. */
async function* lines(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) if (part !== "") yield part;
  }
}
