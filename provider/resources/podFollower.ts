import { isBadRequest, isNotFound, isRefused } from "../cluster/errors";
import type { ClusterClient, LogPart } from "../cluster/port";
import { lineMask } from "../core/status/lineMask";
import { logCursor } from "../core/status/logCursor";
import { lineCutter, type LogLine } from "../core/status/logLines";
import { hasStarted } from "../core/status/tails";
import type { PodView } from "../core/status/types";

/** What all pods of a run have in common. */
export interface Ground {
  readonly client: ClusterClient;
  readonly namespace: string;
  readonly container: string;
  readonly secrets: readonly string[];
  /** Resolves when more is wanted. */
  readonly show: (pod: PodView, lines: readonly LogLine[]) => Promise<void>;
}

/** What of a log that has been there before it was followed. */
export type Beginning = Pick<LogPart, "lines" | "sinceSeconds">;

/** How a log is read this once. */
export interface Manner {
  /** Until the program ends. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

/** A node or an API server that does not answer is asked again after this, and then more and more seldom. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * The log of a pod, from one start of its program to the next. It may be read in any number of pieces: each goes on where the last one
 * ended, by the times of the lines.
 */
export class PodFollower {
  #pod: PodView;
  readonly #ground: Ground;
  readonly #beginning: Beginning;
  readonly #cursor = logCursor();
  readonly #mask: ReturnType<typeof lineMask>;
  /** The start of the program that was read last, and whether to its end. */
  #read: { readonly start: number; readonly complete: boolean } | undefined;
  #nextAt = 0;
  #failures = 0;
  #isLost = false;
  /** What there was of its present start has gone. */
  #isBarren = false;

  constructor(pod: PodView, ground: Ground, beginning: Beginning) {
    this.#pod = pod;
    this.#ground = ground;
    this.#beginning = beginning;
    this.#mask = lineMask(ground.secrets);
  }

  get index(): number {
    return this.#pod.index;
  }

  /** Whether anything of it has been read. */
  get isKnown(): boolean {
    return this.#read !== undefined;
  }

  /** Whether its program runs, and more may come. */
  get isRunning(): boolean {
    return !this.#isLost && !hasEnded(this.#pod);
  }

  /** How it is now; anything new makes it due. */
  see(pod: PodView): void {
    if (isNews(this.#pod, pod)) [this.#nextAt, this.#isBarren] = [0, false];
    this.#pod = pod;
  }

  /** The pod has gone, and its log with it. */
  lose(): void {
    this.#isLost = true;
  }

  /** From when on it is to be read, by `performance.now()`; infinity while there is nothing new. */
  get dueAt(): number {
    if (this.#isLost || this.#isBarren || !hasStarted(this.#pod)) return Infinity;
    const isDone = this.#read?.complete === true && this.#read.start === this.#pod.container?.restarts;
    return isDone ? Infinity : this.#nextAt;
  }

  /** Reads what is new. While its program runs, it is due again after the pause. */
  async read({ pauseMs, ...manner }: Manner & { readonly pauseMs: number }): Promise<void> {
    const before = this.#pod;
    const complete = hasEnded(before);
    try {
      await this.#readOn(manner, complete);
      this.#failures = 0;
      this.#nextAt = isNews(before, this.#pod) ? 0 : performance.now() + pauseMs;
    } catch (error) {
      if (manner.signal.aborted) return;
      if (isRefused(error)) throw error;
      this.#isBarren = complete && (isNotFound(error) || isBadRequest(error));
      this.#nextAt = performance.now() + Math.min(FIRST_PAUSE_MS * 2 ** this.#failures++, LONGEST_PAUSE_MS);
    }
  }

  async #readOn({ follow, signal }: Manner, complete: boolean): Promise<void> {
    const start = this.#pod.container?.restarts ?? 0;
    const { start: before, complete: isComplete } = this.#read ?? { start, complete };
    if (!isComplete && before < start) await this.#readPart({ previous: true, follow: false, complete: true }, signal);
    await this.#readPart({ previous: false, follow: follow && !complete, complete }, signal);
    this.#read = { start, complete };
  }

  async #readPart({ previous, follow, complete }: Part, signal: AbortSignal): Promise<void> {
    const { client, namespace, container, show } = this.#ground;
    const { time } = this.#cursor;
    const range = time === undefined ? this.#beginning : { sinceTime: time };
    const part = { pod: this.#pod.name, container, previous, timestamps: true, follow, ...range };
    this.#cursor.rewind();
    const pieces = await client.logStream(namespace, part, signal);
    this.#failures = 0;
    const [decoder, cutter] = [new TextDecoder(), lineCutter(true)];
    const tell = async (lines: readonly LogLine[]): Promise<void> => {
      if (lines.length > 0) await show(this.#pod, lines);
    };
    for await (const piece of pieces) {
      await tell(this.#mask.push(this.#cursor.fresh(cutter.push(decoder.decode(piece, { stream: true })))));
    }
    // A line that has not ended is read again once it has.
    if (complete) await tell([...this.#mask.push(this.#cursor.fresh(cutter.rest())), ...this.#mask.rest()]);
  }
}

const isNews = (before: PodView, now: PodView): boolean =>
  before.container?.restarts !== now.container?.restarts ||
  before.container?.state !== now.container?.state ||
  before.phase !== now.phase;

/** A piece of a log that is read at once. */
interface Part {
  readonly previous: boolean;
  readonly follow: boolean;
  /** The program has ended, and nothing comes after it. */
  readonly complete: boolean;
}

function hasEnded({ phase, container }: PodView): boolean {
  return phase === "Succeeded" || phase === "Failed" || container?.state !== "running";
}
