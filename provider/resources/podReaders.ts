import type { PodFollower } from "./podFollower";

/** Connections that are open for logs at a time. */
const MOST_STREAMS = 32;

/** A stream that ends while its program runs was broken off; it is not opened more often than that. */
const PAUSE_MS = 1_000;
/** Where there are more programs than streams, each is read again and again: so often, and so many of them in a second. */
const POLL_MS = 2_000;
const POLLS_A_SECOND = 50;

/** Reads the logs of many pods with few connections. */
export class PodReaders {
  readonly #active = new Map<PodFollower, AbortController>();
  #followers: readonly PodFollower[] = [];
  #isCrowded = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;
  #rest = new AbortController();
  #failure: { readonly error: unknown } | undefined;

  /** These are to be read, now and whenever more is due; throws what a reader has failed with. */
  work(followers: readonly PodFollower[]): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#followers = followers;
    this.#rest = new AbortController();
    this.#fill();
  }

  /** Aborted when there is nothing more to read, or a reader has failed. */
  get atRest(): AbortSignal {
    return this.#rest.signal;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#stop();
  }

  #fill(): void {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    const running = this.#followers.filter(({ isRunning }) => isRunning).length;
    // Streams that last would leave the others unread.
    if (running > MOST_STREAMS && !this.#isCrowded) this.#stop();
    this.#isCrowded = running > MOST_STREAMS;
    const now = performance.now();
    const waiting = this.#followers.filter((follower) => !this.#active.has(follower));
    const due = Map.groupBy(
      waiting.filter(({ dueAt }) => dueAt <= now),
      ({ isRunning }) => isRunning,
    );
    // What has ended may go at any time, and its log with it.
    const next = [...(due.get(false) ?? []), ...(due.get(true) ?? [])];
    const pauseMs = this.#isCrowded ? Math.max(POLL_MS, (running / POLLS_A_SECOND) * 1_000) : PAUSE_MS;
    for (const follower of next.slice(0, MOST_STREAMS - this.#active.size)) this.#begin(follower, pauseMs);
    // One that is due and finds no room is begun when another ends.
    const nextAt = Math.min(Infinity, ...waiting.map(({ dueAt }) => dueAt).filter((dueAt) => dueAt > now));
    if (nextAt !== Infinity) this.#timer = setTimeout(() => this.#fill(), nextAt - now);
    else if (this.#active.size === 0) this.#rest.abort();
  }

  #begin(follower: PodFollower, pauseMs: number): void {
    const controller = new AbortController();
    this.#active.set(follower, controller);
    const ended = follower.read({ follow: !this.#isCrowded, pauseMs, signal: controller.signal });
    void ended
      .catch((error: unknown) => {
        this.#failure ??= { error };
        this.#rest.abort();
      })
      .finally(() => {
        this.#active.delete(follower);
        this.#fill();
      });
  }

  #stop(): void {
    for (const controller of this.#active.values()) controller.abort();
  }
}
