/** Operations in flight, to be ended when the user interrupts or the engine is gone. */
export interface Interruption {
  /** Runs an operation with a signal that an interruption aborts. */
  during<T>(operation: (signal: AbortSignal) => Promise<T>): Promise<T>;
  readonly interrupt: () => void;
  /** Aborted by the first interruption, for good. */
  readonly interrupted: AbortSignal;
}

/** Interruption of whatever is in flight at the moment; with nothing in flight it does nothing. */
export function interruption(): Interruption {
  const inFlight = new Set<AbortController>();
  const once = new AbortController();
  return {
    interrupted: once.signal,
    during: async (operation) => {
      const controller = new AbortController();
      inFlight.add(controller);
      try {
        return await operation(controller.signal);
      } finally {
        inFlight.delete(controller);
      }
    },
    interrupt: () => {
      once.abort();
      for (const controller of inFlight) controller.abort();
    },
  };
}
