import { setTimeout as delay } from "node:timers/promises";
import { ClusterError, codeOf } from "./errors";

const MOST_REPETITIONS = 5;
const FIRST_PAUSE_MS = 250;
/** A server that asks for more is reported, with what it asks for. */
const LONGEST_PAUSE_SECONDS = 60;

/** Makes an attempt; makes it again, after a pause, while the reason why it failed is one that passes. */
export async function repeated<T>(
  signal: AbortSignal | undefined,
  attempt: (wasRepeated: boolean) => Promise<T>,
): Promise<T> {
  for (let count = 0; ; count++) {
    try {
      return await attempt(count > 0);
    } catch (error) {
      const pause = error instanceof ClusterError ? pauseAfter(error, count) : undefined;
      if (pause === undefined) throw error;
      await delay(pause, undefined, { signal });
    }
  }
}

/** Milliseconds after which to try again; undefined when that would not help. */
export function pauseAfter(error: ClusterError, count: number): number | undefined {
  const { retryAfterSeconds: asked } = error;
  if (count >= MOST_REPETITIONS || !isPassing(error) || (asked ?? 0) > LONGEST_PAUSE_SECONDS) return undefined;
  return asked === undefined ? FIRST_PAUSE_MS * 2 ** count : asked * 1_000;
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
