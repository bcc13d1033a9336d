import { setTimeout as delay } from "node:timers/promises";
import { ClusterError, codeOf } from "./errors";

/** A server that has answered before is there or comes back: to start one again, or to move it, takes minutes. */
const PATIENCE_MS = 300_000;
/** One that has never answered may have another address, or be gone for good: that is to be told soon; so is an interrupted operation. */
const SHORT_PATIENCE_MS = 10_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 16_000;
/** A server that asks for more is reported, with what it asks for. */
const LONGEST_WISH_SECONDS = 60;

interface Attempts {
  readonly signal: AbortSignal | undefined;
  /** Whether the server has answered here before, and is worth waiting for. */
  readonly isAwaited: () => boolean;
}

/** How often it has been tried again, and how long was waited for that. */
interface Past {
  readonly count: number;
  readonly waitedMs: number;
  readonly isAwaited: boolean;
}

/** Makes an attempt; makes it again, after a pause, while the reason why it failed is one that passes. */
export async function repeated<T>(
  { signal, isAwaited }: Attempts,
  attempt: (wasRepeated: boolean) => Promise<T>,
): Promise<T> {
  for (let count = 0, waitedMs = 0; ; count++) {
    try {
      return await attempt(count > 0);
    } catch (error) {
      const past = { count, waitedMs, isAwaited: isAwaited() };
      const pause = error instanceof ClusterError ? pauseAfter(error, past) : undefined;
      if (pause === undefined) throw error;
      await delay(pause, undefined, { signal });
      waitedMs += pause;
    }
  }
}

/** Milliseconds after which to try again; undefined when that would not help. */
export function pauseAfter(error: ClusterError, { count, waitedMs, isAwaited }: Past): number | undefined {
  const { retryAfterSeconds: asked = 0 } = error;
  if (!isPassing(error) || asked > LONGEST_WISH_SECONDS) return undefined;
  const pause = Math.max(Math.min(FIRST_PAUSE_MS * 2 ** count, LONGEST_PAUSE_MS), asked * 1_000);
  const patience = isAwaited ? PATIENCE_MS : Math.max(SHORT_PATIENCE_MS, asked * 1_000);
  return waitedMs + pause > patience ? undefined : pause;
}

/** Overloads, and connections that break; a server that does not answer within a minute will not do so the next time. */
function isPassing({ status, retryAfterSeconds, cause }: ClusterError): boolean {
  if (status === 0) return BROKEN.includes(codeOf(cause));
  return OVERLOADED.includes(status) || (status >= 500 && retryAfterSeconds !== undefined);
}

const OVERLOADED = [429, 502, 503, 504];

const BROKEN = [
  "ECONNREFUSED",
  "ECONNRESET",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETDOWN",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
  "UND_ERR_SOCKET",
];
