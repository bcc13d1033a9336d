import type { EventKind } from "../core/status/events";
import type { EventView } from "../core/status/types";
import { isForbidden, messageOf } from "./errors";

/** Lists the events of a kind of objects. */
export type ListEvents = (kind: EventKind) => Promise<readonly EventView[]>;

/** Seconds from one list to the next: a trouble that lasts is asked about less often. */
const FIRST_PAUSE = 4;
const LONGEST_PAUSE = 30;

/** Events for one wait: asked for in the background, so that nothing else has to wait for the answer. */
export interface Inquiry {
  /** Asks for the events of these kinds, unless that was done a moment ago; returns the seconds to the next time. */
  ask(kinds: readonly EventKind[]): number | undefined;
  /** What is known so far. */
  events(): readonly EventView[];
  /** Aborted when an answer has come. */
  arrived(): AbortSignal;
}

interface Asked {
  readonly at: number;
  readonly pause: number;
}

/** Opens an inquiry. `warn` is told once that events cannot be listed: that is no reason to end a wait. */
export function openInquiry(list: ListEvents, warn: (message: string) => void): Inquiry {
  const asked = new Map<EventKind, Asked>();
  const known = new Map<EventKind, readonly EventView[]>();
  const pending = new Set<EventKind>();
  let arrival = new AbortController();
  let warned = false;

  const fetch = async (kind: EventKind): Promise<void> => {
    try {
      known.set(kind, await list(kind));
    } catch (error) {
      // That they may not be listed has been told before the run was made.
      if (!warned && !isForbidden(error))
        warn(`what keeps pods from starting is not shown in full: ${messageOf(error)}`);
      warned = true;
    }
    pending.delete(kind);
    arrival.abort();
    arrival = new AbortController();
  };
  const ask = (kind: EventKind): number => {
    const now = performance.now() / 1_000;
    const { at, pause } = asked.get(kind) ?? { at: -Infinity, pause: FIRST_PAUSE / 2 };
    if (pending.has(kind) || now - at < pause) return Math.max(0.1, pause - (now - at));
    const next = Math.min(LONGEST_PAUSE, pause * 2);
    asked.set(kind, { at: now, pause: next });
    pending.add(kind);
    void fetch(kind);
    return next;
  };
  return {
    ask: (kinds) => {
      // What is over is asked about at once when it comes again.
      for (const kind of asked.keys()) if (!kinds.includes(kind)) asked.delete(kind);
      return kinds.length === 0 ? undefined : Math.min(...kinds.map(ask));
    },
    events: () => [...known.values()].flat(),
    arrived: () => arrival.signal,
  };
}
