import { setTimeout as delay } from "node:timers/promises";
import { type ClusterError, isGone, isRefused } from "./errors";

/** What is asked of the API server in turn. */
export type Deed = "list" | "watch";

/** A deed that has failed again and again. */
export interface Trouble {
  readonly deed: Deed;
  readonly error: ClusterError;
}

/** A restarting API server refuses for a moment what it allows afterwards: several failures in a row, over some seconds, are trouble. */
const PATIENCE = 4;

/** After so many failures the version may be what is wrong, such as one from before a restored backup. */
const DOUBTFUL = 3;

/** A watch lasts minutes unless something is wrong. */
const SHORTEST_WATCH_MS = 1_000;

/** The safety net: whatever a watch may have missed is found by the next list. */
const RELIST_MS = 240_000;

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** Where watches are refused, lists take their place. */
const POLL_MS = 5_000;
/** A run is of more interest than a proxy that asks for an hour. */
const LONGEST_WISH_MS = 300_000;

/** How a list-and-watch has gone so far, and so what comes next and after what pause. */
export class Course {
  #version: string | undefined;
  #listedAt = 0;
  /** Nothing has come since the list. */
  #fresh = false;
  #failures = 0;
  #pauseMs = 0;
  #openedAt: number | undefined;

  /** The version to watch from; undefined when a list is due. */
  get version(): string | undefined {
    return performance.now() - this.#listedAt > RELIST_MS ? undefined : this.#version;
  }

  listed(version: string): void {
    this.#version = version;
    this.#listedAt = performance.now();
    this.#fresh = true;
  }

  opened(): void {
    this.#openedAt = performance.now();
  }

  /** Something came: the watch is well. */
  advanced(version: string | undefined): void {
    this.#version = version;
    this.#fresh = false;
    this.#failures = 0;
  }

  /** The server or something in between ended the watch, as it may at any time, only not at once. */
  ended(): void {
    if (!this.#hasLasted()) this.#pauseMs = this.#nextPause();
  }

  /** Returns the trouble when there have been too many failures. */
  failed(deed: Deed, error: ClusterError): Trouble | undefined {
    this.#hasLasted();
    const isTooOld = deed === "watch" && isGone(error);
    const isPolling = deed === "watch" && isRefused(error);
    // Versions age; only one that is too old right after a list is a failure.
    if (isTooOld && !this.#fresh) this.#version = undefined;
    else this.#pauseMs = Math.max(this.#nextPause(), isPolling ? POLL_MS : 0, wishOf(error));
    if (isTooOld || isPolling || this.#failures >= DOUBTFUL) this.#version = undefined;
    return this.#failures >= PATIENCE ? { deed, error } : undefined;
  }

  async pause(signal: AbortSignal): Promise<void> {
    const pauseMs = this.#pauseMs;
    this.#pauseMs = 0;
    // The delay rejects when the signal ends it; the loop looks at the signal itself.
    if (pauseMs > 0) await delay(pauseMs, undefined, { signal }).catch(() => undefined);
  }

  /** Whether the watch that is over was a healthy one, which ends a row of failures. */
  #hasLasted(): boolean {
    const hasLasted = performance.now() - (this.#openedAt ?? Infinity) >= SHORTEST_WATCH_MS;
    this.#openedAt = undefined;
    if (hasLasted) this.#failures = 0;
    return hasLasted;
  }

  /** Twice as long each time, and never the same for two clients that were cut off at once. */
  #nextPause(): number {
    const longest = Math.min(FIRST_PAUSE_MS * 2 ** this.#failures, LONGEST_PAUSE_MS);
    this.#failures++;
    return (0.5 + Math.random() / 2) * longest;
  }
}

function wishOf({ retryAfterSeconds = 0 }: ClusterError): number {
  return Math.min(retryAfterSeconds * 1_000, LONGEST_WISH_MS);
}
