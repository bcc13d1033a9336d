import type { KubeObject } from "../core/kube/types";
import type { Trouble } from "./course";
import { listAndWatch, type Source } from "./listWatch";
import { type Change, Mirror, type View } from "./mirror";

interface Options {
  /** Whether deleted objects of a run stay visible, as `gone`, while the run is followed. */
  readonly keepsGone: boolean;
}

type Listener = () => void;

/** Mirrors the objects of one kind by list and watch, for all runs of a namespace, while anybody listens. */
export class Reflector<O extends KubeObject, V extends View> {
  readonly #source: Source<O, V>;
  readonly #keepsGone: boolean;
  readonly #listeners = new Map<string, Set<Listener>>();
  #mirror: Mirror<V> | undefined;
  #stop: AbortController | undefined;
  #synced = false;
  #trouble: Trouble | undefined;

  constructor(source: Source<O, V>, { keepsGone }: Options) {
    this.#source = source;
    this.#keepsGone = keepsGone;
  }

  /** Whether everything has been listed. */
  get synced(): boolean {
    return this.#synced;
  }

  /** What keeps the views from being current, if anything. */
  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  views(runUid: string): V[] {
    return this.#mirror?.views(runUid) ?? [];
  }

  /** Calls the listener after every change of the run's objects, and of what troubles, until the returned function is called. */
  listen(runUid: string, listener: Listener): () => void {
    const ofRun = this.#listeners.get(runUid) ?? new Set();
    this.#listeners.set(runUid, ofRun.add(listener));
    if (this.#stop === undefined) this.#start();
    return () => {
      if (ofRun.delete(listener) && ofRun.size === 0) this.#forget(runUid);
    };
  }

  #forget(runUid: string): void {
    this.#listeners.delete(runUid);
    if (this.#listeners.size === 0) this.#end();
    else this.#mirror?.forgetGone(runUid);
  }

  #start(): void {
    this.#stop = new AbortController();
    this.#mirror = new Mirror((runUid) => this.#keepsGone && this.#listeners.has(runUid));
    void this.#run(this.#stop.signal);
  }

  #end(): void {
    this.#stop?.abort();
    this.#stop = undefined;
    this.#mirror = undefined;
    this.#synced = false;
    this.#trouble = undefined;
  }

  async #run(signal: AbortSignal): Promise<void> {
    for await (const news of listAndWatch(this.#source, signal)) {
      // The last listener may have gone meanwhile: the next one starts from a list.
      if (signal.aborted) return;
      if ("deed" in news) this.#troubled(news);
      else this.#changed(news);
    }
  }

  #troubled(trouble: Trouble): void {
    this.#trouble = trouble;
    this.#notifyAll();
  }

  #changed(change: Change<V>): void {
    this.#mirror?.apply(change);
    this.#trouble = undefined;
    if (change.type === "replaced") {
      this.#synced = true;
      this.#notifyAll();
    } else this.#notify(change.view.runUid);
  }

  #notifyAll(): void {
    for (const runUid of this.#listeners.keys()) this.#notify(runUid);
  }

  #notify(runUid: string): void {
    for (const listener of this.#listeners.get(runUid) ?? []) listener();
  }
}
