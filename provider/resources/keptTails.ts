import { stageOf, type Teller } from "../core/status/tails";
import type { LogReader } from "./logReader";

/** What was read of an index' log. */
export interface KeptTail {
  /** Whose text it is; without a text, whose log could not be read. */
  readonly teller: Teller;
  readonly text?: string;
  /** Why the log could not be read that was asked for last. */
  readonly error?: unknown;
}

interface Options {
  readonly readLog: LogReader;
  /** How many logs are read at a time. */
  readonly parallel: number;
}

/** Tails of logs, read while the pods are there. Errors are kept, and never thrown: no log is worth a verdict. */
export class KeptTails {
  readonly #options: Options;
  readonly #kept = new Map<number, KeptTail>();
  readonly #asked = new Map<number, string>();
  readonly #reading = new Map<number, Promise<void>>();
  #queue: Teller[] = [];

  constructor(options: Options) {
    this.#options = options;
  }

  /** The indices of which something was asked. */
  get known(): Iterable<number> {
    return this.#asked.keys();
  }

  /** Reads in the background what these have printed, unless they have got no further since they were asked last. */
  read(tellers: readonly Teller[]): void {
    this.#queue = tellers.filter((teller) => this.#asked.get(teller.pod.index) !== stageOf(teller));
    this.#readNext();
  }

  /** Forgets all other indices. */
  only(indices: readonly number[]): void {
    for (const index of this.#asked.keys()) {
      if (indices.includes(index)) continue;
      this.#asked.delete(index);
      this.#kept.delete(index);
    }
  }

  /** What there is, by index, once everything has been read or the signal is aborted. */
  async all(over: AbortSignal): Promise<ReadonlyMap<number, KeptTail>> {
    const { promise: stopped, resolve } = Promise.withResolvers<undefined>();
    const stop = (): void => {
      this.#queue = [];
      resolve(undefined);
    };
    over.addEventListener("abort", stop);
    if (over.aborted) stop();
    while (this.#reading.size > 0 && !over.aborted) await Promise.race([stopped, ...this.#reading.values()]);
    over.removeEventListener("abort", stop);
    return this.#kept;
  }

  #readNext(): void {
    const busy: Teller[] = [];
    while (this.#reading.size < this.#options.parallel) {
      const next = this.#queue.shift();
      if (next === undefined) break;
      if (this.#reading.has(next.pod.index)) busy.push(next);
      else this.#start(next);
    }
    this.#queue.push(...busy);
  }

  #start(teller: Teller): void {
    const { index } = teller.pod;
    this.#asked.set(index, stageOf(teller));
    this.#reading.set(index, this.#readOne(teller));
  }

  async #readOne(teller: Teller): Promise<void> {
    try {
      this.#store({ teller, text: await this.#options.readLog(teller) });
    } catch (error) {
      this.#store({ teller, error });
    }
    this.#reading.delete(teller.pod.index);
    this.#readNext();
  }

  /** What was forgotten meanwhile is not wanted any more; and an earlier text is better than none. */
  #store(found: KeptTail): void {
    const { index } = found.teller.pod;
    if (!this.#asked.has(index)) return;
    this.#kept.set(index, "error" in found ? { ...found, ...this.#kept.get(index), error: found.error } : found);
  }
}
